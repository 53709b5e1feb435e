/** A network as a row of boxes, in the order of its forward pass; one of them is chosen. */

import { clamp, el, short, svg } from "../shared/js/dom.js";
import { takeKeys } from "../shared/js/pointer.js";

const DRAWN = { conv: "conv", pool: "pool", avgpool: "pool", fc: "fc" };
const THIN = new Set(["relu", "tanh", "sigmoid", "norm", "dropout", "flatten", "identity"]);
const TALL = 84; // units of the drawing, 16 of them as high as a line of type
const SLAT = 6;
const GAP = 3;
const MARGIN = 22; // half a name
const WIDE = 530; // what a narrow window shows without scrolling

/** Height: side of a map, to scale. Width: the square root of the number of channels. */
export class Diagram {
  constructor(choose) {
    this.choose = choose;
    this.id = `cw-diagram-${Math.random().toString(36).slice(2)}`; // each widget has a module of its own
    this.drawing = svg("svg", { role: "listbox", "aria-orientation": "horizontal" });
    this.facts = el("output", { class: "cw-facts-line" });
    this.scroll = el("div", { class: "cw-scroll" }, this.drawing);
    this.element = el("section", { class: "cw-diagram" }, this.scroll, this.facts);
    takeKeys(this.drawing, (key) => this.key(key));
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
    if (layers !== this.layers) this.draw(title, layers, input);
    this.mark(layers.findIndex(({ name }) => name === layer));
  }

  draw(title, layers, input) {
    this.title = title;
    this.layers = layers;
    this.drawing.setAttribute("aria-label", `Layers of ${title}`);
    const tallest = Math.max(input[1], ...layers.map(({ size }) => (size.length > 1 ? size.at(-2) : 1)));
    const all = [{ kind: "input", size: input }, ...layers].map(({ kind, size }) => ({
      thin: THIN.has(kind),
      colour: kind === "input" ? kind : (DRAWN[kind] ?? "other"),
      ...extentOf(size, tallest, THIN.has(kind)),
      x: 0,
    }));
    const room = all.reduce((sum, { width }) => sum + width + GAP, 0);
    const wider = Math.min(5, Math.max(1, WIDE / room)); // a small network fills the row, too
    let x = MARGIN;
    for (const box of all) {
      box.width *= wider;
      box.x = x;
      x += box.width + GAP * wider;
    }
    const [image, ...boxes] = all;
    this.boxes = boxes.map((box, i) => this.option(box, layers[i], i));
    this.names = boxes.map((box, i) => ({ ...box, half: layers[i].name.length * 4.7, middle: middleOf(box) }));
    const line = svg("line", { class: "cw-line", x1: MARGIN, x2: x, y1: TALL / 2, y2: TALL / 2 });
    const [width, height] = [x + MARGIN, TALL + 26];
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.style.width = `${width / 16}em`;
    this.drawing.style.height = `${height / 16}em`;
    this.drawing.replaceChildren(line, drawnBox(image), ...this.boxes);
  }

  /** A layer: what one clicks, its box, its name. */
  option(box, { name, shape }, i) {
    const target = { class: "cw-target", x: box.x - 2, y: 0, width: box.width + 4, height: TALL + 24 };
    const label = svg("text", { x: middleOf(box), y: TALL + 19, "text-anchor": "middle" }, name);
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
    this.reveal();
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

  /** Scroll the row, and nothing but the row, until the chosen box is in it. */
  reveal() {
    const box = this.boxes[this.chosen]?.getBoundingClientRect();
    const window = this.scroll.getBoundingClientRect();
    if (!box?.width || (box.left >= window.left && box.right <= window.right)) return;
    this.scroll.scrollLeft += box.left + box.width / 2 - window.left - window.width / 2;
  }

  say(i) {
    const layer = this.layers[i];
    if (layer) this.facts.textContent = `${this.title} · ${inWords(layer)}`;
  }

  key(key) {
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
