/** A network as a row of boxes, in the order of its forward pass, as wide as there is room; one is chosen. */

import { clamp, el, short, svg } from "../shared/js/dom.js";
import { takeKeys } from "../shared/js/pointer.js";

const DRAWN = { conv: "conv", pool: "pool", avgpool: "pool", fc: "fc" };
const THIN = new Set(["relu", "tanh", "sigmoid", "norm", "dropout", "flatten", "identity"]);
const TALL = 60; // units of the drawing, 16 of them as high as the type
const SLAT = 6;
const GAP = 3;
const MARGIN = 3; // for the frame of the choice
const WIDEST = 6; // a small network fills the row by boxes up to so many times as wide, and by gaps
const KEY = "Fully connected: 10 units ¼ of the height, 1,000 ¾";

/** Height: side of a map, to scale. Width: the square root of the number of channels. */
export class Diagram {
  constructor(choose) {
    this.choose = choose;
    this.id = `cw-diagram-${Math.random().toString(36).slice(2)}`; // each widget has a module of its own
    this.drawing = svg("svg", { role: "listbox", "aria-orientation": "horizontal" });
    this.facts = el("output", { class: "cw-facts-line" });
    this.key = el("span", { class: "cw-key" }, KEY);
    const below = el("div", { class: "cw-below" }, this.facts, this.key);
    this.element = el("section", { class: "cw-diagram" }, this.drawing, below);
    this.width = 0;
    new ResizeObserver(() => this.resize()).observe(this.element);
    takeKeys(this.drawing, (key) => this.step(key));
    /** @param {any} event */
    const under = ({ target }) => this.boxes.indexOf(target.closest("[role=option]"));
    this.drawing.addEventListener("click", (event) => {
      const i = under(event);
      if (i >= 0) this.choose(this.layers[i].name);
    });
    this.drawing.addEventListener("pointerover", (event) => {
      const i = under(event);
      this.say(i >= 0 ? i : this.chosen);
    });
    this.drawing.addEventListener("pointerleave", () => this.say(this.chosen));
  }

  /** title: the network's; layers: as the kernel describes them; input: the image's shape. */
  show(title, layers, input, layer) {
    if (layers !== this.layers) {
      this.title = title;
      this.layers = layers;
      this.input = input;
      this.draw();
    }
    this.mark(layers.findIndex(({ name }) => name === layer));
  }

  /** Draw anew if there is more room or less than before, in lines of type. */
  resize() {
    const width = (16 * this.drawing.clientWidth) / parseFloat(getComputedStyle(this.drawing).fontSize);
    if (!this.layers || !width || Math.abs(width - this.width) < 1) return;
    this.width = width;
    this.draw();
    this.mark(this.chosen);
  }

  draw() {
    const { title, layers, input } = this;
    const width = this.width || 900; // until it is known
    this.drawing.setAttribute("aria-label", `Layers of ${title}`);
    this.key.hidden = layers.every(({ size }) => size.length > 1);
    const tallest = Math.max(input[1], ...layers.map(({ size }) => (size.length > 1 ? size.at(-2) : 1)));
    const all = [{ kind: "input", size: input }, ...layers].map(({ kind, size }) => ({
      thin: THIN.has(kind),
      colour: kind === "input" ? kind : (DRAWN[kind] ?? "other"),
      ...extentOf(size, tallest, THIN.has(kind)),
      x: 0,
    }));
    inARow(all, width);
    const [image, ...boxes] = all;
    this.names = boxes.map((box, i) => {
      const half = layers[i].name.length * 5.3;
      return { half, middle: Math.max(half, Math.min(width - half, middleOf(box))), thin: box.thin };
    });
    this.boxes = boxes.map((box, i) => this.option(box, layers[i], i));
    const line = svg("line", { class: "cw-line", x1: MARGIN, x2: width - MARGIN, y1: TALL / 2, y2: TALL / 2 });
    this.drawing.setAttribute("viewBox", `0 -2 ${width} ${TALL + 24}`);
    this.drawing.replaceChildren(line, drawnBox(image), ...this.boxes);
  }

  /** A layer: what one clicks, its box, its name. */
  option(box, { name, shape }, i) {
    const target = { class: "cw-target", x: box.x - 1.5, y: 0, width: box.width + 3, height: TALL };
    const label = svg("text", { x: this.names[i].middle, y: TALL + 17, "text-anchor": "middle" }, name);
    return svg(
      "g",
      { role: "option", id: `${this.id}-${i}`, "aria-label": `${name}: ${shape}` },
      svg("rect", target),
      drawnBox(box),
      label,
    );
  }

  mark(chosen) {
    this.boxes.forEach((box, i) => box.setAttribute("aria-selected", String(i === chosen)));
    this.drawing.setAttribute("aria-activedescendant", `${this.id}-${chosen}`);
    this.chosen = chosen;
    this.nameBoxes();
    this.say(chosen);
  }

  /** The names for which there is room: that of the chosen box in any case. */
  nameBoxes() {
    const one = this.names[this.chosen];
    let free = 0;
    this.names.forEach(({ middle, half, thin }, i) => {
      const apart = !one || Math.abs(middle - one.middle) > half + one.half + 4;
      const shown = i === this.chosen || (!thin && apart && middle - half >= free);
      if (shown) free = middle + half + 4;
      this.boxes[i].lastElementChild.classList.toggle("cw-spare", !shown);
    });
  }

  say(i) {
    const layer = this.layers[i];
    if (layer) this.facts.textContent = inWords(layer);
  }

  step(key) {
    const last = this.layers.length - 1;
    const steps = { ArrowRight: this.chosen + 1, ArrowLeft: this.chosen - 1, Home: 0, End: last };
    if (!(key in steps)) return false;
    this.choose(this.layers[clamp(steps[key], last + 1)].name);
    return true;
  }
}

/** Width and height of a box. Single units: 10 a quarter of the height, 1000 three quarters. */
function extentOf(size, tallest, thin) {
  const height = size.length > 1 ? (TALL * size.at(-2)) / tallest : TALL * 0.25 * Math.log10(size[0] ?? 1);
  const width = thin ? SLAT : size.length > 2 ? 5 + Math.sqrt(size[0]) : 10;
  return { width, height: Math.max(4, Math.min(TALL, height)) };
}

/** Give boxes their place in a row of this width: wider, narrower or farther apart, until they fill it. */
function inARow(boxes, width) {
  const room = width - 2 * MARGIN;
  const natural = boxes.reduce((sum, box) => sum + box.width, 0);
  const wider = Math.min(WIDEST, room / (natural + GAP * (boxes.length - 1)));
  const gap = Math.min(40, (room - natural * wider) / (boxes.length - 1));
  let x = MARGIN;
  for (const box of boxes) {
    box.width *= wider;
    box.x = x;
    x += box.width + gap;
  }
}

const middleOf = ({ x, width }) => x + width / 2;

function drawnBox({ x, width, height, colour, thin }) {
  const look = `cw-box cw-${colour}${thin ? " cw-thin" : ""}`;
  return svg("rect", { class: look, x, y: (TALL - height) / 2, width, height });
}

/** "conv2: 192 × 27 × 27, 307,392 parameters, 224 million multiply-adds" */
function inWords({ name, shape, parameters, multiply_adds: work }) {
  const parts = [`${name}: ${shape}`];
  if (parameters === null) parts.push("its cost cannot be counted");
  else parts.push(parameters ? `${parameters.toLocaleString("en")} parameters` : "no parameters");
  if (work) parts.push(`${inMillions(work)} multiply-adds`);
  return parts.join(" · ");
}

const inMillions = (n) =>
  n >= 1e9 ? `${short(n / 1e9)} billion` : n >= 1e6 ? `${short(n / 1e6)} million` : n.toLocaleString("en");
