/**
 * explore(): a network, an image, a layer; its feature maps as one mosaic, and a second such
 * side to compare. Layers that the page has seen need no kernel.
 */

import { bytesOf, coloursOf, Grid, paint, palette } from "../shared/js/canvas.js";
import { clamp, el, extent, KEEP_KEYS, short, times } from "../shared/js/dom.js";
import { Classes, Frame } from "../shared/js/frame.js";
import { mark, Panel, Scale } from "../shared/js/panel.js";
import { follow, placeOf } from "../shared/js/pointer.js";
import { Camera } from "./camera.js";
import { Diagram } from "./diagram.js";

const HINT = {
  maps: "Point at a map, or use the arrow keys. Click or Enter shows it large.",
  units: "Point at a unit, or use the arrow keys.",
};
const NONE = -1; // no channel is open
const KEPT = 32e6; // bytes of maps that a page keeps
const AHEAD = 1e6; // larger layers are not sent before somebody wants them

/** Layers that the page has: what the kernel says about them, and their values. The ones used
 * last stay. */
class Cards {
  constructor() {
    this.kept = new Map();
    this.bytes = 0;
  }

  name = (key, layer) => `${key} ${layer}`;

  has = (key, layer) => this.kept.has(this.name(key, layer));

  get(key, layer) {
    const name = this.name(key, layer);
    const card = this.kept.get(name);
    if (card) this.kept.delete(name) && this.kept.set(name, card);
    return card;
  }

  put(facts, bytes) {
    const name = this.name(facts.key, facts.layer);
    if (this.kept.has(name)) return;
    const { buffer } = bytes.slice(); // floats must begin at a multiple of four
    const values = facts.exact ? new Float32Array(buffer) : new Uint8Array(buffer);
    this.kept.set(name, { facts, values });
    this.bytes += buffer.byteLength;
    for (const [old, card] of this.kept) {
      if (this.bytes <= KEPT || old === name) break;
      this.kept.delete(old);
      this.bytes -= card.values.byteLength;
    }
  }
}

/** One network with one image: what it sees, its maps, one of them large, its classes. */
class Side {
  constructor(lab, prefix) {
    this.lab = lab;
    this.prefix = prefix; // of the traits of this side
    this.cursor = null; // { channel, row, column } under the pointer or the arrow keys
    this.open = NONE; // the channel that is shown large
    this.build();
  }

  build() {
    this.badge = el("strong", { class: "cw-badge" });
    this.name = el("span", {});
    this.heading = el("h4", { class: "cw-side-name" }, this.name, this.badge);
    this.image = new Panel("What the network sees");
    this.overlay = el("canvas", { class: "cw-overlay", "aria-hidden": "true", hidden: "" });
    this.image.frame.insertBefore(this.overlay, this.image.mark);
    this.large = new Panel("");
    this.large.element.hidden = true;
    const close = el("button", { type: "button", class: "cw-button", ...KEEP_KEYS }, "Close");
    close.addEventListener("click", () => this.lab.enlarge(NONE));
    this.large.caption.after(close);
    this.classes = new Classes();
    this.hint = el("p", { class: "cw-hint cw-aside" });
    this.classes.element.append(this.hint);
    this.mosaic = new Panel("");
    this.tile = el("div", { class: "cw-mark", hidden: "" }); // the map under the pointer
    this.chosen = el("div", { class: "cw-chosen", hidden: "" }); // the map that is shown large
    this.mosaic.frame.append(this.chosen, this.tile);
    this.readout = el("output", { class: "cw-readout" });
    this.below = el("div", { class: "cw-below" }, this.readout);
    this.mosaic.element.append(this.below);
    this.scale = new Scale();
    this.scale.paint(this.lab.colours);
    this.mosaic.caption.after(this.scale.element);
    const parts = { image: this.image, large: this.large, best: this.classes, maps: this.mosaic };
    for (const [name, { element }] of Object.entries(parts)) element.classList.add(`cw-${name}`);
    this.element = el("section", { class: "cw-side" }, ...Object.values(parts).map((part) => part.element));
    this.listen();
  }

  listen() {
    const { canvas } = this.mosaic;
    for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) canvas.setAttribute(name, value);
    canvas.addEventListener("click", (event) => {
      this.point(this.mosaic, event);
      this.toggle();
    });
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.lab.place(this, this.cursor ?? this.start());
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
    for (const plate of [this.mosaic, this.large, this.image]) {
      follow(
        plate.canvas,
        (event) => this.point(plate, event),
        () => this.lab.place(this, null),
      );
    }
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
    this.image.show(width, height, "");
    paint(this.image.canvas, coloursOf(bytesOf(this.lab.model, `${this.prefix}pixels`)), height, width);
    this.image.caption.textContent = `Input: ${times(view.input)}`;
  }

  /** Show a layer of which the page has the maps. */
  paint({ facts, values }) {
    const own = this.lab.model.get("own_scale") && facts.shape[1] * facts.shape[2] > 1;
    if (values === this.values && own === this.own) return;
    Object.assign(this, { facts, values, own });
    const [count, rows, columns] = facts.shape;
    this.flat = rows * columns === 1;
    this.grid = new Grid(count, rows, columns, facts.across, facts.gap);
    this.mosaic.show(this.grid.width, this.grid.height, facts.description);
    this.mosaic.caption.textContent = `${facts.layer}: ${times(facts.shape)}`;
    this.grid.paint(this.mosaic.canvas, (channel) => this.colours(channel));
    this.scale.show(own ? {} : facts);
  }

  /** The colours of one map, row by row. */
  colours(channel) {
    const { low, high, exact } = this.facts;
    const size = this.grid.rows * this.grid.columns;
    const map = this.values.subarray(channel * size, (channel + 1) * size);
    const [dark, bright] = this.own ? extent(map) : exact ? [low, high] : [0, 255];
    const { colours } = this.lab;
    const factor = bright > dark ? 255 / (bright - dark) : 0;
    const painted = new Uint32Array(size);
    for (let i = 0; i < size; i++) painted[i] = colours[Math.floor((map[i] - dark) * factor + 0.5)];
    return painted;
  }

  value({ channel, row, column }) {
    const value = this.values[(channel * this.grid.rows + row) * this.grid.columns + column];
    const { low, high, exact } = this.facts;
    return exact ? short(value, 4) : `≈ ${short(low + (value * (high - low)) / 255)}`;
  }

  // --- Pointing ---

  /** Place the cursor where an event is: in the mosaic, or in the channel that is open. */
  point(plate, event) {
    this.readout.setAttribute("aria-live", "off"); // nobody wants every step of a mouse read out
    const [x, y] = placeOf(plate.canvas, event, plate.canvas.width, plate.canvas.height);
    if (plate === this.mosaic) this.lab.place(this, this.grid.at(x, y));
    else if (!this.flat) {
      const row = Math.floor((y / plate.canvas.height) * this.grid.rows);
      const column = Math.floor((x / plate.canvas.width) * this.grid.columns);
      this.lab.place(this, { channel: this.open === NONE ? this.facts.brightest : this.open, row, column });
    }
  }

  start() {
    const { rows, columns } = this.grid;
    return { channel: this.facts.brightest, row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  }

  key(event) {
    const cursor = this.cursor ?? this.start();
    const next = this.grid.step(cursor, event.key);
    if (next) this.lab.place(this, next);
    else if (event.key === "Enter" || event.key === " ") {
      this.lab.place(this, cursor);
      this.toggle();
    } else return;
    event.preventDefault();
    this.readout.setAttribute("aria-live", "polite");
  }

  toggle() {
    if (this.cursor && !this.flat) this.lab.enlarge(this.cursor.channel === this.open ? NONE : this.cursor.channel);
  }

  /** Mark a unit in the mosaic, in the large map and in the image, and say its value. */
  place(cursor) {
    const { grid } = this;
    if (cursor) {
      cursor = { ...cursor, row: clamp(cursor.row, grid.rows), column: clamp(cursor.column, grid.columns) };
    }
    this.cursor = cursor;
    const unit = cursor && { left: cursor.column, top: cursor.row, width: 1, height: 1 };
    const corner = cursor && grid.corner(cursor.channel);
    const inMosaic = unit && { ...unit, left: corner.left + cursor.column, top: corner.top + cursor.row };
    mark(this.tile, cursor && grid.box(cursor.channel), grid.width, grid.height);
    mark(this.mosaic.mark, !this.flat && inMosaic, grid.width, grid.height);
    mark(this.image.mark, !this.flat && unit, grid.columns, grid.rows);
    mark(this.large.mark, cursor?.channel === this.open && unit, grid.columns, grid.rows);
    this.readout.textContent = cursor ? this.words(cursor) : HINT[this.flat ? "units" : "maps"];
  }

  words(cursor) {
    const { channel, row, column } = cursor;
    const name = this.facts.units[channel];
    if (this.flat) return `unit ${channel}${name ? ` (${name})` : ""}: ${this.value(cursor)}`;
    return `channel ${channel}, row ${row}, column ${column}: ${this.value(cursor)}`;
  }

  /** The place in this side's maps that a cursor in another side's stands for. */
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
    const { grid } = this;
    this.open = this.flat || channel >= grid.count ? NONE : channel;
    this.large.element.hidden = this.overlay.hidden = this.open === NONE;
    mark(this.chosen, this.open !== NONE && grid.box(this.open), grid.width, grid.height);
    const { title, image } = this.view;
    let alt = `${image} as ${title} sees it`;
    if (this.open !== NONE) {
      alt = `${alt}, channel ${this.open} of ${this.facts.layer} over it`;
      this.large.show(grid.columns, grid.rows, `channel ${this.open} of layer ${this.facts.layer}, large`);
      this.large.caption.textContent = `Channel ${this.open}`;
      [this.overlay.width, this.overlay.height] = [grid.columns, grid.rows];
      const one = new Grid(1, grid.rows, grid.columns, 1, 0);
      for (const canvas of [this.large.canvas, this.overlay]) one.paint(canvas, () => this.colours(this.open));
    }
    this.image.canvas.setAttribute("aria-label", alt);
  }
}

class Explore {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, {
      network: "Network",
      image: "Image",
      layer: "Layer",
      other: "Compare with",
    });
    this.camera = new Camera(this.frame);
    this.cards = new Cards();
    this.colours = palette(bytesOf(model, "colours"));
    this.diagrams = ["", "other_"].map((_prefix, i) => new Diagram((layer) => this.choose(layer, i)));
    this.sides = ["", "other_"].map((prefix) => new Side(this, prefix));
    this.sides[0].below.append(this.scaleSwitch());
    this.sides[0].image.element.append(this.overlaySlider());
    this.row = el("div", { class: "cw-sides" }, this.sides[0].element);
    this.frame.body.classList.add("cw-lab");
    this.frame.body.append(this.diagrams[0].element, this.row);
    const { layer } = this.frame.selects;
    // before the frame sends the choice, and after
    layer.addEventListener("change", () => this.model.set("known", this.has(layer.value)), true);
    layer.addEventListener("change", () => this.showAhead(layer.value));
    this.frame.body.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.model.get("channel") < 0) return;
      event.preventDefault(); // it closes the map, not presenter mode
      this.enlarge(NONE);
    });
    root.addEventListener("cw-keep", ({ detail }) => (detail.cover = this.cover.value));
    root.addEventListener("cw-recall", ({ detail }) => this.showCover(detail.cover ?? this.cover.value));
    this.frame.listen("change:view", () => this.update());
    this.frame.listen("change:own_scale", () => this.paint());
    this.frame.listen("change:channel", () => this.paint());
    this.frame.listen("msg:custom", ({ card }, buffers) => this.receive(card, buffers?.[0]));
    this.update();
  }

  close() {
    clearTimeout(this.timer);
    this.camera.stop();
    this.frame.close();
  }

  scaleSwitch() {
    this.ownScale = el("input", { type: "checkbox", ...KEEP_KEYS });
    this.ownScale.addEventListener("change", () => this.set("own_scale", this.ownScale.checked));
    return el("label", {}, this.ownScale, "each map on its own scale");
  }

  /** How much of the open map covers the image. */
  overlaySlider() {
    this.cover = el("input", { type: "range", min: "0", max: "100", value: "60", ...KEEP_KEYS });
    this.cover.addEventListener("input", () => this.showCover(this.cover.value));
    this.showCover(this.cover.value);
    this.slider = el("label", { class: "cw-cover", hidden: "" }, "Over the image", this.cover);
    return this.slider;
  }

  showCover(percent) {
    this.cover.value = percent;
    this.root.style.setProperty("--cover", percent / 100);
  }

  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  // --- What the kernel sends ---

  update() {
    const view = this.model.get("view");
    if (view.seq < Math.max(this.answer ?? 0, this.ahead ?? 0)) return; // overtaken
    this.answer = view.seq;
    this.views = view.other ? [view, view.other] : [view];
    const layers = this.model.get("layers");
    this.frame.update(view, {
      ...this.frame.commonOptions(),
      layer: layers.map(({ name, shape }) => [name, `${name} · ${shape}`]),
      other: this.model.get("others").map(({ name, title }) => [name, title]),
    });
    this.views.forEach((side, i) => {
      this.sides[i].show(side);
      if (view.sent) this.cards.put(side, bytesOf(this.model, `${this.sides[i].prefix}maps`));
    });
    this.root.classList.remove("cw-random"); // each side says it for itself
    this.arrange(view);
    this.paint();
  }

  /** One side or two; a second diagram where there is a second network. */
  arrange({ title, status, other }) {
    this.root.classList.toggle("cw-two", Boolean(other));
    for (const side of this.sides) {
      if (other) side.element.prepend(side.heading);
      else side.heading.remove(); // the controls say it
    }
    if (other) this.row.append(this.sides[1].element);
    else this.sides[1].element.remove();
    if (other && `${title} ${status}` !== `${other.title} ${other.status}`) this.row.before(this.diagrams[1].element);
    else this.diagrams[1].element.remove();
  }

  /** A layer that the page asked for. */
  receive(card, bytes) {
    this.waits = false;
    if (card) this.cards.put(card, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (this.behind) this.paint();
    else this.askAhead();
  }

  /** Show all of the present views, once the page has what it takes. */
  paint() {
    const cards = this.views.map(({ key, layer }) => this.cards.get(key, layer));
    const missing = cards.indexOf(undefined);
    this.behind = missing >= 0;
    if (this.behind) {
      this.want(this.views[missing].key, this.views[missing].layer);
      return;
    }
    cards.forEach((card, i) => this.sides[i].paint(card));
    this.views.forEach(({ title, input, layer }, i) => {
      const layers = this.model.get(`${this.sides[i].prefix}layers`);
      this.diagrams[i].show(title, layers, input, layer);
    });
    this.ownScale.checked = this.model.get("own_scale");
    this.ownScale.parentElement.hidden = this.sides[0].flat;
    this.open();
    this.place(this.sides[0], this.sides[0].cursor);
    this.root.dataset.layer = this.views[0].layer;
    this.root.dataset.seq = Math.max(this.answer, this.ahead ?? 0);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.askAhead(), 100);
  }

  // --- Layers that the page has, or will want ---

  /** Choose a layer in a diagram; in the second, the first one that stands for it. */
  choose(layer, side) {
    if (side === 1) layer = this.counterpart(layer);
    const { layer: select } = this.frame.selects;
    select.value = layer;
    select.dispatchEvent(new Event("change"));
  }

  /** The layer of the first network that stands for one of the second, or for the nearest. */
  counterpart(layer) {
    const places = this.model.get("other_layers").map(({ name }) => name);
    const distance = ([, other]) => Math.abs(places.indexOf(other) - places.indexOf(layer));
    const pairs = Object.entries(this.model.get("view").other.match);
    return pairs.reduce((best, pair) => (distance(pair) < distance(best) ? pair : best))[0];
  }

  /** What each side shows when the first shows `layer`. */
  layersWith(layer) {
    return this.views.map((view, i) => (i ? view.match[layer] : layer));
  }

  has(layer) {
    return this.layersWith(layer).every((name, i) => this.cards.has(this.views[i].key, name));
  }

  /** Show a layer before the kernel has answered, if its maps are here. */
  showAhead(layer) {
    if (!this.has(layer)) return;
    this.ahead = this.frame.asked;
    this.layersWith(layer).forEach((name, i) => {
      this.views[i] = { ...this.views[i], layer: name };
    });
    this.paint();
  }

  want(key, layer) {
    this.model.send({ want: layer, key });
  }

  /** Nothing else to do: ask for one more layer, the nearest that is small and not here. */
  askAhead() {
    this.root.dataset.kept = this.cards.kept.size;
    if (this.waits || this.root.hasAttribute("aria-busy")) return;
    for (const [i, { key, layer }] of this.views.entries()) {
      const layers = this.model.get(`${this.sides[i].prefix}layers`);
      const here = layers.findIndex(({ name }) => name === layer);
      const wanted = layers
        .map(({ name, size }, place) => ({ name, size, away: Math.abs(place - here) }))
        .filter(({ name, size }) => size.length < 4 && !this.cards.has(key, name))
        .map((one) => ({ ...one, bytes: bytesIn(one.size) }))
        .filter(({ bytes }) => bytes <= AHEAD && this.cards.bytes + bytes <= KEPT)
        .sort((a, b) => a.away - b.away)[0];
      if (!wanted) continue;
      this.waits = true;
      this.want(key, wanted.name);
      return;
    }
  }

  // --- Both sides move together ---

  place(side, cursor) {
    for (const each of this.sides.slice(0, this.views.length)) {
      each.place(each === side ? cursor : each.from(side, cursor));
    }
  }

  /** Open a channel, here and in the kernel. */
  enlarge(channel) {
    if (channel === NONE && this.sides.some((side) => side.large.element.contains(document.activeElement))) {
      this.sides[0].mosaic.canvas.focus();
    }
    this.set("channel", channel);
    this.open();
  }

  open() {
    const channel = this.model.get("channel");
    const shown = this.sides.slice(0, this.views.length);
    for (const side of shown) side.enlarge(channel);
    const open = shown.some((side) => side.open !== NONE);
    this.root.classList.toggle("cw-open", open);
    this.slider.hidden = !open;
  }
}

/** The size of a layer's message: 4 bytes a value up to a megabyte, then one. */
function bytesIn(size) {
  const values = size.reduce((product, n) => product * n, 1);
  return 4 * values <= 2 ** 20 ? 4 * values : values;
}

export default {
  render(context) {
    const explore = new Explore(context);
    return () => explore.close();
  },
};
