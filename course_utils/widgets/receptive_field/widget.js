/** receptive_field(): a unit of a layer, the box of the image that can reach it, and what does. */

import {
  ARROWS,
  bytesOf,
  coloursOf,
  floatsOf,
  Grid,
  mapColours,
  onScale,
  paint,
  scaleOf,
} from "../shared/js/canvas.js";
import { clamp, el, fill, input, labelled, list, pair, times } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { mark, Panel, Scale } from "../shared/js/panel.js";
import { interactive } from "../shared/js/pointer.js";
import { LayerTable } from "./layers.js";
import { Stacks } from "./stacks.js";
import { boxOf, inWords, middle, nearestUnit } from "./units.js";

const LISTS = { network: "Network", image: "Image", layer: "Layer", channel: "Channel" };
const VIEWS = { network: "a network", stacks: "small kernels or one large" };
const SIDES = ["top", "left", "bottom", "right"];

class ReceptiveField {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "receptive-field", LISTS);
    this.mapColours = mapColours(model);
    this.colours = this.mapColours.plain;
    this.views = list("show", (show) => this.frame.ask({ show }));
    fill(this.views, Object.entries(VIEWS));
    this.readout = el("output", { class: "cw-readout" });
    this.table = new LayerTable((name) => this.chooseLayer(name));
    const line = el("div", { class: "cw-line" }, this.readout, this.table.button);
    const parts = [this.buildMap(), this.buildImage(), line, this.table.element];
    this.stacks = new Stacks(this.colours, (depth) => this.frame.ask({ depth }));
    this.strength = input({ type: "range", min: 0, max: 100, value: 75 }, () => this.fade(), "input");
    const both = [labelled("Show", this.views), this.stacks.choice];
    for (const choice of both) choice.classList.add("cw-both");
    this.frame.controls.prepend(...both);
    this.frame.controls.append(labelled("Influence", this.strength));
    this.frame.body.classList.add("cw-grow");
    this.frame.body.append(el("div", { class: "cw-field cw-grow" }, ...parts), this.stacks.element);
    const { network, layer, channel } = this.frame.selects;
    instead(network, (name) => this.frame.ask({ network: name, row: -1, column: -1, channel: -1 }));
    instead(layer, (name) => this.chooseLayer(name));
    instead(channel, (number) => this.frame.ask({ channel: Number(number) }));
    this.frame.views((view) => this.show(view));
  }

  buildMap() {
    this.map = new Panel();
    this.map.element.classList.add("cw-units", "cw-grow");
    this.mapScale = new Scale();
    this.map.caption.after(this.mapScale.element);
    interactive(this.map.canvas, {
      point: (x, y) => this.preview(this.under(x, y)),
      leave: () => this.preview(null),
      press: (x, y) => this.choose(this.under(x, y)),
      key: (key) => this.key(key),
    });
    return this.map.element;
  }

  buildImage() {
    this.image = new Panel();
    this.heat = el("canvas", { class: "cw-heat", "aria-hidden": "true" });
    this.box = el("div", { class: "cw-reach", hidden: "" });
    this.image.frame.append(this.heat, this.box);
    interactive(this.image.canvas, { press: (x, y) => this.lookAt(x, y) });
    this.heatScale = new Scale();
    this.heatScale.paint(this.colours);
    this.image.caption.after(this.heatScale.element);
    this.image.element.classList.add("cw-grow");
    this.image.element.title = "how strongly each pixel changes the value";
    return this.image.element;
  }

  // --- What the kernel sends ---

  show(view) {
    this.view = view;
    this.layers = this.model.get("layers");
    this.layer = this.layers.find(({ name }) => name === view.layer);
    this.frame.update(view, { ...this.frame.commonOptions(), ...this.options() });
    const show = this.model.get("show");
    this.views.value = show;
    this.root.classList.toggle("cw-comparing", show === "stacks");
    this.stacks.show(this.model.get("stacks"));
    this.table.show(this.layers, view.layer);
    this.paintMap();
    this.paintImage();
    if (!this.frame.pending(view) || !this.unit) this.unit = this.shown();
    this.place(this.unit);
  }

  options() {
    const { channels, flat } = this.view;
    const name = flat ? "unit" : "channel";
    const numbers = Array.from({ length: channels }, (_, i) => pair(String(i), `${name} ${i}`));
    return {
      layer: this.layers.map(({ name, row }) => pair(name, `${name} · ${row[5].replaceAll("×", " × ")}`)),
      channel: flat ? numbers : [pair("-1", `mean of all ${channels}`), ...numbers],
    };
  }

  /** The unit that the kernel's answer is about. */
  shown() {
    const { flat, row, column, channel } = this.view;
    if (!flat) return { row, column };
    return { row: Math.floor(channel / this.columns), column: channel % this.columns };
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
    const text = `Layer ${view.layer} of ${view.title} (${view.status}) for ${view.image}: ${which}`;
    const { ends, colours } = scaleOf(view, this.mapColours);
    const painted = onScale(floatsOf(this.model, "map"), ends, colours);
    this.map.paint(new Grid(1, this.rows, this.columns), () => painted, text);
    this.map.caption.textContent = `${view.layer}, ${which}`;
    this.mapScale.paint(colours);
    this.mapScale.show(ends);
  }

  paintImage() {
    const { input: shape, top } = this.view;
    const [, height, width] = shape;
    const pixels = coloursOf(bytesOf(this.model, "pixels"));
    this.image.paint(new Grid(1, height, width), () => pixels, "");
    const gradient = floatsOf(this.model, "heat");
    const scale = { low: 0, high: top };
    const painted = onScale(gradient, scale, this.colours).map((colour, i) => (gradient[i] > 0 ? colour : 0));
    paint(this.heat, painted, height, width);
    this.heatScale.show(scale);
    this.heatScale.high.append("+"); // what is above has its colour
  }

  // --- Choosing a unit: the box needs no kernel, the gradient does ---

  number({ row, column }) {
    return row * this.columns + column;
  }

  /** The unit at a place of the map; null where there is none. */
  under(x, y) {
    const unit = { row: clamp(Math.floor(y), this.rows), column: clamp(Math.floor(x), this.columns) };
    return this.number(unit) < this.units ? unit : null;
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

  key(key) {
    const step = ARROWS[key];
    if (!step) return false;
    this.readout.setAttribute("aria-live", "polite");
    const [row, column] = [this.unit.row + step[0], this.unit.column + step[1]];
    const unit = { row: clamp(row, this.rows), column: clamp(column, this.columns) };
    if (this.number(unit) !== this.number(this.unit)) this.choose(unit);
    return true;
  }

  /** A click into the image: the unit that looks there. */
  lookAt(x, y) {
    const { rows, columns } = this.layer;
    if (this.view.flat || !rows) return;
    const [, height, width] = this.view.input;
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
    const { view } = this;
    const here = { left: unit.column, top: unit.row, width: 1, height: 1 };
    mark(this.map.mark, here, this.columns, this.rows);
    const [, height, width] = view.input;
    const box = boxOf(this.layer, view.flat ? { row: 0, column: 0 } : unit);
    mark(this.box, box, width, height);
    for (const side of SIDES) this.box.classList.toggle(`cw-cut-${side}`, Boolean(box?.cut[side]));
    const stale = this.number(unit) !== this.number(this.shown());
    this.root.classList.toggle("cw-stale", stale);
    this.fade();
    const words = `${this.words(unit)}: ${inWords(this.layer, box)}.`;
    this.readout.textContent = stale ? words : `${words} ${view.effect}`;
    this.image.caption.textContent = `${view.image}, ${times(view.input)}: influence`;
    const status = `${view.image} as ${view.title} (${view.status}) sees it`;
    this.image.canvas.setAttribute("aria-label", `${status}; ${view.layer}, ${this.readout.textContent}`);
  }

  words(unit) {
    if (!this.view.flat) return `Row ${unit.row}, column ${unit.column}`;
    const number = this.number(unit);
    return number === this.view.channel ? this.view.unit.replace(/^u/, "U") : `Unit ${number}`;
  }

  fade() {
    const stale = this.root.classList.contains("cw-stale");
    this.heat.style.opacity = String((Number(this.strength.value) / 100) * (stale ? 0.25 : 1));
  }
}

/** Choose by `act` instead of by the trait that a list is named after. */
function instead(select, act) {
  const choose = (event) => {
    event.stopImmediatePropagation();
    act(select.value);
  };
  select.addEventListener("change", choose, { capture: true });
}

export default {
  render(context) {
    const { frame } = new ReceptiveField(context);
    return () => frame.close();
  },
};
