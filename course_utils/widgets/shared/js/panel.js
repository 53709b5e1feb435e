/** A canvas with what belongs to it: caption, frame, marks, the scale of its colours. */

import { paint } from "./canvas.js";
import { el, short } from "./dom.js";

/** @typedef {import("./canvas.js").Grid} Grid */
/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/** A canvas with a caption, a frame of its proportions and a mark that can be put on a unit. */
export class Panel {
  /** @param {string} [caption] */
  constructor(caption = "") {
    this.caption = el("figcaption", {}, caption);
    this.canvas = el("canvas", { role: "img" });
    this.mark = el("div", { class: "cw-mark", hidden: "" });
    this.frame = el("div", { class: "cw-frame" }, this.canvas, this.mark);
    this.element = el("figure", {}, el("div", { class: "cw-caption" }, this.caption), this.frame);
  }

  /**
   * Give it a size in pixels and an alternative text.
   * @param {number} width
   * @param {number} height
   * @param {string} text
   */
  show(width, height, text) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.setAttribute("aria-label", text);
    this.canvas.classList.toggle("cw-fine", width > 1000); // scaled down: smooth, not pixel by pixel
    this.frame.style.setProperty("--aspect", String(width / height));
  }

  /**
   * Show tiles; `colours(i)` gives those of a tile, row by row.
   * @param {Grid} grid
   * @param {(tile: number) => Uint32Array} colours
   * @param {string} text the alternative text
   */
  paint(grid, colours, text) {
    this.show(grid.width, grid.height, text);
    grid.paint(this.canvas, colours);
  }
}

/**
 * Put a box over part of an image of `width` × `height` units; none: hide it.
 * @param {HTMLElement} element
 * @param {Box | null | false | undefined} part
 * @param {number} width
 * @param {number} height
 */
export function mark(element, part, width, height) {
  element.hidden = !part;
  if (!part) return;
  element.style.left = `${(100 * part.left) / width}%`;
  element.style.top = `${(100 * part.top) / height}%`;
  element.style.width = `${(100 * part.width) / width}%`;
  element.style.height = `${(100 * part.height) / height}%`;
}

/** The colour scale: a bar from the lowest value to the highest, with its zero. */
export class Scale {
  constructor() {
    this.bar = el("canvas", { "aria-hidden": "true" });
    this.low = el("span");
    this.high = el("span");
    this.zero = el("span", { class: "cw-zero" }, "0");
    const ramp = el("div", { class: "cw-ramp" }, this.bar, this.zero);
    this.element = el("div", { class: "cw-scale" }, this.low, ramp, this.high);
  }

  /**
   * @param {Uint32Array} colours 256 of them
   */
  paint(colours) {
    paint(this.bar, colours, 1, 256);
  }

  /**
   * The values at the ends; none: each map goes from its own lowest value to its highest.
   * @param {{ low?: number, high?: number }} ends
   */
  show({ low, high }) {
    const known = low !== undefined && high !== undefined;
    this.low.textContent = known ? short(low) : "lowest";
    this.high.textContent = known ? short(high) : "highest";
    const zero = known ? -low / (high - low) : NaN;
    this.zero.hidden = !(zero > 0.05 && zero < 0.95);
    this.zero.style.left = `${100 * zero}%`;
  }
}
