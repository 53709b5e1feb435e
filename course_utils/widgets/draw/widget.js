/** draw(): write a digit, and watch every layer read it. */

import { ARROWS, byLevel, bytesOf, coloursOf, GREYS, Grid } from "../shared/js/canvas.js";
import { button, el, fill, input, labelled, list, listenTo, pair, times } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { Panel } from "../shared/js/panel.js";
import { placeOf, takeKeys } from "../shared/js/pointer.js";
import { Strokes } from "./strokes.js";

const PAD = 448; // pixels of the canvas that one draws on
const STEP = 1 / 28; // how far an arrow key moves the pen: a pixel of the digit
const SIDE = 28;
const PACE = 80; // ms between two requests while the pen draws: when it lifts, none is under way, as a rule
const TELL = "Draw with mouse, finger or pen. Keys: arrows move the pen, Space puts it down and lifts it.";

class Draw {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.strokes = new Strokes();
    this.layers = [];
    this.next = 0; // when the next request may go
    this.frame = new Frame(model, root, "draw", { network: "Network" });
    this.colours = coloursOf(bytesOf(model, "colours"));
    this.makeControls();
    this.makePad();
    this.seen = new Panel("What the network gets");
    this.seen.element.classList.add("cw-seen", "cw-grow");
    this.nearest = new Panel("Nearest in MNIST, pixel by pixel");
    this.names = el("div", { class: "cw-names" });
    this.alike = el("section", { class: "cw-nearest" }, this.nearest.element, this.names);
    this.maps = el("div", { class: "cw-maps", role: "group", "aria-label": "Maps of each layer" });
    this.heading = el("h4", {}, "Probabilities");
    this.rows = Array.from({ length: 10 }, (_, digit) => digitRow(digit));
    this.list = el("ol", { class: "cw-digits cw-answer" }, ...this.rows.map(([row]) => row));
    const left = el("section", { class: "cw-grow" }, this.pad, this.hands);
    const switches = [
      el("label", { class: "cw-slider" }, this.centred, "centred as in MNIST"),
      el("label", { class: "cw-slider" }, this.similar, "nearest in MNIST"),
    ];
    const middle = el("section", { class: "cw-grow" }, this.maps, this.alike);
    const right = el("section", { class: "cw-grow" }, this.heading, this.list, this.seen.element, ...switches);
    this.frame.body.classList.add("cw-draw", "cw-grow");
    this.frame.body.append(left, middle, right, el("p", { class: "cw-does cw-aside" }, TELL));
    this.frame.views((view) => this.show(view));
    this.frame.listen("change:strokes", () => this.follow());
    this.frame.listen("change:line", () => this.paintPad());
    this.frame.listen("change:kept", () => (this.said.textContent = model.get("kept")));
  }

  // --- Controls ---

  makeControls() {
    const { model, frame } = this;
    this.example = list("example", (name) => name && frame.ask({ example: name }));
    fill(this.example, [pair("", "your own"), ...model.get("examples").map((name) => pair(name))]);
    const line = { type: "range", min: 0.03, max: 0.2, step: 0.01, "aria-label": "Line width" };
    this.line = input(line, ({ value }) => frame.ask({ line: Number(value) }), "input");
    this.centred = input({ type: "checkbox" }, ({ checked }) => frame.ask({ centred: checked }));
    this.similar = input({ type: "checkbox" }, ({ checked }) => frame.ask({ nearest: checked }));
    frame.controls.append(labelled("Example", this.example), labelled("Line", this.line));
  }

  makePad() {
    this.canvas = el("canvas", { width: PAD, height: PAD, role: "application" });
    const area = el("div", { class: "cw-area" }, el("div", { class: "cw-frame" }, this.canvas));
    this.pad = el("figure", { class: "cw-pad cw-grow" }, area);
    this.true = list("label", () => {});
    fill(
      this.true,
      Array.from({ length: 10 }, (_, digit) => pair(String(digit))),
    );
    this.true.setAttribute("aria-label", "What it is");
    const keep = button("Keep as", () => this.model.send({ keep: Number(this.true.value) }));
    this.said = el("output", {});
    this.hands = el(
      "div",
      { class: "cw-hands" },
      button("Undo", () => this.change(() => this.strokes.undo())),
      button("Clear", () => this.change(() => this.strokes.clear())),
      el("span", { class: "cw-slider" }, keep, this.true),
      this.said,
    );
    const place = (event) => inside(placeOf(this.canvas, event));
    listenTo(this.canvas, "pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.change(() => this.begin(place(event)), true);
    });
    listenTo(this.canvas, "pointermove", (event) => {
      if (!this.strokes.down || !event.buttons) return;
      const events = event.getCoalescedEvents?.() ?? [];
      this.change(() => [...events, event].forEach((one) => this.strokes.go(place(one))), true);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      listenTo(this.canvas, end, () => this.strokes.down && this.lift());
    }
    takeKeys(this.canvas, (key) => this.key(key));
  }

  /** A stroke begins; the first of one's own takes the place of an example. */
  begin(point) {
    if (this.model.get("example")) this.strokes.clear();
    this.strokes.begin(point);
  }

  key(key) {
    if (key === " ") {
      const { down, pen } = this.strokes;
      if (down) this.lift();
      else this.change(() => this.begin(pen), true);
      this.said.textContent = `Pen ${down ? "up" : "down"}.`;
    } else if (key === "Backspace") this.change(() => this.strokes.undo());
    else if (ARROWS[key]) {
      const [x, y] = this.strokes.pen;
      const [down, right] = ARROWS[key];
      this.strokes.pen = inside([x + right * STEP, y + down * STEP]);
      if (this.strokes.down) this.change(() => this.strokes.go(this.strokes.pen), true);
      this.paintPad();
    } else return false;
    return true;
  }

  // --- To the kernel: one request at a time while the pen draws, the newest strokes with each ---

  /** Change the strokes, paint them, and have them read. drawing: the pen is down. */
  change(act, drawing = false) {
    act();
    this.paintPad();
    this.changed = true;
    this.drawing = drawing;
    this.send();
  }

  /** The pen goes up: what has been sent already need not be read once more. */
  lift() {
    this.strokes.lift();
    this.drawing = false;
    this.paintPad();
    this.send();
    this.settle();
  }

  /** All is read: now the nearest digits, to find which takes longer than to read one. */
  settle() {
    const { model, strokes, frame } = this;
    if (strokes.down || this.changed || frame.pending(model.get("view"))) return;
    if (model.get("nearest") && model.get("drawing")) frame.ask({ drawing: false });
  }

  send() {
    clearTimeout(this.timer);
    if (!this.changed || (this.drawing && this.frame.pending(this.model.get("view")))) return;
    const rest = this.drawing ? this.next - performance.now() : 0;
    if (rest > 0) {
      this.timer = setTimeout(() => this.send(), rest);
      return;
    }
    this.next = performance.now() + PACE;
    this.changed = false;
    if (this.frame.gone) return;
    const drawing = this.drawing || this.model.get("nearest");
    this.ask({ strokes: this.strokes.copy(), drawing, example: "" });
  }

  /** As the frame asks, but JupyterLab does not hold it back while an earlier change is under way. */
  ask(choice) {
    this.frame.wait("Computing…");
    const all = { ...choice, seq: this.frame.asked };
    for (const [name, value] of Object.entries(all)) this.model.set(name, value);
    this.model.send({ set: all });
  }

  /** Strokes that the kernel set: an example, a scene. */
  follow() {
    if (this.strokes.down || this.changed) return;
    this.strokes.all = structuredClone(this.model.get("strokes"));
    this.paintPad();
  }

  // --- What is shown ---

  paintPad() {
    const context = this.canvas.getContext("2d");
    context.fillStyle = "#000";
    context.fillRect(0, 0, PAD, PAD);
    context.strokeStyle = context.fillStyle = "#fff";
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = this.model.get("line") * PAD;
    for (const stroke of this.strokes.all) {
      context.beginPath();
      for (const [x, y] of [stroke[0], ...stroke]) context.lineTo(x * PAD, y * PAD);
      context.stroke();
    }
    if (!this.canvas.matches(":focus-visible")) return;
    const [x, y] = this.strokes.pen; // where the keys are
    context.lineWidth = 3;
    context.strokeStyle = this.strokes.down ? "#ff8a3d" : "#56b4e9";
    context.strokeRect(x * PAD - 9, y * PAD - 9, 18, 18);
  }

  show(view) {
    const { model } = this;
    this.frame.update(view, { network: this.frame.commonOptions().network });
    if (!this.frame.pending(view)) {
      this.example.value = model.get("example");
      this.line.value = model.get("line");
      this.centred.checked = model.get("centred");
      this.similar.checked = model.get("nearest");
      this.follow();
    }
    this.canvas.setAttribute("aria-label", `Pad to draw on. ${view.description}. ${TELL}`);
    const pixels = bytesOf(model, "pixels");
    this.seen.paint(new Grid(1, SIDE, SIDE), () => byLevel(pixels, GREYS), `the network gets ${SIDE} × ${SIDE} pixels`);
    this.showLayers(view);
    this.showShares(view);
    this.showNearest(view);
    this.send(); // what was drawn meanwhile
    this.settle();
  }

  showLayers({ layers }) {
    const names = layers.map(({ name, shape }) => `${name} ${shape}`).join();
    if (names !== this.shown) {
      this.shown = names;
      this.layers = layers.map(({ name, shape }) => layerPanel(name, shape));
      this.maps.replaceChildren(...this.layers.map(({ element }) => element));
      // as wide as all of them fit: how high they are together, for each unit of width
      const maps = this.layers.filter(({ grid }) => grid.rows > 1);
      const high = maps.reduce((sum, { grid }) => sum + grid.height / grid.width, 0);
      this.maps.style.setProperty("--high", String(high || 0.01));
      this.maps.style.setProperty("--layers", String(layers.length));
    }
    const levels = bytesOf(this.model, "maps");
    let from = 0;
    for (const { panel, grid, text } of this.layers) {
      const size = grid.rows * grid.columns;
      const start = from;
      const part = (tile) => levels.subarray(start + tile * size, start + (tile + 1) * size);
      panel.paint(grid, (tile) => byLevel(part(tile), this.colours), text);
      from += grid.count * size;
    }
  }

  showShares({ shares, empty, trained }) {
    const best = shares.indexOf(Math.max(...shares));
    this.root.classList.toggle("cw-random", !trained);
    shares.forEach((share, digit) => {
      const [row, bar, text] = this.rows[digit];
      bar.style.setProperty("--share", String(empty ? 0 : share));
      text.textContent = empty ? "" : `${Math.round(100 * share)} %`;
      row.setAttribute("aria-current", String(!empty && digit === best));
    });
  }

  showNearest({ labels }) {
    this.alike.hidden = !labels.length;
    if (!labels.length) return;
    const pixels = bytesOf(this.model, "neighbours");
    const size = SIDE * SIDE;
    const tile = (i) => byLevel(pixels.subarray(i * size, (i + 1) * size), GREYS);
    const text = `digits of MNIST most like yours, pixel by pixel: ${labels.join(", ")}`;
    this.nearest.paint(new Grid(labels.length, SIDE, SIDE, labels.length, 2), tile, text);
    this.names.replaceChildren(...labels.map((label) => el("span", {}, String(label))));
  }
}

/** The nearest point of the pad. @returns {[number, number]} */
const inside = ([x, y]) => [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];

/** A digit with its bar and its probability: the row, and both. */
function digitRow(digit) {
  const [bar, text] = [el("span", { class: "cw-bar" }), el("span", { class: "cw-share" })];
  return [el("li", {}, String(digit), bar, text), bar, text];
}

/** The panel of a layer: its maps side by side; single units as one row. */
function layerPanel(name, [channels, rows, columns]) {
  const units = rows * columns === 1;
  const across = units ? channels : Math.min(channels, 8);
  const grid = new Grid(channels, rows, columns, across, units ? 0 : 1);
  const panel = new Panel(name);
  panel.element.title = `${name}: ${times([channels, rows, columns])}; white is 0, red above, blue below`;
  const element = el("div", { class: units ? "cw-layer cw-units" : "cw-layer" }, panel.element);
  return { panel, grid, element, text: `${name}, ${times([channels, rows, columns])}` };
}

export default {
  render(context) {
    const { frame } = new Draw(context);
    return () => frame.close();
  },
};
