/**
 * convolve(): a kernel moves over an image, and every product of every sum is there to read.
 * The page does the sums itself: the kernel (of Python) is asked for images and weights only.
 */

import { bytesOf, palette } from "../shared/js/canvas.js";
import { clamp, el, extent, fill, KEEP_KEYS, svg, times } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { mark, Panel, Scale } from "../shared/js/panel.js";

const SETTINGS = { stride: [1, 8], padding: [0, 8], dilation: [1, 4] };

const HINT = "Drag the window over the image, or move it with the arrow keys.";

/** A number: one decimal from 100 on, two from 1 on, otherwise three, with a true minus sign. */
function shown(value) {
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  const rounded = Number(value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 3));
  return String(rounded || 0).replace("-", "−");
}

/** What someone types as a weight: −1, 0,5 or 1/9; NaN if it is no number. */
function typed(text) {
  const plain = text.replace("−", "-").replace(",", ".").trim();
  const [, over, under] = plain.match(/^([^/]+)\/([^/]+)$/) ?? [null, plain, "1"];
  const value = over.trim() && under.trim() ? Number(over) / Number(under) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

class Convolve {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, { image: "Image", kernel: "Kernel", network: "Network" });
    this.colours = palette(bytesOf(model, "colours"));
    const signed = bytesOf(model, "signed");
    this.tints = Array.from({ length: 256 }, (_, i) => `rgb(${signed.subarray(3 * i, 3 * i + 3).join()})`);
    this.greys = Uint32Array.from({ length: 256 }, (_, level) => 0xff000000 | (level * 0x010101));
    this.build();
    this.frame.listen("change:view", () => this.later("view"));
    for (const name of ["typed", "given", ...Object.keys(SETTINGS)]) {
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

  build() {
    const { controls } = this.frame;
    this.lists = {};
    for (const [name, label] of Object.entries({ size: "Size", channels: "Channels", longest: "Longest side" })) {
      controls.append(this.list(name, label));
    }
    this.numbers = {};
    for (const [name, [min, max]] of Object.entries(SETTINGS)) controls.append(this.number(name, min, max));
    this.does = el("p", { class: "cw-does cw-aside" });
    this.input = this.movable(new Panel(""), (x, y) => this.under(x, y));
    this.input.mark.remove();
    this.taps = svg("path", { class: "cw-taps" });
    this.edge = svg("rect", { class: "cw-edge" });
    this.overlay = svg("svg", { class: "cw-overlay", "aria-hidden": "true" }, this.edge, this.taps);
    this.input.frame.append(this.overlay);
    this.output = this.movable(new Panel(""), (x, y) => [Math.floor(y), Math.floor(x)]);
    this.scale = new Scale();
    this.asImage = el("input", { type: "checkbox", ...KEEP_KEYS });
    this.asImage.addEventListener("change", () => this.send({ as_image: this.asImage.checked }));
    this.imageSwitch = el("label", {}, this.asImage, "as an image");
    this.output.element.append(el("div", { class: "cw-below" }, this.scale.element, this.imageSwitch));
    this.maps = new Panel("");
    this.maps.element.classList.add("cw-channels");
    this.maps.canvas.addEventListener("click", (event) => this.chooseMap(event));
    this.channel = el("select", { name: "channel", ...KEEP_KEYS });
    this.channel.addEventListener("change", () => this.send({ channel: Number(this.channel.value) }));
    const channel = el("label", { class: "cw-channel" }, "Output channel ", this.channel);
    this.maps.element.querySelector(".cw-caption").replaceChildren(channel);
    this.frame.body.classList.add("cw-convolve");
    this.frame.body.append(
      this.does,
      el("div", { class: "cw-plates" }, this.input.element, this.output.element, this.maps.element),
      this.sums(),
    );
  }

  sums() {
    this.planes = el("div", { class: "cw-planes" });
    this.sum = el("output", { class: "cw-answer" });
    this.bias = el("input", { class: "cw-weight", inputmode: "decimal", size: 6, ...KEEP_KEYS });
    this.biasLabel = el("label", {}, "+ bias ", this.bias);
    this.total = el("output", { class: "cw-total cw-answer" });
    this.editable(this.bias, "the bias", (value) => this.changeWeights(null, value));
    this.reset = el("button", { type: "button", class: "cw-button", ...KEEP_KEYS }, "Undo what was typed");
    this.reset.addEventListener("click", () => this.send({ typed: "" }));
    this.sides = el("p", { class: "cw-sides" });
    const line = el("div", { class: "cw-sum" }, this.sum, this.biasLabel, this.total, this.reset);
    return el("section", { class: "cw-sums" }, line, this.planes, this.sides); // the sum never leaves the screen
  }

  /** A list whose values are numbers. */
  list(name, label) {
    const select = el("select", { name, ...KEEP_KEYS });
    select.addEventListener("change", () => this.frame.ask({ [name]: Number(select.value) }));
    this.lists[name] = select;
    return el("label", { class: "cw-choice" }, el("span", {}, label), select);
  }

  /** A setting: the page shows it at once, and asks the kernel for a sentence if it cannot be. */
  number(name, min, max) {
    const input = el("input", { type: "number", name, min, max, ...KEEP_KEYS });
    input.addEventListener("input", () => {
      const value = Number(input.value);
      if (input.value === "" || !Number.isInteger(value)) return;
      if (this.fits({ ...this.settings(), [name]: value })) this.send({ [name]: value });
      else this.frame.ask({ [name]: value });
    });
    input.addEventListener("change", () => (input.value = this.model.get(name)));
    this.numbers[name] = input;
    const label = name[0].toUpperCase() + name.slice(1);
    return el("label", { class: "cw-choice cw-number" }, el("span", {}, label), input);
  }

  /** A panel on which the window can be moved. place: from pixels to the row and column of a unit. */
  movable(plate, place) {
    const { canvas } = plate;
    for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) canvas.setAttribute(name, value);
    const move = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const box = canvas.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * canvas.width;
      const y = ((event.clientY - box.top) / box.height) * canvas.height;
      this.quiet(true); // nobody wants every step of a mouse read out
      this.moveTo(...place(x, y));
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      move(event);
    });
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("keydown", (event) => this.key(event));
    return plate;
  }

  // --- Changes ---

  send(choice) {
    for (const [name, value] of Object.entries(choice)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** The window moves in the page; the kernel hears of it when it rests. */
  moveTo(row, column) {
    const { height, width } = this.result;
    this.model.set("row", clamp(row, height));
    this.model.set("column", clamp(column, width));
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.model.save_changes(), 250);
  }

  key(event) {
    const [row, column] = this.unit();
    const to = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [row, 0],
      End: [row, this.result.width - 1],
    }[event.key];
    const jump = { PageUp: -1, PageDown: 1 }[event.key];
    if (to) this.moveTo(...to);
    else if (jump) this.send({ channel: clamp(this.map() + jump, this.result.maps.length) });
    else return;
    this.quiet(false);
    event.preventDefault();
  }

  quiet(on) {
    this.total.setAttribute("aria-live", on ? "off" : "polite");
    this.sum.setAttribute("aria-live", "off");
  }

  /** The unit whose window has its middle under a point of the padded image. */
  under(x, y) {
    const { kernel, stride, dilation } = this.result;
    const first = (at, side) => Math.round((at - (dilation * (side - 1) + 1) / 2) / stride);
    return [first(y, kernel[0]), first(x, kernel[1])];
  }

  chooseMap(event) {
    const box = this.maps.canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * this.across);
    const y = Math.floor(((event.clientY - box.top) / box.height) * this.down);
    const channel = y * this.across + x;
    if (channel < this.result.maps.length) this.send({ channel });
  }

  /** A cell into which one types. Half a number ("−") waits; what is none is said, and undone. */
  editable(input, name, change) {
    const bad = (text) => text.trim() === "" || Number.isNaN(typed(text));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", () => {
      input.toggleAttribute("aria-invalid", bad(input.value));
      if (!bad(input.value)) change(typed(input.value));
    });
    input.addEventListener("change", () => {
      const wrong = bad(input.value);
      this.frame.showError(wrong ? `“${input.value}” is no number: ${name} stays as it was. Type −1, 0.5 or 1/9.` : "");
      input.removeAttribute("aria-invalid");
      this.later("map"); // which shows the weight, rounded, as all others
    });
    return input;
  }

  /** Put a weight (at [plane, row, column]) or the bias of the map that is shown. */
  changeWeights(at, value) {
    const map = this.map();
    const { weights, bias } = structuredClone(this.tables());
    if (at === null) bias[map] = value;
    else weights[map][at[0]][at[1]][at[2]] = value;
    this.send({ typed: JSON.stringify({ weights, bias }) });
  }

  /** Weights [map][channel][row][column] and bias [map], with what was typed. */
  tables() {
    const typed = this.model.get("typed");
    return typed ? JSON.parse(typed) : this.model.get("given");
  }

  // --- Sums ---

  settings() {
    const [stride, padding, dilation] = Object.keys(SETTINGS).map((name) => this.model.get(name));
    const { weights } = this.tables();
    const size = this.model.get("size");
    const kernel = weights.length ? [weights[0][0].length, weights[0][0][0].length] : [size, size];
    const pooling = weights.length ? null : this.model.get("kernel").split(" ")[0];
    return { stride, padding, dilation, kernel, pooling };
  }

  /** Is there anything to compute? Why not is for the kernel to say. */
  fits({ stride, padding, dilation, kernel, pooling }) {
    const [, height, width] = this.view.shape;
    const [tall, wide] = kernel.map((side) => dilation * (side - 1) + 1);
    const places = tall <= height + 2 * padding && wide <= width + 2 * padding;
    const pools = !pooling || (2 * padding <= tall && (pooling === "max" || dilation === 1));
    return stride >= 1 && padding >= 0 && dilation >= 1 && places && pools;
  }

  /** All output maps, as this.result; false if the settings cannot be. */
  compute() {
    const settings = this.settings();
    if (!this.fits(settings)) return false;
    const { stride, padding, dilation, kernel, pooling } = settings;
    const { shape } = this.view;
    const sides = [0, 1].map((i) => {
      const room = shape[1 + i] + 2 * padding - dilation * (kernel[i] - 1) - 1;
      return { count: Math.floor(room / stride) + 1, left: room % stride };
    });
    const [height, width] = sides.map(({ count }) => count);
    const padded = this.padded(padding, pooling === "max" ? -Infinity : 0);
    const place = { ...settings, height, width, padded };
    const { weights, bias } = this.tables();
    const maps = pooling
      ? padded.planes.map((plane) => pool(plane, place))
      : weights.map((tables, map) => convolution(tables, bias[map], place));
    const [low, high] = extentOfAll(maps);
    this.result = { ...settings, sides, height, width, maps, low, high };
    this.limit = Math.max(...weights.flat(3).map(Math.abs)) || 1;
    return true;
  }

  /** The planes of the image in a ring of `empty`. */
  padded(padding, empty) {
    const [channels, height, width] = this.view.shape;
    const wide = width + 2 * padding;
    const planes = Array.from({ length: channels }, (_, channel) => {
      const plane = new Float64Array(wide * (height + 2 * padding)).fill(empty);
      for (let row = 0; row < height; row++) {
        const from = (channel * height + row) * width;
        plane.set(this.values.subarray(from, from + width), (row + padding) * wide + padding);
      }
      return plane;
    });
    return { planes, wide };
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
    const options = this.frame.commonOptions();
    this.frame.update(view, { ...options, kernel: view.kernels.map((name) => [name, name]) });
    this.root.querySelector(".cw-network").hidden = this.model.get("kernel") !== "first layer";
    this.values = new Float32Array(bytesOf(this.model, "values").slice().buffer);
    this.does.textContent = `${this.model.get("kernel")}: ${view.does}. ${HINT}`;
    const sides = [16, 32, 48, 64, 96, 128, this.model.get("longest")].sort((a, b) => a - b);
    fill(
      this.lists.size,
      view.sides.map((side) => [String(side), `${side} × ${side}`]),
    );
    fill(this.lists.channels, [
      ["1", "1 · grey"],
      ["3", "3 · RGB"],
    ]);
    fill(
      this.lists.longest,
      [...new Set(sides)].map((side) => [String(side), `${side} pixels`]),
    );
    for (const [name, select] of Object.entries(this.lists)) select.value = this.model.get(name);
    return true;
  }

  showInput() {
    const { padding } = this.result;
    const [, height, width] = this.view.shape;
    for (const [name, input] of Object.entries(this.numbers)) {
      if (Number(input.value) !== this.model.get(name) || !input.value) input.value = this.model.get(name);
    }
    const ring = padding ? ` with a padding of ${padding}` : "";
    const [wide, tall] = [width + 2 * padding, height + 2 * padding];
    this.input.show(wide, tall, `${this.view.image}: ${times(this.view.shape)} values${ring}`);
    this.input.caption.textContent = `Input: ${times(this.view.shape)}`;
    this.overlay.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    const edge = { x: padding, y: padding, width, height };
    for (const [name, value] of Object.entries(edge)) this.edge.setAttribute(name, value);
    this.edge.style.display = padding ? "" : "none";
    paintPadded(this.input.canvas, bytesOf(this.model, "pixels"), height, width, padding);
  }

  showMap() {
    const { maps, height, width } = this.result;
    const map = this.map();
    this.asImage.checked = this.view.bright && this.model.get("as_image");
    this.imageSwitch.hidden = !this.view.bright;
    const grey = this.asImage.checked;
    const [low, high] = grey ? [0, 255] : extent(maps[map]);
    const colours = grey ? this.greys : this.colours;
    this.output.show(width, height, this.describe(map));
    this.output.caption.textContent = `Output: ${times([maps.length, height, width])}`;
    paintMaps(this.output.canvas, [maps[map]], this.result, 1, 0, low, high, colours);
    this.scale.paint(colours);
    this.scale.show({ low, high });
    this.showChannels(...(grey ? [0, 255] : [this.result.low, this.result.high]), colours);
    this.showSides();
    this.buildTables();
  }

  /** The alternative text of the output. */
  describe(map) {
    const { maps, width } = this.result;
    const [low, high] = extent(maps[map]);
    const at = maps[map].indexOf(high);
    return (
      `output channel ${map} (${this.view.names[map]}) for ${this.view.image}: values ${shown(low)} to ` +
      `${shown(high)}, the highest in row ${Math.floor(at / width)}, column ${at % width}`
    );
  }

  /** All output channels side by side, if there are several. */
  showChannels(low, high, colours) {
    const { maps, height, width } = this.result;
    const { names } = this.view;
    const map = this.map();
    this.maps.element.hidden = maps.length < 2;
    this.root.classList.toggle("cw-several", maps.length > 1);
    fill(
      this.channel,
      names.map((name, i) => [String(i), `${i} · ${name}`]),
    );
    this.channel.value = map;
    this.across = maps.length < 5 ? Math.min(2, maps.length) : Math.ceil(Math.sqrt(maps.length));
    this.down = Math.ceil(maps.length / this.across);
    const gap = Math.max(1, Math.round(width / 20));
    const [wide, tall] = [this.across * (width + gap), this.down * (height + gap)];
    this.maps.show(wide, tall, `${maps.length} output channels: ${names.join(", ")}`);
    paintMaps(this.maps.canvas, maps, this.result, this.across, gap, low, high, colours);
    const corner = { left: (map % this.across) * (width + gap), top: Math.floor(map / this.across) * (height + gap) };
    mark(this.maps.mark, { ...corner, width, height }, wide, tall);
  }

  /** The size of the output, with its formula filled in. */
  showSides() {
    const { stride, padding, dilation, kernel, sides } = this.result;
    const words = sides.map(({ count, left }, i) => {
      const side = this.view.shape[1 + i];
      const sum = `⌊(${side} + 2·${padding} − ${dilation}·(${kernel[i]} − 1) − 1) / ${stride}⌋ + 1 = ${count}`;
      const rest = left ? `, ${left} ${["row", "column"][i]}${left > 1 ? "s" : ""} left over` : "";
      return `${["height", "width"][i]} ${sum}${rest}`;
    });
    this.sides.textContent = `Size of the output: ${words.join(" · ")}`;
  }

  /** Tables for the window, the weights and their products: one row of tables for each plane. */
  buildTables() {
    const { kernel, pooling } = this.result;
    const map = this.map();
    const planes = pooling ? [this.view.planes[map]] : this.view.planes;
    const needed = [planes, kernel, pooling].join();
    if (needed !== this.built) {
      this.built = needed;
      this.rows = planes.map((plane, channel) => new PlaneTables(this, plane, channel, kernel, pooling));
      this.planes.replaceChildren(...this.rows.map(({ element }) => element));
      this.planes.classList.toggle("cw-many", kernel[1] > 3);
      this.biasLabel.hidden = Boolean(pooling);
    }
    if (!pooling) {
      const { weights, bias } = this.tables();
      this.rows.forEach((tables, channel) => tables.showWeights(weights[map][channel].flat()));
      this.keepTyping(this.bias, bias[map]);
    }
    this.reset.hidden = !this.model.get("typed");
  }

  /** Show a number in a cell, unless someone is typing just that number into it. */
  keepTyping(input, value) {
    if (typed(input.value) !== value || input.getRootNode().activeElement !== input) input.value = shown(value);
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
    const channels = pooling ? [map] : this.view.planes.keys();
    let [i, sum] = [0, 0];
    for (const channel of channels) {
      sum += this.rows[i++].showWindow(channel, row * stride - padding, column * stride - padding, dilation);
    }
    this.taps.setAttribute("d", tapsPath(row * stride, column * stride, kernel, dilation));
    mark(this.output.mark, { left: column, top: row, width: 1, height: 1 }, width, height);
    const count = this.rows.length * kernel[0] * kernel[1];
    const value = shown(maps[map][row * width + column]);
    const place = `channel ${map}, row ${row}, column ${column}`;
    this.sum.textContent = {
      null: `${count} product${count > 1 ? "s" : ""}: sum ${shown(sum)}`,
      max: `the largest of ${count} values`,
      average: `sum ${shown(sum)} / ${count}`,
    }[pooling];
    this.total.textContent = `= ${value} (${place})`;
  }
}

/** For one plane of the image: the values in the window, the weights, the products. */
class PlaneTables {
  constructor(widget, plane, channel, [rows, columns], pooling) {
    this.widget = widget;
    this.pooling = pooling;
    [this.rows, this.columns] = [rows, columns];
    const cells = () => Array.from({ length: rows * columns }, () => el("td", {}, ""));
    this.window = cells();
    const parts = [numberTable(`window: ${plane}`, this.window, columns)];
    if (!pooling) {
      this.weights = Array.from({ length: rows * columns }, (_, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        const name = `the weight for ${plane}, row ${row}, column ${column}`;
        const input = el("input", { class: "cw-weight", inputmode: "decimal", "aria-label": name, ...KEEP_KEYS });
        input.addEventListener("keydown", (event) => this.walk(event, row, column));
        return widget.editable(input, name, (value) => widget.changeWeights([channel, row, column], value));
      });
      this.products = cells();
      const inputs = this.weights.map((input) => el("td", {}, input));
      this.partial = el("span", { class: "cw-partial cw-answer" });
      parts.push(el("span", { class: "cw-sign" }, "×"), numberTable(`kernel: ${plane}`, inputs, columns));
      parts.push(el("span", { class: "cw-sign" }, "="), numberTable(`products: ${plane}`, this.products, columns));
      parts.push(this.partial);
    }
    this.element = el("div", { class: "cw-plane" }, ...parts);
  }

  /** Up, down and Enter go from cell to cell. */
  walk(event, row, column) {
    const to = { ArrowUp: row - 1, ArrowDown: row + 1, Enter: row + 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.weights[clamp(to, this.rows) * this.columns + column].focus();
  }

  showWeights(weights) {
    this.numbers = weights;
    weights.forEach((weight, i) => {
      this.widget.keepTyping(this.weights[i], weight);
      this.weights[i].style.backgroundColor = this.widget.tint(weight, this.widget.limit);
    });
  }

  /** Fill the window whose first pixel is at (top, left); the sum of its values or products. */
  showWindow(channel, top, left, dilation) {
    const { view, values, limit } = this.widget;
    const [, height, width] = view.shape;
    const empty = this.pooling === "max" ? -Infinity : 0;
    const strongest = limit * (view.bright ? 255 : 3);
    let [sum, high, highest] = [0, -Infinity, 0];
    for (let i = 0; i < this.window.length; i++) {
      const y = top + Math.floor(i / this.columns) * dilation;
      const x = left + (i % this.columns) * dilation;
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      const value = inside ? values[(channel * height + y) * width + x] : empty;
      if (value > high) [high, highest] = [value, i];
      showPixel(this.window[i], value, inside, view.bright);
      const product = this.pooling ? value : this.numbers[i] * value;
      sum += product;
      if (!this.pooling) write(this.products[i], shown(product), this.widget.tint(product, strongest));
    }
    if (this.pooling === "max") this.window[highest].classList.add("cw-highest");
    if (this.partial) this.partial.textContent = `sum ${shown(sum)}`;
    return sum;
  }
}

/** A value of the image on its grey; of the padding on stripes. */
function showPixel(cell, value, inside, bright) {
  const grey = Math.round(bright ? value : 255 * Math.min(1, Math.max(0, 0.5 + value / 5)));
  const name = inside ? (grey > 117 ? "cw-light" : "cw-dark") : "cw-pad";
  if (cell.className !== name) cell.className = name;
  write(cell, shown(value), inside ? `rgb(${grey},${grey},${grey})` : "");
}

/** Text and colour of a cell; what is there already costs nothing. */
function write(cell, text, colour) {
  if (cell.firstChild.data !== text) cell.firstChild.data = text;
  if (cell.colour !== colour) cell.style.backgroundColor = cell.colour = colour;
}

/** Cells as a table with a caption. */
function numberTable(caption, cells, columns) {
  const body = el("tbody");
  for (let i = 0; i < cells.length; i += columns) body.append(el("tr", {}, ...cells.slice(i, i + columns)));
  return el("table", { class: "cw-cells" }, el("caption", {}, caption), body);
}

/** The squares that the kernel is laid on, as the path of a drawing. */
function tapsPath(top, left, [rows, columns], dilation) {
  if (dilation === 1) return `M${left} ${top}h${columns}v${rows}h${-columns}z`;
  let path = "";
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) path += `M${left + j * dilation} ${top + i * dilation}h1v1h-1z`;
  }
  return path;
}

/** One output map: the same sum at every place, added up in the order plane, row, column. */
function convolution(tables, bias, { padded, stride, dilation, height, width }) {
  const map = new Float64Array(height * width);
  tables.forEach((table, channel) =>
    table.forEach((weights, i) =>
      weights.forEach((weight, j) => {
        if (weight === 0) return;
        const plane = padded.planes[channel];
        for (let row = 0, to = 0; row < height; row++) {
          let from = (row * stride + i * dilation) * padded.wide + j * dilation;
          for (let column = 0; column < width; column++, from += stride) map[to++] += weight * plane[from];
        }
      }),
    ),
  );
  return bias ? map.map((value) => value + bias) : map;
}

/** One plane, pooled: the largest value of each window, or the mean with its padding. */
function pool(plane, { padded, stride, dilation, height, width, kernel, pooling }) {
  const map = new Float64Array(height * width).fill(pooling === "max" ? -Infinity : 0);
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      for (let row = 0, to = 0; row < height; row++) {
        let from = (row * stride + i * dilation) * padded.wide + j * dilation;
        for (let column = 0; column < width; column++, to++, from += stride) {
          map[to] = pooling === "max" ? Math.max(map[to], plane[from]) : map[to] + plane[from];
        }
      }
    }
  }
  return pooling === "max" ? map : map.map((value) => value / (kernel[0] * kernel[1]));
}

function extentOfAll(maps) {
  const ends = maps.map(extent);
  return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))];
}

/** The image in a ring of padding, which is chequered: it is no part of the image. */
function paintPadded(canvas, bytes, height, width, padding) {
  const wide = width + 2 * padding;
  const image = new ImageData(wide, height + 2 * padding);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) {
    const [y, x] = [Math.floor(i / wide) - padding, (i % wide) - padding];
    const from = 3 * (y * width + x);
    if (y < 0 || y >= height || x < 0 || x >= width) pixels[i] = (x + y) & 1 ? 0xff303030 : 0xff484848;
    else pixels[i] = 0xff000000 | (bytes[from + 2] << 16) | (bytes[from + 1] << 8) | bytes[from];
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Maps side by side; `low` has the first colour, `high` the last, what lies beyond has theirs. */
function paintMaps(canvas, maps, { height, width }, across, gap, low, high, colours) {
  const image = new ImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const factor = high > low ? 255 / (high - low) : 0;
  maps.forEach((map, i) => {
    const [left, top] = [(i % across) * (width + gap), Math.floor(i / across) * (height + gap)];
    for (let row = 0, from = 0; row < height; row++) {
      let to = (top + row) * canvas.width + left;
      for (let column = 0; column < width; column++) {
        const level = Math.floor((map[from++] - low) * factor + 0.5);
        pixels[to++] = colours[Math.max(0, Math.min(255, level))];
      }
    }
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

export default {
  render(context) {
    const convolve = new Convolve(context);
    return () => convolve.frame.close();
  },
};
