/** One network with one image: what it sees, its maps, one of them large, its classes. */

import { bytesOf, coloursOf, Grid, onScale, paint, scaleOf } from "../shared/js/canvas.js";
import { button, clamp, el, extent, short, times } from "../shared/js/dom.js";
import { Classes } from "../shared/js/frame.js";
import { Mosaic } from "../shared/js/mosaic.js";
import { mark, Panel, Scale } from "../shared/js/panel.js";
import { follow, placeOf } from "../shared/js/pointer.js";
import { Diagram } from "./diagram.js";

const HINT = {
  maps: "Point at a map, or use arrow keys. Click: large.",
  units: "Point at a unit, or use arrow keys.",
};
export const NONE = -1; // no channel is open

export class Side {
  /**
   * @param {import("./widget.js").Explore} lab
   * @param {string} prefix of the traits of this side
   */
  constructor(lab, prefix) {
    this.lab = lab;
    this.prefix = prefix;
    this.open = NONE; // the channel that is shown large
    this.badge = el("strong", { class: "cw-badge" });
    this.name = el("span", {});
    this.heading = el("h4", { class: "cw-side-name" }, this.name, this.badge);
    this.diagram = new Diagram((layer) => lab.choose(layer, prefix ? 1 : 0));
    this.classes = new Classes();
    this.hint = el("p", { class: "cw-hint cw-aside" });
    this.classes.element.append(this.hint);
    this.buildImages();
    this.buildMosaic();
    const parts = { image: this.image, large: this.large, best: this.classes, maps: this.mosaic };
    for (const [name, { element }] of Object.entries(parts)) element.classList.add(`cw-${name}`);
    for (const { element } of [this.image, this.large, this.mosaic]) element.classList.add("cw-grow");
    const all = [this.diagram, ...Object.values(parts)].map((part) => part.element);
    this.element = el("section", { class: "cw-side" }, ...all);
  }

  /** What the network sees, and a channel large. */
  buildImages() {
    this.image = new Panel("What the network sees");
    this.overlay = el("canvas", { class: "cw-overlay", "aria-hidden": "true", hidden: "" });
    this.image.frame.insertBefore(this.overlay, this.image.mark);
    this.large = new Panel();
    this.large.element.hidden = true;
    this.large.caption.after(button("Close", () => this.lab.enlarge(NONE)));
    for (const { canvas } of [this.image, this.large]) {
      follow(
        canvas,
        (event) => this.point(canvas, event),
        () => this.lab.place(this, null),
      );
    }
  }

  buildMosaic() {
    this.mosaic = new Mosaic({
      place: (unit) => this.lab.place(this, unit),
      open: () => this.toggle(),
      start: () => this.start(),
    });
    this.below = el("div", { class: "cw-below" }, this.mosaic.readout);
    this.mosaic.element.append(this.below);
    this.scale = new Scale();
    this.mosaic.caption.after(this.scale.element);
    this.mosaic.whenResized(() => this.values && this.arrange());
  }

  // --- What is shown ---

  /** Show what does not depend on the layer. */
  show(view) {
    this.view = view;
    this.name.textContent = `${view.title} · ${view.image}`;
    this.badge.textContent = view.status;
    this.badge.classList.toggle("cw-untrained", !view.trained);
    this.element.classList.toggle("cw-random", !view.trained);
    this.classes.show(view);
    this.hint.textContent = view.hint;
    const pixels = this.lab.model.get(`${this.prefix}pixels`);
    if (pixels === this.pixels) return;
    this.pixels = pixels;
    const [, height, width] = view.input;
    this.image.paint(new Grid(1, height, width), () => coloursOf(bytesOf(this.lab.model, `${this.prefix}pixels`)), "");
    this.image.caption.textContent = `Input: ${times(view.input)}`;
  }

  /** Show a layer of which the page has the maps. */
  paint({ facts, values }) {
    const own = this.lab.model.get("own_scale") && facts.shape[1] * facts.shape[2] > 1;
    if (values === this.values && own === this.own) return;
    this.facts = facts;
    this.values = values;
    this.own = own;
    const [, rows, columns] = facts.shape;
    this.flat = rows * columns === 1;
    this.tile();
    this.mosaic.caption.textContent = `${facts.layer}: ${times(facts.shape)}`;
    const { ends, colours } = scaleOf(facts, this.lab.colours);
    this.scale.paint(colours);
    this.scale.show(own ? {} : ends);
  }

  /** As many maps in a row as make them large; a few units stand in one row. */
  tile() {
    const { shape, across, gap, description } = this.facts;
    const row = this.flat && across === shape[0];
    this.grid = row ? new Grid(across, 1, 1) : this.mosaic.tiles(shape, across, gap);
    this.mosaic.paint(this.grid, (channel) => this.colours(channel), description);
  }

  /** The room has changed. */
  arrange() {
    const { cursor } = this;
    this.tile();
    this.mosaic.open(this.open);
    this.place(cursor);
  }

  /** The colours of one map, row by row. */
  colours(channel) {
    const size = this.grid.rows * this.grid.columns;
    const map = this.values.subarray(channel * size, (channel + 1) * size);
    const { ends, colours } = scaleOf(this.facts, this.lab.colours);
    return onScale(map, this.own ? this.ownEnds(map) : this.facts.exact ? ends : { low: 0, high: 255 }, colours);
  }

  /** The ends of one map's own scale; zero stays in the middle where the layer has values below it. */
  ownEnds(map) {
    const [low, high] = extent(map);
    if (this.facts.low >= 0) return { low, high };
    const zero = this.facts.exact ? 0 : 127.5;
    const most = Math.max(zero - low, high - zero);
    return { low: zero - most, high: zero + most };
  }

  value({ channel, row, column }) {
    const value = this.values[(channel * this.grid.rows + row) * this.grid.columns + column];
    const { low, high } = scaleOf(this.facts, this.lab.colours).ends;
    return this.facts.exact ? short(value, 4) : `≈ ${short(low + (value * (high - low)) / 255)}`;
  }

  // --- Pointing ---

  /** Place the cursor where an event is in the image, or in the channel that is open. */
  point(canvas, event) {
    if (this.flat) return;
    this.mosaic.readout.setAttribute("aria-live", "off");
    const [x, y] = placeOf(canvas, event, this.grid.columns, this.grid.rows);
    const channel = this.open === NONE ? this.facts.brightest : this.open;
    this.lab.place(this, { channel, row: Math.floor(y), column: Math.floor(x) });
  }

  start() {
    const { rows, columns } = this.grid;
    return { channel: this.facts.brightest, row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  }

  get cursor() {
    return this.mosaic.cursor;
  }

  toggle() {
    if (this.cursor && !this.flat) this.lab.enlarge(this.cursor.channel === this.open ? NONE : this.cursor.channel);
  }

  /** Mark a unit in the mosaic, in the large map and in the image, and say its value. */
  place(cursor) {
    const { rows, columns } = this.grid;
    const at = cursor && { ...cursor, row: clamp(cursor.row, rows), column: clamp(cursor.column, columns) };
    this.mosaic.point(at, at ? this.words(at) : HINT[this.flat ? "units" : "maps"], this.flat);
    const unit = at && { left: at.column, top: at.row, width: 1, height: 1 };
    mark(this.image.mark, !this.flat && unit, columns, rows);
    mark(this.large.mark, at?.channel === this.open && unit, columns, rows);
  }

  words(cursor) {
    const { channel, row, column } = cursor;
    const name = this.facts.units[channel];
    if (this.flat) return `unit ${channel}${name ? ` (${name})` : ""}: ${this.value(cursor)}`;
    return `channel ${channel}, row ${row}, column ${column}: ${this.value(cursor)}`;
  }

  /** The place in this side's maps that corresponds to a cursor in another side's. */
  from({ grid }, cursor) {
    if (!cursor || cursor.channel >= this.grid.count) return null;
    const scaled = (value, from, to) => Math.floor(((value + 0.5) * to) / from);
    return {
      channel: cursor.channel,
      row: scaled(cursor.row, grid.rows, this.grid.rows),
      column: scaled(cursor.column, grid.columns, this.grid.columns),
    };
  }

  /** Show a channel large and over the image. */
  enlarge(channel) {
    const { count, rows, columns } = this.grid;
    this.open = this.flat || channel >= count ? NONE : channel;
    this.large.element.hidden = this.overlay.hidden = this.open === NONE;
    this.mosaic.open(this.open);
    let alt = `${this.view.image} as ${this.view.title} sees it`;
    if (this.open !== NONE) {
      const colours = this.colours(this.open);
      const what = `channel ${this.open} of layer ${this.facts.layer}, large`;
      this.large.paint(new Grid(1, rows, columns), () => colours, what);
      this.large.caption.textContent = `Channel ${this.open}`;
      paint(this.overlay, colours, rows, columns);
      alt = `${alt}, channel ${this.open} of ${this.facts.layer} over it`;
    }
    this.image.canvas.setAttribute("aria-label", alt);
  }
}
