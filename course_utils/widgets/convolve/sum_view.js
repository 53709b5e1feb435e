/** The sum of one window in numbers: tables for each channel of the image, the bias, the total, the size of the output. */

import { button, el } from "../shared/js/dom.js";
import { shown } from "./sums.js";
import { editable, keepTyping, PlaneTables } from "./tables.js";

export class SumView {
  /** @param {import("./widget.js").Convolve} widget */
  constructor(widget) {
    this.widget = widget;
    /** @type {PlaneTables[]} */
    this.rows = [];
    this.tabs = el("div", { class: "cw-tabs", role: "group", "aria-label": "Channel of the image" });
    this.planes = el("div", { class: "cw-planes cw-scrolls" });
    this.sum = el("output", { class: "cw-answer", "aria-live": "off" });
    this.bias = editable(widget, "the bias", (value) => widget.changeWeights(null, value));
    this.bias.size = 6;
    this.biasLabel = el("label", {}, "+ bias ", this.bias);
    this.total = el("output", { class: "cw-total cw-answer" });
    this.undo = button("Undo what was typed", () => widget.frame.set({ typed: "" }));
    this.sides = el("p", { class: "cw-sides" });
    // what is wrong is said beside what was typed
    const line = el("div", { class: "cw-sum" }, this.sum, this.biasLabel, this.total, this.undo, widget.frame.alert);
    this.element = el("section", { class: "cw-sums" }, this.tabs, this.planes, line, this.sides);
  }

  /** The weights of a map; new tables if they have other sizes. */
  showTables(map) {
    const { kernel, pooling } = this.widget.result;
    const { planes } = this.widget.view;
    const needed = pooling ? [planes[map]] : planes;
    const built = [needed, kernel, pooling].join();
    if (built !== this.built) this.build(needed, kernel, pooling);
    this.built = built;
    this.undo.hidden = !this.widget.model.get("typed");
    if (pooling) return;
    const { weights, bias } = this.widget.tables();
    this.rows.forEach((tables, channel) => tables.showWeights(weights[map][channel].flat()));
    keepTyping(this.bias, bias[map]);
  }

  /** Tables for the window, the weights and their products, for each plane of the image. */
  build(planes, kernel, pooling) {
    this.rows = planes.map((plane, channel) => new PlaneTables(this.widget, plane, channel, kernel, pooling));
    this.planes.replaceChildren(...this.rows.map(({ element }) => element));
    this.planes.classList.toggle("cw-many", kernel[1] > 3);
    this.biasLabel.hidden = Boolean(pooling);
    const one = kernel[0] > 1 && planes.length > 1;
    this.buildTabs(one ? planes : []);
    if (!one && planes.length > 1) for (const { element, partial } of this.rows) element.append(partial);
    const sizes = { rows: kernel[0], columns: kernel[1], tables: pooling ? 1 : 3, planes: one ? 1 : planes.length };
    for (const [name, size] of Object.entries(sizes)) this.element.style.setProperty(`--${name}`, String(size));
  }

  /** A button for each plane with its partial sum: it shows the tables of this one. None: all are shown. */
  buildTabs(planes) {
    const choose = (chosen) =>
      planes.forEach((_, i) => {
        this.rows[i].element.hidden = i !== chosen;
        this.tabs.children[i].setAttribute("aria-pressed", String(i === chosen));
      });
    const tabs = planes.map((plane, i) => {
      const tab = button(`${plane}: `, () => choose(i), {});
      tab.append(this.rows[i].partial);
      return tab;
    });
    this.tabs.replaceChildren(...tabs);
    choose(0);
  }

  /** @type {(sum: number, value: string, place: string) => void} */
  showResult(sum, value, place) {
    const { kernel, pooling } = this.widget.result;
    const count = this.rows.length * kernel[0] * kernel[1];
    this.sum.textContent = {
      null: `${count} product${count > 1 ? "s" : ""}: sum ${shown(sum)}`,
      max: `the largest of ${count} values`,
      average: `sum ${shown(sum)} / ${count}`,
    }[pooling];
    this.total.textContent = `= ${value} (${place})`;
  }
}
