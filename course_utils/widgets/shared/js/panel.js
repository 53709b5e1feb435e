/** A canvas with what belongs to it: caption, frame, marks, the scale of its colours. */

import { fitting, Grid, paint, resize } from "./canvas.js";
import { el, short } from "./dom.js";

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/**
 * A canvas with a caption, a frame of its proportions and a mark that can be put on a unit. With the
 * class `cw-grow` it takes what room its column has left, and the canvas is as large as fits there.
 */
export class Panel {
  /** @param {string} [caption] */
  constructor(caption = "") {
    this.caption = el("figcaption", {}, caption);
    this.canvas = el("canvas", { role: "img" });
    this.mark = el("div", { class: "cw-mark", hidden: "" });
    this.frame = el("div", { class: "cw-frame" }, this.canvas, this.mark);
    this.area = el("div", { class: "cw-area" }, this.frame);
    this.element = el("figure", {}, el("div", { class: "cw-caption" }, this.caption), this.area);
    /** @type {Grid | undefined} */
    this.grid = undefined;
  }

  /**
   * Give it a size in pixels and an alternative text.
   * @param {number} width
   * @param {number} height
   * @param {string} text
   */
  show(width, height, text) {
    resize(this.canvas, width, height);
    this.canvas.setAttribute("aria-label", text);
    this.canvas.classList.toggle("cw-fine", width > 1000); // scaled down: smooth, not pixel by pixel
    this.frame.style.setProperty("--aspect", String(width / height));
  }

  /**
   * Tiles side by side, as many in a row as make them largest in this panel's area. Where the area is as
   * high as what it holds, `across` of them.
   * @param {[count: number, rows: number, columns: number]} shape
   */
  tiles([count, rows, columns], across = count, gap = 0) {
    const bounded = getComputedStyle(this.area).containerType === "size" && this.area.clientHeight > 0;
    return new Grid(count, rows, columns, bounded ? fitting(count, rows, columns, gap, this.area) : across, gap);
  }

  /**
   * Call `again` when the area has another size.
   * @param {() => void} again
   */
  whenResized(again) {
    let seen = "";
    new ResizeObserver(([{ contentRect }]) => {
      const size = `${contentRect.width} ${contentRect.height}`;
      if (seen && seen !== size) again();
      seen = size;
    }).observe(this.area);
  }

  /**
   * Show tiles; `colours(i)` gives those of a tile, row by row.
   * @param {Grid} grid
   * @param {(tile: number) => Uint32Array} colours
   * @param {string} text the alternative text
   */
  paint(grid, colours, text) {
    this.grid = grid;
    this.canvas.dataset.across = String(grid.across);
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
