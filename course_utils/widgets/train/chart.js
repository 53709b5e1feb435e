/** A chart of all runs. */

import { el, short, svg } from "../shared/js/dom.js";
import { follow, placeOf, takeKeys } from "../shared/js/pointer.js";
import { thinned, ticks } from "./runs.js";

const STEPS = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 };

/** Loss or accuracy of all runs over epochs or seconds. Pointer and arrow keys put a cursor on it. */
export class Chart {
  /**
   * value: which number of a point, from 0; format: of the numbers at the axis; moved: is called
   * when the cursor is.
   */
  constructor(title, value, format, moved) {
    Object.assign(this, { title, value, format, moved, cursor: null });
    this.svg = svg("svg", { class: "cw-chart", role: "img" });
    this.element = el("figure", {}, el("figcaption", {}, title), this.svg);
    const point = (event) => {
      const [x] = placeOf(this.svg, event, this.svg.clientWidth);
      this.place((x - this.left) / (this.right - this.left));
    };
    follow(this.svg, point, () => this.place(null));
    this.svg.addEventListener("blur", () => this.place(null));
    takeKeys(this.svg, (key) => {
      if (key in STEPS) this.place((this.cursor ?? 0.5) + STEPS[key]);
      return key in STEPS;
    });
  }

  /** Put the cursor at a share (0..1) of the axis; null: away. */
  place(share) {
    this.cursor = share === null ? null : Math.max(0, Math.min(1, share));
    this.moved();
  }

  draw({ runs, now, x, guess, epochs, cursor, words }) {
    const [width, height] = [this.svg.clientWidth, this.svg.clientHeight];
    if (!width) return;
    this.em = parseFloat(getComputedStyle(this.svg).fontSize);
    [this.left, this.right] = [3.8 * this.em, width - 0.8 * this.em];
    [this.top, this.bottom] = [0.5 * this.em, height - 2.4 * this.em];
    this.x = x;
    const shown = now.length ? now : runs;
    const epochsShown = Math.max(...shown.map((run) => run.epochs), shown.length ? 0 : epochs);
    const ends = shown.map((run) => (run.points.at(-1)?.[1] ?? 0) + run.left);
    this.width = x === "seconds" ? Math.max(1, ...ends) : epochsShown;
    this.high = this.value === 3 ? 1 : this.highest(runs, guess);
    const lines = runs.flatMap((run) => this.lines(run, look(run, now)));
    this.svg.setAttribute("aria-label", `${this.title} against ${x === "seconds" ? "seconds" : "epochs"}. ${words}`);
    this.svg.replaceChildren(...this.axes(guess), ...lines, ...this.cursorAt(cursor));
  }

  /** Pixels of a value on the axis below, and on the axis at the left. */
  px(value) {
    return this.left + ((this.right - this.left) * value) / this.width;
  }

  py(value) {
    return this.bottom - ((this.bottom - this.top) * Math.min(value, this.high)) / this.high;
  }

  across(name, value) {
    const y = this.py(value);
    return svg("line", { class: name, x1: this.left, x2: this.right, y1: y, y2: y });
  }

  axes(guess) {
    const { em, left, right, bottom } = this;
    const rows = ticks(this.high).flatMap((tick) => [
      this.across("cw-grid", tick),
      text(left - 0.4 * em, this.py(tick) + 0.35 * em, this.format(tick), "end"),
    ]);
    return [
      ...rows,
      ...ticks(this.width).map((tick) => text(this.px(tick), bottom + 1.2 * em, short(tick), "middle")),
      text(right, bottom + 2.2 * em, this.x === "seconds" ? "seconds of its own" : "epochs", "end"),
      this.across("cw-guess", guess),
      text(right, this.py(guess) + (this.py(guess) < this.top + em ? 1.1 : -0.3) * em, "guessing", "end"),
    ];
  }

  /** Where a point of a run is on the axis below. */
  along(run, point) {
    return this.x === "seconds" ? point[1] : point[0] / run.epochLength;
  }

  /** A thin line for the training; a line with dots for the validation, as long as they are few. */
  lines(run, kind) {
    const width = this.right - this.left;
    const line = (points, what) => {
      const places = thinned(points, width)
        .filter((point) => Number.isFinite(point[this.value]))
        .map((point) => [this.px(this.along(run, point)), this.py(point[this.value])].map((v) => v.toFixed(1)));
      if (!places.length) return [];
      const dots = what === "cw-validation" && places.length <= 30 ? places : [];
      return [
        svg("polyline", { class: `${what} ${kind}`, points: places.join(" ") }),
        ...dots.map(([cx, cy]) => svg("circle", { class: kind, cx, cy, r: 0.28 * this.em })),
      ];
    };
    return [...line(run.points, "cw-training"), ...line(run.checks, "cw-validation")];
  }

  cursorAt(share) {
    if (share === null) return [];
    const x = this.px(share * this.width);
    return [svg("line", { class: "cw-cursor", x1: x, x2: x, y1: this.top, y2: this.bottom })];
  }

  /** The top of the axis: what is learned must be seen, also beside a loss that exploded. */
  highest(runs, guess) {
    const all = runs.flatMap((run) => [...run.points, ...run.checks].map((point) => point[2]));
    const most = all.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), guess);
    return Math.min(1.05 * most, 3 * guess);
  }

  /** What all runs had reached at a share (0..1) of the axis. */
  read(runs, share) {
    const at = share * this.width;
    const words = runs.flatMap((run) => {
      const point = run.points.findLast((p) => this.along(run, p) <= at);
      const check = run.checks.findLast((p) => this.along(run, p) <= at);
      const validated = check ? `, validation ${reached(check)}` : "";
      return point ? [`${run.name}: ${reached(point)}${validated}`] : [];
    });
    return `${this.x === "seconds" ? "second" : "epoch"} ${short(at)}: ${words.join(" · ") || "nothing yet"}`;
  }
}

const reached = (point) => `${point[2].toFixed(2)}, ${(100 * point[3]).toFixed(1)} %`;

function text(x, y, content, anchor) {
  return svg("text", { x, y, "text-anchor": anchor }, content);
}

/** The class of a run's lines: cw-run0, cw-run1; cw-past0 … of earlier ones. */
export function look(run, now) {
  return run.earlier ? `cw-past cw-past${run.number % 4}` : `cw-run${now.indexOf(run)}`;
}
