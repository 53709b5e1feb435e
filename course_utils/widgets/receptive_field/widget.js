/** receptive_field(): a unit of a layer, the box of the image that can reach it, and what does. */

import { bytesOf, coloursOf, paint, palette } from "../shared/js/canvas.js";
import { clamp, el, fill, KEEP_KEYS, svg, times } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { mark, Panel, Scale } from "../shared/js/panel.js";

const COLUMNS = ["Layer", "Kernel", "Stride", "Padding", "Dilation", "Output", "Jump", "Receptive field"];
const VIEWS = { network: "A network", stacks: "Small kernels or one large" };
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

class ReceptiveField {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, {
      network: "Network",
      image: "Image",
      layer: "Layer",
      channel: "Channel",
    });
    this.colours = palette(bytesOf(model, "colours"));
    this.build();
    this.frame.listen("change:view", () => this.update());
    this.update();
  }

  build() {
    this.views = this.switch();
    this.network = el("div", { class: "cw-field" }, this.buildMap(), this.buildImage());
    this.readout = el("output", { class: "cw-readout" });
    this.table = new LayerTable((name) => this.chooseLayer(name));
    this.network.append(this.readout, this.table.element);
    this.stacks = new Stacks(this.colours, (depth) => this.frame.ask({ depth }));
    this.frame.controls.before(this.views);
    this.frame.body.append(this.network, this.stacks.element);
    const { network, layer, channel } = this.frame.selects;
    instead(network, (name) => this.frame.ask({ network: name, row: -1, column: -1, channel: -1 }));
    instead(layer, (name) => this.chooseLayer(name));
    instead(channel, (number) => this.frame.ask({ channel: Number(number) }));
  }

  /** Two buttons: a network, or the comparison. */
  switch() {
    const buttons = Object.entries(VIEWS).map(([show, text]) => {
      const button = el("button", { type: "button", value: show, ...KEEP_KEYS }, text);
      button.addEventListener("click", () => this.frame.ask({ show }));
      return button;
    });
    return el("div", { class: "cw-views", role: "group", "aria-label": "What to show" }, ...buttons);
  }

  buildMap() {
    this.map = new Panel("");
    this.map.element.classList.add("cw-units");
    this.mapScale = new Scale();
    this.mapScale.paint(this.colours);
    this.map.element.append(this.mapScale.element);
    const { canvas } = this.map;
    for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) canvas.setAttribute(name, value);
    canvas.addEventListener("pointermove", (event) => this.preview(this.under(event)));
    canvas.addEventListener("pointerleave", () => this.preview(null));
    canvas.addEventListener("click", (event) => this.choose(this.under(event)));
    canvas.addEventListener("keydown", (event) => this.key(event));
    return this.map.element;
  }

  buildImage() {
    this.image = new Panel("");
    this.heat = el("canvas", { class: "cw-heat", "aria-hidden": "true" });
    this.box = el("div", { class: "cw-reach", hidden: "" });
    this.image.frame.append(this.heat, this.box);
    this.image.frame.addEventListener("click", (event) => this.lookAt(event));
    this.heatScale = new Scale();
    this.heatScale.paint(this.colours);
    this.strength = el("input", { type: "range", min: "0", max: "100", value: "75", ...KEEP_KEYS });
    this.strength.addEventListener("input", () => this.fade());
    this.image.element.append(
      el(
        "div",
        { class: "cw-below" },
        el("div", { class: "cw-scale" }, "|d unit / d pixel| ", this.heatScale.element),
        el("label", { class: "cw-slider" }, "Heat map ", this.strength),
      ),
    );
    return this.image.element;
  }

  // --- What the kernel sends ---

  update() {
    const view = this.model.get("view");
    if (view.seq < this.painted) return; // an older answer that came late
    this.painted = view.seq;
    this.view = view;
    this.layers = this.model.get("layers");
    this.layer = this.layers.find(({ name }) => name === view.layer);
    this.frame.update(view, { ...this.frame.commonOptions(), ...this.options() });
    const show = this.model.get("show");
    for (const button of this.views.children) button.setAttribute("aria-pressed", button.value === show);
    this.root.classList.toggle("cw-comparing", show === "stacks");
    this.stacks.show(this.model.get("stacks"));
    this.table.show(this.layers, view.layer);
    this.paintMap();
    this.paintImage();
    if (view.seq >= (this.frame.asked ?? 0) || !this.unit) this.unit = this.shown();
    this.place(this.unit);
    this.root.dataset.seq = view.seq;
  }

  options() {
    const { channels, flat } = this.view;
    const numbers = Array.from({ length: channels }, (_, i) => [String(i), flat ? `unit ${i}` : `channel ${i}`]);
    return {
      layer: this.layers.map(({ name, row }) => [name, `${name} · ${row[5].replaceAll("×", " × ")}`]),
      channel: flat ? numbers : [["-1", `mean of all ${channels}`], ...numbers],
    };
  }

  /** The unit that the kernel's answer is about. */
  shown() {
    const { flat, row, column, channel } = this.view;
    return flat ? this.split(channel) : { row, column };
  }

  paintMap() {
    const { view } = this;
    [this.rows, this.columns] = view.map;
    this.units = this.rows * this.columns;
    if (view.flat) {
      this.columns = this.units <= 16 ? this.units : Math.ceil(Math.sqrt(this.units));
      this.rows = Math.ceil(this.units / this.columns);
    }
    const mean = `mean of ${view.channels} channels`;
    const which = view.flat ? `${this.units} units` : view.channel < 0 ? mean : `channel ${view.channel}`;
    const whose = `${view.layer} of ${view.title} (${view.status}) for ${view.image}`;
    this.map.show(this.columns, this.rows, `Layer ${whose}: ${which}`);
    this.map.caption.textContent = `${view.layer}, ${which}`;
    paintValues(this.map.canvas, floats(this.model, "map"), view, this.colours);
    this.mapScale.show(view);
  }

  paintImage() {
    const { view } = this;
    const [, height, width] = view.input;
    this.image.show(width, height, "");
    paint(this.image.canvas, coloursOf(bytesOf(this.model, "pixels")), height, width);
    [this.heat.width, this.heat.height] = [width, height];
    const gradient = floats(this.model, "heat");
    paintValues(this.heat, gradient, { low: 0, high: view.top }, this.colours, (value) => value > 0);
    this.heatScale.show({ low: 0, high: view.top });
    this.heatScale.high.append(" and more");
  }

  // --- Choosing a unit: the box needs no kernel, the gradient does ---

  split(number) {
    return { row: Math.floor(number / this.columns), column: number % this.columns };
  }

  number({ row, column }) {
    return row * this.columns + column;
  }

  /** The unit under the pointer; null where there is none. */
  under({ clientX, clientY }) {
    const box = this.map.canvas.getBoundingClientRect();
    const row = clamp(Math.floor(((clientY - box.top) / box.height) * this.rows), this.rows);
    const column = clamp(Math.floor(((clientX - box.left) / box.width) * this.columns), this.columns);
    return this.number({ row, column }) < this.units ? { row, column } : null;
  }

  preview(unit) {
    this.readout.setAttribute("aria-live", "off"); // nobody wants every step of a mouse read out
    this.place(unit ?? this.unit);
  }

  choose(unit) {
    if (!unit || this.number(unit) >= this.units) return;
    this.unit = unit;
    this.place(unit);
    this.frame.ask(this.view.flat ? { channel: this.number(unit) } : unit);
  }

  key(event) {
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.readout.setAttribute("aria-live", "polite");
    const [row, column] = [this.unit.row + step[0], this.unit.column + step[1]];
    const unit = { row: clamp(row, this.rows), column: clamp(column, this.columns) };
    if (this.number(unit) !== this.number(this.unit)) this.choose(unit);
  }

  /** A click into the image: the unit that looks there. */
  lookAt({ clientX, clientY }) {
    const { rows, columns } = this.layer;
    if (this.view.flat || !rows) return;
    const box = this.image.canvas.getBoundingClientRect();
    const [, height, width] = this.view.input;
    const [y, x] = [((clientY - box.top) / box.height) * height, ((clientX - box.left) / box.width) * width];
    this.choose({ row: nearestUnit(rows, y, height), column: nearestUnit(columns, x, width) });
  }

  /** Another layer: its unit that looks at the same place of the image. */
  chooseLayer(name) {
    const { rows, columns } = this.layers.find((layer) => layer.name === name);
    const [, height, width] = this.view.input;
    const unit = { row: -1, column: -1 };
    if (rows && this.layer.rows && !this.view.flat) {
      unit.row = nearestUnit(rows, middle(this.layer.rows, this.unit.row), height);
      unit.column = nearestUnit(columns, middle(this.layer.columns, this.unit.column), width);
    }
    this.frame.ask({ layer: name, ...unit, channel: -1 });
  }

  /** Mark a unit, the box of what can reach it, and say both. */
  place(unit) {
    const here = { left: unit.column, top: unit.row, width: 1, height: 1 };
    mark(this.map.mark, here, this.columns, this.rows);
    const [, height, width] = this.view.input;
    const box = this.reach(unit);
    mark(this.box, box, width, height);
    for (const side of ["top", "left", "bottom", "right"]) {
      this.box.classList.toggle(`cw-cut-${side}`, Boolean(box?.cut[side]));
    }
    const stale = this.number(unit) !== this.number(this.shown());
    this.root.classList.toggle("cw-stale", stale);
    this.fade();
    const words = `${this.words(unit)}: ${this.reachInWords(box)}.`;
    this.readout.textContent = stale ? words : `${words} ${this.view.effect}`;
    this.image.caption.textContent = `${this.view.image}, ${times(this.view.input)}`;
    const status = `${this.view.image} as ${this.view.title} (${this.view.status}) sees it`;
    this.image.canvas.setAttribute("aria-label", `${status}; ${this.view.layer}, ${this.readout.textContent}`);
  }

  /** The box inside the image, and which of its sides are cut off; null: not known, or none. */
  reach(unit) {
    const { rows, columns } = this.layer;
    if (!rows) return null;
    const place = this.view.flat ? { row: 0, column: 0 } : unit;
    const [top, bottom] = rows.spans[place.row];
    const [left, right] = columns.spans[place.column];
    if (top === bottom || left === right) return null;
    const [above, below] = cut(rows, place.row);
    const [before, after] = cut(columns, place.column);
    const sides = { top: above, bottom: below, left: before, right: after };
    return { left, top, width: right - left, height: bottom - top, cut: sides };
  }

  words(unit) {
    if (!this.view.flat) return `Row ${unit.row}, column ${unit.column}`;
    const number = this.number(unit);
    return number === this.view.channel ? this.view.unit.replace(/^u/, "U") : `Unit ${number}`;
  }

  reachInWords(box) {
    const { rows, columns, row } = this.layer;
    if (!rows) return "what can reach it is not known, the layers before it do not stand in a row";
    if (row.at(-1) === "whole image") return "the whole image can reach it";
    if (!box) return "no pixel can reach it, it sees padding only";
    const [inside, full] = [`${box.height} × ${box.width}`, `${rows.size} × ${columns.size}`];
    if (!rows.size || !columns.size || inside === full) return `${inside} pixels can reach it`;
    return `${full} pixels can reach it, ${inside} of them inside the image (it is clipped at the border)`;
  }

  fade() {
    const stale = this.root.classList.contains("cw-stale");
    this.heat.style.opacity = (this.strength.value / 100) * (stale ? 0.25 : 1);
  }
}

/** The table of layers: one row is current, a click or Enter chooses another. */
class LayerTable {
  constructor(choose) {
    this.choose = choose;
    this.body = el("tbody");
    const heads = COLUMNS.map((text, i) => el("th", { scope: "col", ...numeric(i) }, text));
    const table = el("table", { class: "cw-table" }, el("thead", {}, el("tr", {}, ...heads)), this.body);
    this.element = el("div", { class: "cw-layers" }, table);
    this.body.addEventListener("keydown", (event) => this.key(event));
  }

  show(layers, current) {
    const names = layers.map(({ name, row }) => `${name} ${row.join()}`).join();
    if (names !== this.names) this.body.replaceChildren(...layers.map((layer) => this.row(layer)));
    this.names = names;
    for (const row of this.body.children) {
      const on = row.dataset.layer === current;
      row.toggleAttribute("aria-current", on);
      if (on) row.setAttribute("aria-current", "true");
      row.querySelector("button").tabIndex = on ? 0 : -1;
      if (on && current !== this.current) this.reveal(row);
    }
    this.current = current;
  }

  row({ name, row }) {
    const button = el("button", { type: "button", ...KEEP_KEYS }, name);
    const cells = row.slice(1).map((value, i) => el("td", numeric(i + 1), value === null ? "–" : String(value)));
    const line = el("tr", { "data-layer": name }, el("th", { scope: "row" }, button), ...cells);
    line.addEventListener("click", () => this.choose(name));
    return line;
  }

  /** Scroll the table, and not the page, so that a row is seen. */
  reveal(row) {
    const { element } = this;
    const [top, bottom] = [row.offsetTop - 2 * row.offsetHeight, row.offsetTop + 2 * row.offsetHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }

  key(event) {
    const rows = [...this.body.children];
    const at = rows.indexOf(event.target.closest("tr"));
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = rows[clamp(to, rows.length)];
    row.querySelector("button").focus({ preventScroll: true });
    this.reveal(row);
  }
}

/** Several small kernels in a row beside one large one. */
class Stacks {
  constructor(colours, choose) {
    this.colours = colours;
    this.depth = el("select", { name: "depth", ...KEEP_KEYS });
    fill(
      this.depth,
      [1, 2, 3, 4, 5, 6, 7].map((n) => [String(n), `${n} of 3×3 or one ${2 * n + 1}×${2 * n + 1}`]),
    );
    this.depth.addEventListener("change", () => choose(Number(this.depth.value)));
    this.plates = [new Panel(""), new Panel("")];
    this.scale = new Scale();
    this.scale.paint(colours);
    this.rows = el("tbody");
    this.profile = el("figure", { class: "cw-profile" });
    const heads = ["", "Receptive field", "Parameters", "Multiply-adds", "ReLUs between", "Effect in the middle"];
    const head = el("tr", {}, ...heads.map((text, i) => el("th", { scope: "col", ...numeric(i) }, text)));
    this.element = el(
      "div",
      { class: "cw-stacks" },
      el("label", { class: "cw-choice" }, el("span", {}, "Kernels"), this.depth),
      el(
        "p",
        {},
        "How much each pixel reaches the unit in the middle: |d unit / d pixel|, the mean over random weights. ",
        "Counted for 64 feature maps of 56 × 56, in and out.",
      ),
      el("div", { class: "cw-pairs" }, ...this.plates.map(({ element }) => element), this.profile),
      el("div", { class: "cw-scale" }, "share of the effect ", this.scale.element),
      el("table", { class: "cw-table" }, el("thead", {}, head), this.rows),
    );
  }

  show(stacks) {
    const strongest = Math.max(...stacks.flatMap(({ effect }) => effect));
    this.depth.value = String(stacks[0].depth);
    stacks.forEach((stack, i) => {
      const { field, name, middle, share } = stack;
      const plate = this.plates[i];
      plate.show(
        field,
        field,
        `Effect of ${field} × ${field} pixels on a unit, ${name}: the middle ${middle} × ${middle} hold ${share}`,
      );
      plate.caption.textContent = name;
      paintValues(plate.canvas, stack.effect, { low: 0, high: strongest }, this.colours);
    });
    this.scale.show({ low: 0, high: strongest });
    this.rows.replaceChildren(...stacks.map((stack) => this.row(stack, stacks[1])));
    this.draw(stacks);
  }

  row({ name, field, parameters, multiply_adds: work, depth, middle, share }, large) {
    const part = (text, n, of) => (n === of ? text : `${text} (${Math.round((100 * n) / of)} %)`);
    const cells = [
      `${field} × ${field}`,
      part(parameters.toLocaleString("en"), parameters, large.parameters),
      part(`${Math.round(work / 1e6).toLocaleString("en")} million`, work, large.multiply_adds),
      String(depth - 1),
      `${share} in ${middle} × ${middle}`,
    ];
    return el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((text) => el("td", numeric(1), text)));
  }

  /** The effect of each column of pixels as two lines. */
  draw(stacks) {
    const { field } = stacks[0];
    const sums = stacks.map(({ effect }) =>
      Array.from({ length: field }, (_, x) => effect.filter((_, i) => i % field === x).reduce((a, b) => a + b)),
    );
    const highest = Math.max(...sums.flat());
    const lines = sums.map((sum, i) => {
      const points = sum.map((share, x) => `${(100 * (x + 0.5)) / field},${60 - (55 * share) / highest}`);
      return svg("polyline", { points: points.join(" "), class: `cw-line-${i}` });
    });
    const text = stacks.map(
      ({ name }, i) => `${name}: ${percentOf(Math.max(...sums[i]))} at most, ${percentOf(sums[i][0])} at the edge`,
    );
    const drawing = svg(
      "svg",
      {
        viewBox: "0 0 100 60",
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": `Effect by column of pixels. ${text.join("; ")}`,
      },
      ...lines,
    );
    this.profile.replaceChildren(
      el("figcaption", { class: "cw-caption" }, "Effect by column of pixels"),
      drawing,
      el("ul", { class: "cw-legend" }, ...text.map((words, i) => el("li", { class: `cw-key-${i}` }, words))),
    );
  }
}

/** Choose by `act` instead of by the trait that a list is named after. */
function instead(select, act) {
  const act_ = (event) => {
    event.stopImmediatePropagation();
    act(select.value);
  };
  select.addEventListener("change", act_, { capture: true });
}

const percentOf = (share) => `${(100 * share).toFixed(1)} %`;
const numeric = (column) => (column > 0 ? { class: "cw-number" } : {});

/** float32 bytes of a trait as numbers. */
const floats = (model, name) => new Float32Array(bytesOf(model, name).slice().buffer);

/** Values on a scale in the colours of all feature maps; transparent where `seen` says no. */
function paintValues(canvas, values, { low, high }, colours, seen = () => true) {
  const image = new ImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const scale = high > low ? 255 / (high - low) : 0;
  values.forEach((value, i) => {
    if (seen(value)) pixels[i] = colours[clamp(Math.floor((value - low) * scale + 0.5), 256)];
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** The pixel in the middle of what a unit can see, along one side. */
function middle({ size, jump, start, spans }, unit) {
  return size ? start + unit * jump + size / 2 : (spans[unit][0] + spans[unit][1]) / 2;
}

/** The unit that looks at a pixel, along one side. */
function nearestUnit({ size, jump, start, spans }, pixel, pixels) {
  const unit = size ? Math.round((pixel - start - size / 2) / jump) : Math.floor((pixel / pixels) * spans.length);
  return clamp(unit, spans.length);
}

/** Is the box of a unit cut off [before its first pixel, after its last one]? */
function cut({ size, jump, start, spans }, unit) {
  if (!size) return [false, false];
  const first = start + unit * jump;
  return [first < spans[unit][0], first + size > spans[unit][1]];
}

export default {
  render(context) {
    const field = new ReceptiveField(context);
    return () => field.frame.close();
  },
};
