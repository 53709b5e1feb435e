/**
 * convolve(): a kernel moves over an image, and every product of every sum is there to read.
 * The page does the sums itself: the kernel (of Python) is asked for images and weights only.
 */

import { bytesOf, floatsOf, mapColours } from "../shared/js/canvas.js";
import { clamp, el, extent, fill, input, labelled, list, pair } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { mark } from "../shared/js/panel.js";
import { SumView } from "./sum_view.js";
import { fits, outputs, shown, sidesInWords, sidesOf } from "./sums.js";
import { ChannelsView, InputView, OutputView } from "./views.js";

const LISTS = { size: "Size", channels: "Channels", longest: "Pixels" };
const SETTINGS = ["stride", "padding", "dilation"];
const LONGEST = [16, 32, 48, 64, 96, 128]; // pixels
const HINT = "Drag the window, or use the arrow keys.";

export class Convolve {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "convolve", { image: "Image", kernel: "Kernel", network: "Network" });
    const signed = bytesOf(model, "signed");
    this.tints = Array.from({ length: 256 }, (_, i) => `rgb(${signed.subarray(3 * i, 3 * i + 3).join()})`);
    this.buildControls();
    this.buildViews();
    this.frame.listen("change:view", () => this.later("view"));
    for (const name of ["typed", "given", ...SETTINGS]) {
      this.frame.listen(`change:${name}`, () => this.later("sums"));
    }
    for (const name of ["channel", "as_image"]) this.frame.listen(`change:${name}`, () => this.later("map"));
    for (const name of ["row", "column"]) this.frame.listen(`change:${name}`, () => this.later("unit"));
    this.paint(new Set(["view"]));
  }

  /** Paint once for all the changes that come together. */
  later(what) {
    if (this.due) return this.due.add(what);
    this.due = new Set([what]);
    queueMicrotask(() => {
      const due = this.due;
      this.due = null;
      this.paint(due);
    });
  }

  paint(due) {
    if (due.has("view") && !this.newView()) due.delete("view");
    const sums = due.has("view") || due.has("sums");
    if (sums && !this.compute()) return;
    if (sums) this.showInput();
    if (sums || due.has("map")) this.showMap();
    this.showUnit();
    if (due.has("view")) this.root.dataset.seq = this.view.seq;
  }

  // --- Parts of the page ---

  buildControls() {
    this.lists = {};
    for (const [name, label] of Object.entries(LISTS)) {
      this.lists[name] = list(name, (value) => this.frame.ask({ [name]: Number(value) }));
      this.frame.controls.append(labelled(label, this.lists[name]));
    }
    this.numbers = {};
    for (const name of SETTINGS) this.frame.controls.append(this.number(name, ...this.model.get("limits")[name]));
  }

  /** A setting: the page shows it at once, and asks the kernel for a sentence if it cannot be. */
  number(name, min, max) {
    const enter = (field) => {
      const value = Number(field.value);
      if (field.value === "" || !Number.isInteger(value)) return;
      const can = value >= min && value <= max && fits({ ...this.settings(), [name]: value }, this.view.shape);
      if (can) this.frame.set({ [name]: value });
      else this.frame.ask({ [name]: value });
    };
    const field = input({ type: "number", name, min, max }, enter, "input");
    field.addEventListener("change", () => (field.value = this.model.get(name)));
    this.numbers[name] = field;
    const label = labelled(name[0].toUpperCase() + name.slice(1), field);
    label.classList.add("cw-number");
    return label;
  }

  buildViews() {
    const move = (place) => ({ drag: (x, y) => this.drag(...place(x, y)), key: (key) => this.key(key) });
    this.input = new InputView(move((x, y) => this.under(x, y)));
    const unit = move((x, y) => [Math.floor(y), Math.floor(x)]);
    this.output = new OutputView(unit, mapColours(this.model), (as_image) => this.frame.set({ as_image }));
    this.maps = new ChannelsView((channel) => this.frame.set({ channel }));
    const plates = [this.input, this.output, this.maps].map(({ element }) => element);
    this.does = el("p", { class: "cw-does cw-aside" });
    this.sum = new SumView(this);
    for (const plate of plates) plate.classList.add("cw-grow");
    this.maps.whenResized(() => this.result && this.showMap());
    this.frame.controls.append(this.output.switch);
    this.frame.body.classList.add("cw-convolve", "cw-grow");
    this.frame.body.append(this.does, el("div", { class: "cw-plates cw-grow" }, ...plates), this.sum.element);
  }

  // --- Changes ---

  drag(row, column) {
    this.sum.total.setAttribute("aria-live", "off"); // nobody wants every step of a mouse read out
    this.moveTo(row, column);
  }

  /** The window moves in the page; the kernel hears of it when it rests. */
  moveTo(row, column) {
    this.model.set("row", clamp(row, this.result.height));
    this.model.set("column", clamp(column, this.result.width));
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.model.save_changes(), 250);
  }

  key(key) {
    const [row, column] = this.unit();
    const to = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [row, 0],
      End: [row, this.result.width - 1],
    }[key];
    const jump = { PageUp: -1, PageDown: 1 }[key];
    if (to) this.moveTo(to[0], to[1]);
    else if (jump) this.frame.set({ channel: clamp(this.map() + jump, this.result.maps.length) });
    else return false;
    this.sum.total.setAttribute("aria-live", "polite");
    return true;
  }

  /** The unit whose window has its middle under a point of the padded image. */
  under(x, y) {
    const { kernel, stride, dilation } = this.result;
    const first = (at, side) => Math.round((at - (dilation * (side - 1) + 1) / 2) / stride);
    return [first(y, kernel[0]), first(x, kernel[1])];
  }

  /** Put a weight (at [plane, row, column]) or the bias of the map that is shown. */
  changeWeights(at, value) {
    const map = this.map();
    const { weights, bias } = structuredClone(this.tables());
    if (at === null) bias[map] = value;
    else weights[map][at[0]][at[1]][at[2]] = value;
    this.frame.set({ typed: JSON.stringify({ weights, bias }) });
  }

  // --- What there is to compute with, and what comes out ---

  /** Weights [map][channel][row][column] and bias [map], with what was typed. */
  tables() {
    const typed = this.model.get("typed");
    return typed ? JSON.parse(typed) : this.model.get("given");
  }

  settings() {
    const [stride, padding, dilation] = SETTINGS.map((name) => this.model.get(name));
    const { weights } = this.tables();
    const size = this.model.get("size");
    const kernel = weights.length ? [weights[0][0].length, weights[0][0][0].length] : [size, size];
    const pooling = weights.length ? null : this.model.get("kernel").split(" ")[0];
    return { stride, padding, dilation, kernel, pooling };
  }

  /** All output maps, as this.result; false if the settings cannot be: why not is for the kernel to say. */
  compute() {
    const settings = this.settings();
    const { shape } = this.view;
    if (!fits(settings, shape)) return false;
    const tables = this.tables();
    const sides = sidesOf(settings, shape);
    const [height, width] = sides.map(({ count }) => count);
    this.result = { ...settings, sides, height, width, maps: outputs(settings, tables, this.values, shape) };
    this.limit = Math.max(...tables.weights.flat(3).map(Math.abs)) || 1;
    return true;
  }

  map() {
    return clamp(this.model.get("channel"), this.result.maps.length);
  }

  unit() {
    return [clamp(this.model.get("row"), this.result.height), clamp(this.model.get("column"), this.result.width)];
  }

  // --- What is shown ---

  /** Take over what the kernel sent; false if it is an older answer that came late. */
  newView() {
    const view = this.model.get("view");
    if (view.seq < this.view?.seq) return false;
    this.view = view;
    const [kernel, longest] = [this.model.get("kernel"), this.model.get("longest")];
    this.frame.update(view, { ...this.frame.commonOptions(), kernel: view.kernels.map((name) => pair(name)) });
    const learned = kernel === "first layer"; // it has its size and its channels
    this.root.querySelector(".cw-network").hidden = !learned;
    for (const name of ["size", "channels"]) this.lists[name].parentElement.hidden = learned;
    this.values = floatsOf(this.model, "values");
    const sides = [...new Set([...LONGEST, longest])].sort((a, b) => a - b);
    const options = {
      size: view.sides.map((side) => pair(String(side), `${side} × ${side}`)),
      channels: [pair("1", "grey"), pair("3", "RGB")],
      longest: sides.map((side) => pair(String(side))),
    };
    for (const [name, select] of Object.entries(this.lists)) {
      fill(select, options[name]);
      select.value = this.model.get(name);
    }
    return true;
  }

  showInput() {
    for (const [name, field] of Object.entries(this.numbers)) {
      if (Number(field.value) !== this.model.get(name) || !field.value) field.value = this.model.get(name);
    }
    this.input.showImage(this.view, bytesOf(this.model, "pixels"), this.result.padding);
  }

  showMap() {
    const { maps } = this.result;
    const map = this.map();
    const grey = this.view.bright && this.model.get("as_image");
    const names = this.names();
    this.output.showMap(this.result, map, grey, { ...this.view, names });
    const range = extent(maps.flatMap(extent));
    this.maps.showAll(this.result, map, names, this.output.colouring(range, grey));
    this.root.classList.toggle("cw-several", maps.length > 1);
    this.sum.sides.textContent = `Size of the output: ${sidesInWords(this.result, this.view.shape)}`;
    this.sum.showTables(map);
  }

  /** The names of the output channels; what was typed over is no longer what its name says. */
  names() {
    const { kernel: select } = this.frame.selects;
    const [kernel, typed] = [this.model.get("kernel"), this.model.get("typed")];
    const does = typed ? "your own weights" : this.view.does;
    const option = [...select.options].find(({ value }) => value === kernel);
    if (option) option.text = typed ? `${kernel}, changed` : kernel;
    this.does.textContent = `${option?.text}: ${does}. ${HINT}`;
    const [now, given] = [this.tables(), this.model.get("given")].map(({ weights, bias }) =>
      bias.map((number, map) => JSON.stringify([weights[map], number])),
    );
    return this.view.names.map((name, map) => (now[map] === given[map] ? name : `${name}, changed`));
  }

  /** The colour of a weight or a product: white is zero. */
  tint(value, limit) {
    return this.tints[Math.round(127.5 * (1 + Math.max(-1, Math.min(1, value / limit))))];
  }

  /** The window over the image, every product, and the sum. */
  showUnit() {
    const { stride, padding, dilation, kernel, pooling, width, height, maps } = this.result;
    const [row, column] = this.unit();
    const map = this.map();
    const [top, left] = [row * stride, column * stride];
    const sum = this.sum.rows
      .map((tables, i) => tables.showWindow(pooling ? map : i, top - padding, left - padding, dilation))
      .reduce((a, b) => a + b);
    this.input.showWindow(top, left, kernel, dilation);
    mark(this.output.mark, { left: column, top: row, width: 1, height: 1 }, width, height);
    this.sum.showResult(sum, shown(maps[map][row * width + column]), `channel ${map}, row ${row}, column ${column}`);
  }
}

export default {
  render(context) {
    const { frame } = new Convolve(context);
    return () => frame.close();
  },
};
