/** kernels(): the kernels of a first convolution as images, trained beside untrained. */

import { bytesOf, coloursOf, floatsOf, Grid, onScale } from "../shared/js/canvas.js";
import { clamp, el, extent, input, short, times } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { Mosaic } from "../shared/js/mosaic.js";
import { Panel, Scale } from "../shared/js/panel.js";

const PLANES = ["red", "green", "blue"];
const TELL = "Point at a weight, or use the arrow keys. Click or Enter shows the kernel large.";
const START = { channel: 0, row: 0, column: 0 };
const LEVELS = Uint32Array.from({ length: 256 }, (_, level) => level);

/** The kernels of one network: all of them, and one large. */
class Side {
  /**
   * @param {Kernels} widget
   * @param {number} i which side it is
   */
  constructor(widget, i) {
    this.widget = widget;
    this.i = i;
    this.all = new Mosaic({
      place: (unit) => widget.place(unit),
      open: () => widget.toggle(),
      start: () => START,
    });
    this.large = new Panel();
    this.large.element.classList.add("cw-one", "cw-grow");
    this.all.element.classList.add("cw-grow");
    const parts = [this.all.element, this.all.readout, this.large.element];
    this.element = el("section", { class: "cw-kernels cw-grow" }, ...parts);
    this.all.whenResized(() => this.paint());
  }

  /** view: as the kernel says it; weights: of this side, (kernels, channels, rows, columns). */
  show(view, weights) {
    this.view = view;
    this.weights = weights;
    const { name } = view.sides[this.i];
    this.all.caption.textContent = `${name[0].toUpperCase()}${name.slice(1)}: ${this.widget.words(view)}`;
    this.paint();
  }

  /** As many side by side as make them largest; of a kernel with many channels all of them in one row. */
  paint() {
    const { view } = this;
    const [count, channels, rows, columns] = view.shape;
    this.tiles = view.colour ? 1 : channels; // images for each kernel
    /** @type {[number, number, number]} */
    const shape = [count * this.tiles, rows, columns];
    const { across, gap } = view;
    this.grid = this.tiles > 1 ? new Grid(...shape, across, gap) : this.all.tiles(shape, across, gap);
    this.all.paint(this.grid, (tile) => this.colours(tile), view.sides[this.i].description);
    this.widget.mark();
  }

  /** The weights of one kernel, or of one of its channels. */
  values(kernel, channel) {
    const [, channels, rows, columns] = this.view.shape;
    const size = rows * columns;
    const from = (kernel * channels + (channel ?? 0)) * size;
    return this.weights.subarray(from, from + (channel === undefined ? channels * size : size));
  }

  /** What the ends of the scale stand for in a kernel. */
  scale(kernel) {
    const [low, high] = extent(this.widget.model.get("own_scale") ? this.values(kernel) : [this.view.limit]);
    const limit = Math.max(-low, high) || 1;
    return { low: -limit, high: limit };
  }

  /** The colours of one tile; of a colour kernel only one channel, if it is given. */
  colours(tile, channel) {
    const kernel = Math.floor(tile / this.tiles);
    const scale = this.scale(kernel);
    if (!this.view.colour) return onScale(this.values(kernel, tile % this.tiles), scale, this.widget.colours);
    const [red, green, blue] = PLANES.map((_, c) => onScale(this.values(kernel, channel ?? c), scale, LEVELS));
    return red.map((level, i) => 0xff000000 | (blue[i] << 16) | (green[i] << 8) | level);
  }

  words({ channel: tile, row, column }) {
    const [kernel, channel] = [Math.floor(tile / this.tiles), tile % this.tiles];
    const value = (c) => short(this.values(kernel, c)[row * this.grid.columns + column]);
    const numbers = this.view.colour ? PLANES.map((name, c) => `${name} ${value(c)}`).join(", ") : value(channel);
    const where = this.tiles > 1 ? `, channel ${channel}` : "";
    return `kernel ${kernel}${where}, row ${row}, column ${column}: ${numbers}`;
  }

  /** One kernel large; of a colour kernel each channel beside it. */
  enlarge(kernel) {
    const { view, grid } = this;
    const open = kernel >= 0 && kernel < view.shape[0];
    this.large.element.hidden = !open;
    this.all.open(open ? kernel * this.tiles : -1);
    if (!open) return;
    const count = view.colour ? 4 : this.tiles;
    const gap = Math.max(1, Math.round(grid.columns / 8));
    const row = new Grid(count, grid.rows, grid.columns, Math.min(count, 4), gap);
    const parts = view.colour ? `: all, ${PLANES.join(", ")}` : "";
    const part = (i) =>
      view.colour ? this.colours(kernel, i ? i - 1 : undefined) : this.colours(kernel * this.tiles + i);
    this.large.paint(row, part, `kernel ${kernel}, ${view.sides[this.i].name}, large${parts}`);
    this.large.caption.textContent = `Kernel ${kernel}${parts}`;
  }
}

class Kernels {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.cursor = null;
    this.frame = new Frame(model, root, "kernels", { network: "Network" });
    this.sides = [0, 1].map((i) => new Side(this, i));
    this.hint = el("p", {});
    this.scale = new Scale();
    this.ownScale = input({ type: "checkbox" }, ({ checked }) => this.frame.set({ own_scale: checked }));
    this.row = el("div", { class: "cw-sides cw-grow" });
    const own = el("label", { class: "cw-slider" }, this.ownScale, "each kernel on its own scale");
    this.frame.controls.append(own, this.scale.element);
    this.frame.body.classList.add("cw-grow");
    this.frame.body.append(this.row, this.hint);
    this.frame.body.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || model.get("kernel") < 0) return;
      event.preventDefault(); // it closes the kernel, not presenter mode
      this.open(-1);
    });
    this.frame.views((view) => this.show(view));
    this.frame.listen("change:own_scale", () => this.show(model.get("view")));
    this.frame.listen("change:kernel", () => this.enlarge());
  }

  show(view) {
    this.frame.update(view, { network: this.frame.commonOptions().network });
    this.colours = coloursOf(bytesOf(this.model, "colours"));
    this.ready = false;
    const weights = floatsOf(this.model, "weights");
    const size = weights.length / view.sides.length;
    this.shown = this.sides.slice(0, view.sides.length);
    this.row.replaceChildren(...this.shown.map((side) => side.element));
    this.shown.forEach((side, i) => side.show(view, weights.subarray(i * size, (i + 1) * size)));
    this.hint.textContent = view.hint;
    const own = this.model.get("own_scale");
    this.ownScale.checked = own;
    this.scale.paint(this.colours);
    this.scale.show(own ? {} : { low: -view.limit, high: view.limit });
    this.ready = true;
    this.mark();
  }

  /** The marks, which depend on where the tiles stand. */
  mark() {
    if (!this.ready) return;
    this.place(this.cursor && this.cursor.channel < this.sides[0].grid.count ? this.cursor : null);
    this.enlarge();
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
    for (const side of this.shown) side.all.point(this.cursor, this.cursor ? side.words(this.cursor) : TELL);
  }

  toggle() {
    if (!this.cursor) return;
    const kernel = Math.floor(this.cursor.channel / this.sides[0].tiles);
    this.open(kernel === this.model.get("kernel") ? -1 : kernel);
  }

  open(kernel) {
    this.frame.set({ kernel });
    this.enlarge();
  }

  enlarge() {
    for (const side of this.shown) side.enlarge(this.model.get("kernel"));
  }
}

export default {
  render(context) {
    const { frame } = new Kernels(context);
    return () => frame.close();
  },
};
