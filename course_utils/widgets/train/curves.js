/** The curves of all runs, what the cursor reads from them, and a table of where they are. */

import { el, fill, labelled, list, pair, short, svg } from "../shared/js/dom.js";
import { Chart, look } from "./chart.js";

const HINT = "Thin lines: training. Lines with dots: validation.";

export class Curves {
  constructor() {
    const draw = () => this.last && this.draw(this.last);
    this.axis = list("axis", draw);
    fill(this.axis, [pair("images", "epochs"), pair("seconds")]);
    const percent = (value) => `${Math.round(100 * value)} %`;
    this.charts = [new Chart("Loss", 2, short, draw), new Chart("Accuracy", 3, percent, draw)];
    this.readout = el("output", { class: "cw-readout" });
    this.rows = el("tbody", {});
    this.against = labelled("Against", this.axis);
    const charts = this.charts.map((chart) => chart.element);
    this.element = el("section", { class: "cw-charts", "aria-label": "Curves" }, ...charts);
    this.table = el("table", { class: "cw-table cw-runs" }, heads(), this.rows);
    this.resized = new ResizeObserver(draw);
    this.resized.observe(this.charts[0].svg);
  }

  close() {
    this.resized.disconnect();
  }

  /** guess: loss and accuracy of a network that guesses; words: the alternative text. */
  draw(shown) {
    this.last = shown;
    const { runs, now, guess } = shown;
    const cursor = this.charts.map((chart) => chart.cursor).find((place) => place !== null) ?? null;
    for (const [i, chart] of this.charts.entries()) {
      chart.draw({ ...shown, x: this.axis.value, guess: guess[i], cursor });
    }
    const earlier = runs.filter((run) => run.earlier).reverse();
    this.rows.replaceChildren(...[...now, ...earlier].map((run) => row(run, look(run, now))));
    this.readout.textContent = cursor === null ? HINT : this.charts[0].read(runs, cursor);
  }
}

function heads() {
  const head = (text, more) => el("th", { scope: "col", class: "cw-number", ...more }, text);
  const both = { rowspan: 2 };
  const two = { colspan: 2, scope: "colgroup" };
  const top = [head("network", { ...both, class: "" }), head("epochs", both), head("seconds", both)];
  const below = ["loss", "accuracy", "loss", "accuracy"].map((text) => head(text));
  return el("thead", {}, el("tr", {}, ...top, head("training", two), head("validation", two)), el("tr", {}, ...below));
}

/** A run in the table: where it is, and the last loss and accuracy of training and validation. */
function row(run, kind) {
  const [point, check] = [run.points.at(-1), run.checks.at(-1)];
  const last = [point, check].flatMap((values) =>
    values ? [values[2].toFixed(2), `${(100 * values[3]).toFixed(1)} %`] : ["–", "–"],
  );
  const cells = [(run.images / run.epochLength).toFixed(2), (point?.[1] ?? 0).toFixed(1), ...last];
  const name = el("th", { scope: "row" }, swatch(kind), run.name);
  return el("tr", {}, name, ...cells.map((text) => el("td", { class: "cw-number" }, text)));
}

function swatch(kind) {
  const line = svg("line", { class: `cw-validation ${kind}`, x1: 0, x2: 28, y1: 6, y2: 6 });
  return svg("svg", { class: "cw-swatch", viewBox: "0 0 28 12", "aria-hidden": "true" }, line);
}
