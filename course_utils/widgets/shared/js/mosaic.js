/** Tiles side by side through which pointer and keys move. */

import { el } from "./dom.js";
import { mark, Panel } from "./panel.js";
import { interactive } from "./pointer.js";

/** @typedef {import("./canvas.js").Unit} Unit */

/**
 * What happens on a mosaic.
 * @typedef {object} Moves
 * @property {(unit: Unit | null) => void} place the pointer or a key is at a unit now; null: it has gone
 * @property {() => void} open a click or Enter on that unit
 * @property {() => Unit} start where the keys begin
 */

/** A panel of tiles, with marks on a unit, on its tile and on the tile that is open, and a line that says the unit. */
export class Mosaic extends Panel {
  /** @param {Moves} moves */
  constructor({ place, open, start }) {
    super();
    /** @type {Unit | null} */
    this.cursor = null;
    this.tile = el("div", { class: "cw-mark", hidden: "" });
    this.opened = el("div", { class: "cw-chosen", hidden: "" });
    this.frame.append(this.opened, this.tile);
    this.readout = el("output", { class: "cw-readout" });
    /** @type {(unit: Unit | null | undefined, live: string) => void} */
    const go = (unit, live) => {
      this.readout.setAttribute("aria-live", live); // nobody wants every step of a mouse read out
      place(unit ?? null);
    };
    interactive(this.canvas, {
      point: (x, y) => go(this.grid?.at(x, y), "off"),
      leave: () => place(null),
      press: (x, y) => {
        go(this.grid?.at(x, y), "off");
        open();
      },
      focus: () => place(this.cursor ?? start()),
      key: (key) => {
        const unit = this.cursor ?? start();
        const enter = key === "Enter" || key === " ";
        const next = enter ? unit : this.grid?.step(unit, key);
        if (!next) return false;
        go(next, "polite");
        if (enter) open();
        return true;
      },
    });
  }

  /**
   * Mark a unit and its tile, and say it; null: nothing is marked.
   * @param {Unit | null} unit
   * @param {string} words
   * @param {boolean} [alone] the tiles are single units
   */
  point(unit, words, alone = false) {
    this.cursor = unit;
    this.readout.textContent = words;
    if (!this.grid) return;
    const { width, height } = this.grid;
    mark(this.tile, unit && this.grid.box(unit.channel), width, height);
    mark(this.mark, unit && !alone && this.grid.unit(unit), width, height);
  }

  /**
   * Frame the tile that is open; −1: none.
   * @param {number} tile
   */
  open(tile) {
    if (this.grid) mark(this.opened, tile >= 0 && this.grid.box(tile), this.grid.width, this.grid.height);
  }
}
