/** kernels(): the kernels of a first convolution as images, trained beside untrained. */

import { bytesOf, Grid, palette } from "../shared/js/canvas.js";
import { clamp, el, extent, KEEP_KEYS, short, times } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { mark, Panel, Scale } from "../shared/js/panel.js";
import { follow, placeOf } from "../shared/js/pointer.js";

const PLANES = ["red", "green", "blue"];
const TELL = "Point at a weight, or use the arrow keys. Click or Enter shows the kernel large.";

/** The kernels of one network: all of them, and one large. */
class KernelSide {
  constructor(widget, i) {
    this.widget = widget;
    this.i = i;
    this.all = new Panel("");
    this.tile = el("div", { class: "cw-mark", hidden: "" });
    this.chosen = el("div", { class: "cw-chosen", hidden: "" });
    this.all.frame.append(this.chosen, this.tile);
    this.large = new Panel("");
    this.large.element.classList.add("cw-one");
    this.readout = el("output", { class: "cw-readout" });
    this.element = el("section", { class: "cw-kernels" }, this.all.element, this.readout, this.large.element);
    const { canvas } = this.all;
    for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) canvas.setAttribute(name, value);
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) widget.place(widget.cursor ?? START);
    });
    canvas.addEventListener("click", (event) => {
      this.point(event);
      this.toggle();
    });
    follow(
      canvas,
      (event) => this.point(event),
      () => widget.place(null),
    );
  }

  /** view: as the kernel says it; weights: of this side, (kernels, channels, rows, columns). */
  show(view, weights) {
    Object.assign(this, { view, weights });
    const { colour, across, gap, sides } = view;
    const [count, channels, rows, columns] = view.shape;
    this.tiles = colour ? 1 : channels; // images for each kernel
    this.grid = new Grid(count * this.tiles, rows, columns, across, gap);
    const { name, description } = sides[this.i];
    this.all.show(this.grid.width, this.grid.height, description);
    this.all.caption.textContent = `${name[0].toUpperCase()}${name.slice(1)}`;
    this.grid.paint(this.all.canvas, (tile) => this.colours(tile));
  }

  weight(kernel, channel, i) {
    const [, channels, rows, columns] = this.view.shape;
    return this.weights[(kernel * channels + channel) * rows * columns + i];
  }

  /** What the ends of the scale stand for in a kernel. */
  limit(kernel) {
    const size = this.weights.length / this.view.shape[0];
    if (!this.widget.model.get("own_scale")) return this.view.limit || 1;
    const [low, high] = extent(this.weights.subarray(kernel * size, (kernel + 1) * size));
    return Math.max(-low, high) || 1;
  }

  /** The colours of one tile; of a colour kernel only one channel, if it is given. */
  colours(tile, channel) {
    const { grid, widget } = this;
    const kernel = Math.floor(tile / this.tiles);
    const limit = this.limit(kernel);
    const level = (c, i) => Math.floor((this.weight(kernel, c, i) / limit + 1) * 127.5 + 0.5);
    const painted = new Uint32Array(grid.rows * grid.columns);
    const bytes = new Uint8Array(painted.buffer);
    for (let i = 0; i < painted.length; i++) {
      if (!this.view.colour) painted[i] = widget.colours[level(tile % this.tiles, i)];
      else for (let c = 0; c < 3; c++) bytes[4 * i + c] = level(channel ?? c, i);
      bytes[4 * i + 3] = 255;
    }
    return painted;
  }

  point(event) {
    this.readout.setAttribute("aria-live", "off");
    this.widget.place(this.grid.at(...placeOf(this.all.canvas, event, this.grid.width, this.grid.height)));
  }

  key(event) {
    const cursor = this.widget.cursor ?? START;
    const next = this.grid.step(cursor, event.key);
    if (next) this.widget.place(next);
    else if (event.key === "Enter" || event.key === " ") {
      this.widget.place(cursor);
      this.toggle();
    } else return;
    event.preventDefault();
    this.readout.setAttribute("aria-live", "polite");
  }

  toggle() {
    const { cursor, model } = this.widget;
    if (!cursor) return;
    const kernel = Math.floor(cursor.channel / this.tiles);
    this.widget.open(kernel === model.get("kernel") ? -1 : kernel);
  }

  place(cursor) {
    const { grid, all } = this;
    const corner = cursor && grid.corner(cursor.channel);
    mark(this.tile, cursor && grid.box(cursor.channel), grid.width, grid.height);
    mark(
      all.mark,
      cursor && { left: corner.left + cursor.column, top: corner.top + cursor.row, width: 1, height: 1 },
      grid.width,
      grid.height,
    );
    this.readout.textContent = cursor ? this.words(cursor) : TELL;
  }

  words({ channel: tile, row, column }) {
    const kernel = Math.floor(tile / this.tiles);
    const i = row * this.grid.columns + column;
    const value = (channel) => short(this.weight(kernel, channel, i), 3);
    const numbers = this.view.colour
      ? PLANES.map((name, channel) => `${name} ${value(channel)}`).join(", ")
      : value(tile % this.tiles);
    const where = this.tiles > 1 ? `, channel ${tile % this.tiles}` : "";
    return `kernel ${kernel}${where}, row ${row}, column ${column}: ${numbers}`;
  }

  /** One kernel large; of a colour kernel each channel beside it. */
  enlarge(kernel) {
    const { grid, view } = this;
    const open = kernel >= 0 && kernel < view.shape[0];
    this.large.element.hidden = !open;
    mark(this.chosen, open && grid.box(kernel * this.tiles), grid.width, grid.height);
    if (!open) return;
    const count = view.colour ? 4 : this.tiles;
    const row = new Grid(count, grid.rows, grid.columns, Math.min(count, 4), Math.max(1, Math.round(grid.columns / 8)));
    const parts = view.colour ? `: all, ${PLANES.join(", ")}` : "";
    this.large.show(row.width, row.height, `kernel ${kernel}, ${view.sides[this.i].name}, large${parts}`);
    this.large.caption.textContent = `Kernel ${kernel}${parts}`;
    row.paint(this.large.canvas, (part) =>
      view.colour ? this.colours(kernel, part ? part - 1 : undefined) : this.colours(kernel * this.tiles + part),
    );
  }
}

const START = { channel: 0, row: 0, column: 0 };

class Kernels {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.cursor = null;
    this.frame = new Frame(model, root, { network: "Network" });
    this.sides = [0, 1].map((i) => new KernelSide(this, i));
    this.facts = el("p", {});
    this.hint = el("p", {});
    this.scale = new Scale();
    this.ownScale = el("input", { type: "checkbox", ...KEEP_KEYS });
    this.ownScale.addEventListener("change", () => this.set("own_scale", this.ownScale.checked));
    this.row = el("div", { class: "cw-sides" });
    this.frame.body.append(
      el("div", { class: "cw-below" }, this.facts, this.scale.element),
      this.row,
      el("div", { class: "cw-below" }, el("label", {}, this.ownScale, "each kernel on its own scale")),
      this.hint,
    );
    this.frame.body.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || model.get("kernel") < 0) return;
      event.preventDefault(); // it closes the kernel, not presenter mode
      this.open(-1);
    });
    this.frame.listen("change:view", () => this.update());
    this.frame.listen("change:own_scale", () => this.update());
    this.frame.listen("change:kernel", () => this.open(model.get("kernel")));
    this.update();
  }

  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  update() {
    const view = this.model.get("view");
    if (view.seq < this.painted) return; // an older answer that came late
    this.painted = view.seq;
    this.frame.update(view, { network: this.frame.commonOptions().network });
    this.colours = palette(bytesOf(this.model, "colours"));
    const weights = new Float32Array(bytesOf(this.model, "weights").slice().buffer);
    const size = weights.length / view.sides.length;
    this.shown = this.sides.slice(0, view.sides.length);
    this.shown.forEach((side, i) => side.show(view, weights.subarray(i * size, (i + 1) * size)));
    this.row.replaceChildren(...this.shown.map((side) => side.element));
    this.root.classList.toggle("cw-two", view.sides.length > 1);
    this.facts.textContent = this.words(view);
    this.hint.textContent = view.hint;
    this.scale.paint(this.colours);
    const own = this.model.get("own_scale");
    this.scale.show(own ? {} : { low: -view.limit, high: view.limit });
    this.ownScale.checked = own;
    this.place(this.cursor && this.cursor.channel < this.sides[0].grid.count ? this.cursor : null);
    this.enlarge();
    this.root.dataset.seq = view.seq;
  }

  words({ size, shape, colour }) {
    const [count, channels, rows, columns] = size;
    const some = count > shape[0] ? `, the first ${shape[0]} shown` : "";
    const part = channels > shape[1] ? `, the first ${shape[1]} channels shown` : "";
    const zero = colour ? "mid-grey is 0" : "white is 0";
    return `${count} kernels ${times([channels, rows, columns])}${some}${part}; ${zero}`;
  }

  place(cursor) {
    const { rows, columns } = this.sides[0].grid;
    this.cursor = cursor && { ...cursor, row: clamp(cursor.row, rows), column: clamp(cursor.column, columns) };
    for (const side of this.shown) side.place(this.cursor);
  }

  open(kernel) {
    if (kernel !== this.model.get("kernel")) this.set("kernel", kernel);
    this.enlarge();
  }

  enlarge() {
    for (const side of this.shown) side.enlarge(this.model.get("kernel"));
  }
}

export default {
  render(context) {
    const kernels = new Kernels(context);
    return () => kernels.frame.close();
  },
};
