/** browse(): pages of images, one of them large, draws of the augmentation, what is confused. */

import { bytesOf, coloursOf, paint } from "../shared/js/canvas.js";
import { button, clamp, el, pair } from "../shared/js/dom.js";
import { Classes, Frame } from "../shared/js/frame.js";
import { mark, Panel } from "../shared/js/panel.js";
import { interactive } from "../shared/js/pointer.js";
import { Tabs } from "../shared/js/tabs.js";
import { Draws } from "./draws.js";
import { Pairs } from "./pairs.js";

/** @typedef {import("../shared/js/model.d.ts").Context} Context */

const HINT = "Point at an image. Click or arrow keys: large. Page Up, Page Down: another page.";

class Browse {
  /** @param {Context} context */
  constructor({ model, el: root }) {
    this.model = model;
    this.frame = new Frame(model, root, "browse", { split: "Images", chosen: "Class", network: "Network" });
    this.frame.controls.append(this.turns());
    this.at = model.get("place"); // what is large, perhaps before the kernel knows
    this.large = new Panel();
    this.classes = new Classes();
    this.draws = new Draws(this.frame);
    this.pairs = new Pairs(this.frame);
    this.frame.body.classList.add("cw-browse");
    this.large.element.classList.add("cw-grow");
    this.tabs = new Tabs(root, "Below the page", { Augmentation: this.draws.element, Confused: this.pairs.element });
    this.tabs.element.hidden = true; // without a network nothing is confused
    const below = el("div", { class: "cw-more" }, this.tabs.element, this.draws.element, this.pairs.element);
    this.frame.body.append(
      el("div", { class: "cw-grow" }, this.page(), below),
      el("section", { class: "cw-single cw-grow" }, this.large.element, this.classes.element),
    );
    root.addEventListener("cw-keep", (/** @type {CustomEvent} */ { detail }) => (detail.place = this.at));
    root.addEventListener("cw-recall", (/** @type {CustomEvent} */ { detail }) => this.move(detail.place ?? this.at));
    this.frame.views((view) => this.show(view));
  }

  // --- What it is made of ---

  turns() {
    this.back = button("‹ Back", () => this.turn(-1));
    this.next = button("Next ›", () => this.turn(+1));
    this.number = el("span", { role: "status" });
    return el("div", { class: "cw-turns" }, this.back, this.number, this.next);
  }

  page() {
    this.all = new Panel();
    this.tile = el("div", { class: "cw-mark", hidden: "" }); // the image under the pointer
    this.chosen = el("div", { class: "cw-chosen", hidden: "" }); // the one that is large
    this.all.frame.append(this.chosen, this.tile);
    this.readout = el("output", { class: "cw-readout" });
    this.all.element.append(this.readout);
    this.all.element.classList.add("cw-page", "cw-grow");
    this.all.whenResized(() => this.view && this.arrange());
    interactive(this.all.canvas, {
      point: (x, y) => this.point(this.tileAt(x, y)),
      leave: () => this.point(-1),
      press: (x, y) => {
        const tile = this.tileAt(x, y);
        if (tile >= 0) this.move(this.view.first + tile);
      },
      key: (key) => this.key(key),
    });
    return this.all.element;
  }

  // --- Moving ---

  /** The image at a pixel of the page; −1: none. */
  tileAt(x, y) {
    const tile = this.grid.at(x, y)?.channel ?? -1;
    return tile < this.view.indices.length ? tile : -1;
  }

  turn(pages) {
    this.move((Math.floor(this.at / this.grid.count) + pages) * this.grid.count);
  }

  /** Make another image large: at once if the page has it. */
  move(place) {
    const { count } = this.view;
    if (!count) return;
    this.at = clamp(place, count);
    this.showLarge();
    if (this.at !== this.model.get("place")) this.frame.ask({ place: this.at });
  }

  key(key) {
    const { first, indices } = this.view;
    const { across, count } = this.grid;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, PageUp: -count, PageDown: count };
    const to = { Home: first, End: first + indices.length - 1 }[key] ?? this.at + by[key];
    if (Number.isNaN(to)) return false;
    this.move(to);
    return true;
  }

  /** Mark what is under the pointer, and say what it is. */
  point(tile) {
    this.under = tile;
    mark(this.tile, tile >= 0 && this.grid.box(tile), this.grid.width, this.grid.height);
    this.readout.textContent = tile >= 0 ? this.name(tile) : HINT;
  }

  name(tile) {
    const { name, indices, labels } = this.view;
    return `${name}[${indices[tile]}]: ${labels[tile]}`;
  }

  // --- What the kernel sends ---

  show(view) {
    this.view = view;
    const current = !this.frame.pending(view);
    if (current) this.at = this.model.get("place");
    this.frame.update(view, {
      split: Object.entries(view.splits),
      chosen: view.choices.map((name) => pair(name)),
      network: this.frame.commonOptions().network,
    });
    this.frame.badge.hidden = true; // the line above the pairs says it
    this.showPage();
    this.showLarge();
    this.showClasses(view.best);
    this.draws.show(view, current);
    this.pairs.show(view);
    const asked = Boolean(view.line);
    if (asked === this.tabs.element.hidden) this.tabs.show(asked ? "Confused" : "Augmentation");
    this.tabs.element.hidden = !asked;
    this.point(this.under < view.indices.length ? this.under : -1);
  }

  showPage() {
    const { first, columns, rows, pages, side, gap, description, title } = this.view;
    const [height, width] = side;
    this.grid = this.all.tiles([columns * rows, height, width], columns, gap);
    this.pixels = coloursOf(bytesOf(this.model, "pixels"));
    this.all.paint(this.grid, (tile) => this.colours(tile), description);
    this.all.caption.textContent = title;
    const number = first / this.grid.count + 1;
    this.back.disabled = first === 0;
    this.next.disabled = number >= pages;
    this.number.textContent = `page ${number.toLocaleString("en")} of ${pages.toLocaleString("en")}`;
  }

  /** The room has changed. */
  arrange() {
    this.showPage();
    this.showLarge();
    this.point(this.under);
  }

  /** The colours of one image; nothing after the last one. */
  colours(tile) {
    const size = this.grid.rows * this.grid.columns;
    return this.pixels.subarray(tile * size, (tile + 1) * size);
  }

  showLarge() {
    const tile = this.at - this.view.first;
    const here = tile >= 0 && tile < this.view.indices.length;
    mark(this.chosen, here && this.grid.box(tile), this.grid.width, this.grid.height);
    if (!here) return; // of another page: it comes with it
    const { rows, columns } = this.grid;
    this.large.show(columns, rows, `${this.name(tile)}, large`);
    this.large.caption.textContent = this.name(tile);
    paint(this.large.canvas, this.colours(tile), rows, columns);
  }

  showClasses(best) {
    this.classes.element.hidden = !best;
    if (best) this.classes.show({ ...best, trained: true });
    if (best && !best.outputs) this.classes.heading.textContent = "It was not asked about this one";
  }
}

export default {
  /** @param {Context} context */
  render(context) {
    const browse = new Browse(context);
    return () => browse.frame.close();
  },
};
