/** Several small kernels in a row beside one large one. */

import { Grid, onScale } from "../shared/js/canvas.js";
import { el, fill, labelled, list, pair, svg } from "../shared/js/dom.js";
import { Panel, Scale } from "../shared/js/panel.js";
import { heads, NUMERIC } from "./layers.js";

const HEADS = ["", "Receptive field", "Parameters", "Multiply-adds", "ReLUs between", "Effect in the middle"];
const DEPTHS = [1, 2, 3, 4, 5, 6, 7];
const ABOUT =
  "How much each pixel reaches the unit in the middle: |d unit / d pixel|, the mean over random weights. " +
  "Counted for 64 feature maps of 56 × 56, in and out.";

export class Stacks {
  /**
   * @param {Uint32Array} colours
   * @param {(depth: number) => void} choose
   */
  constructor(colours, choose) {
    this.colours = colours;
    this.depth = list("depth", (value) => choose(Number(value)));
    fill(
      this.depth,
      DEPTHS.map((n) => pair(String(n), `${n} of 3×3 or one ${2 * n + 1}×${2 * n + 1}`)),
    );
    this.choice = labelled("Kernels", this.depth);
    this.panels = [new Panel(), new Panel()];
    for (const { element } of this.panels) element.classList.add("cw-grow");
    this.scale = new Scale();
    this.scale.paint(colours);
    this.rows = el("tbody");
    this.profile = el("figure", { class: "cw-profile cw-grow" });
    this.element = el(
      "div",
      { class: "cw-stacks cw-grow" },
      el("p", { class: "cw-does cw-aside" }, ABOUT),
      el("div", { class: "cw-pairs cw-grow" }, ...this.panels.map(({ element }) => element), this.profile),
      el("div", { class: "cw-scale" }, "share of the effect ", this.scale.element),
      el("table", { class: "cw-table" }, heads(HEADS), this.rows),
    );
  }

  show(stacks) {
    const scale = { low: 0, high: Math.max(...stacks.flatMap(({ effect }) => effect)) };
    this.depth.value = String(stacks[0].depth);
    stacks.forEach(({ field, name, middle, share, effect }, i) => {
      const text = `Effect of ${field} × ${field} pixels on a unit, ${name}: the middle ${middle} × ${middle} hold ${share}`;
      this.panels[i].paint(new Grid(1, field, field), () => onScale(effect, scale, this.colours), text);
      this.panels[i].caption.textContent = name;
    });
    this.scale.show(scale);
    this.rows.replaceChildren(...stacks.map((stack) => this.row(stack, stacks[1])));
    this.draw(stacks);
  }

  row({ name, field, parameters, multiply_adds: work, depth, middle, share }, large) {
    const part = (text, n, of) => (n === of ? text : `${text} (${Math.round((100 * n) / of)} %)`);
    const cells = [
      `${field} × ${field}`,
      part(parameters.toLocaleString("en"), parameters, large.parameters),
      part(`${Math.round(work / 1e6).toLocaleString("en")} million`, work, large.multiply_adds),
      String(depth - 1),
      `${share} in ${middle} × ${middle}`,
    ];
    return el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((text) => el("td", NUMERIC, text)));
  }

  /** The effect of each column of pixels as two lines. */
  draw(stacks) {
    const sums = stacks.map(({ effect, field }) => columnSums(effect, field));
    const highest = Math.max(...sums.flat());
    const lines = sums.map((sum, i) => {
      const points = sum.map((share, x) => `${(100 * (x + 0.5)) / sum.length},${60 - (55 * share) / highest}`);
      return svg("polyline", { points: points.join(" "), class: `cw-line-${i}` });
    });
    const text = stacks.map(
      ({ name }, i) => `${name}: ${percent(Math.max(...sums[i]))} at most, ${percent(sums[i][0])} at the edge`,
    );
    const label = `Effect by column of pixels. ${text.join("; ")}`;
    const box = { viewBox: "0 0 100 60", preserveAspectRatio: "none", role: "img", "aria-label": label };
    this.profile.replaceChildren(
      el("figcaption", { class: "cw-caption" }, "Effect by column of pixels"),
      svg("svg", box, ...lines),
      el("ul", { class: "cw-legend" }, ...text.map((words, i) => el("li", { class: `cw-key-${i}` }, words))),
    );
  }
}

/** @type {(effect: number[], field: number) => number[]} */
function columnSums(effect, field) {
  const sums = new Array(field).fill(0);
  effect.forEach((share, i) => (sums[i % field] += share));
  return sums;
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;
