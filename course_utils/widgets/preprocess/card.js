/** A card for each step: its switch, the image after it, a histogram, and the facts. */

import { coloursOf, paint } from "../shared/js/canvas.js";
import { button, el, input, svg } from "../shared/js/dom.js";

const FACTS = ["shape", "type", "values", "mean"];

/**
 * What a card asks for.
 * @typedef {object} Orders
 * @property {(name: string, by: number) => void} step another place in the row
 * @property {(name: string, on: boolean) => void} turn on or off
 */

/** All but the image's card can be moved and switched off. */
export class Card {
  /**
   * @param {string} name
   * @param {Orders} orders
   */
  constructor(name, orders) {
    this.name = name;
    this.fixed = name === "image"; // it comes first
    this.on = input({ type: "checkbox", name: "on" }, ({ checked }) => orders.turn(name, checked));
    this.moves = [this.move("‹", "earlier", -1, orders), this.move("›", "later", +1, orders)];
    this.does = el("p", { class: "cw-does" });
    this.thumbnail = el("canvas", { class: "cw-thumbnail", role: "img" });
    const stretched = { viewBox: "0 0 480 160", preserveAspectRatio: "none" };
    this.histogram = svg("svg", { class: "cw-histogram", role: "img", ...stretched });
    const [black, white] = [el("span", { class: "cw-black" }), el("span", { class: "cw-white" })];
    const facts = FACTS.map((fact) => el("span", { class: `cw-${fact}` }));
    const [shape, type, values, mean] = facts;
    /** @type {Record<string, HTMLElement>} */
    this.facts = { black, white, shape, type, values, mean };
    this.note = el("p", { class: "cw-note" });
    this.element = el(
      "li",
      { "data-step": name, class: "cw-card" },
      el("div", { class: "cw-head" }, ...this.head(orders)),
      this.does,
      this.thumbnail,
      this.histogram,
      el("div", { class: "cw-ends" }, black, white),
      el("div", { class: "cw-facts" }, ...facts),
      this.note,
    );
  }

  /** Switch, name, and two buttons; on them the arrow keys move the card as well. */
  head(orders) {
    if (this.fixed) return [el("h4", {}, this.name)];
    const buttons = el("div", { class: "cw-moves" }, ...this.moves);
    buttons.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: +1 }[event.key];
      if (!by) return;
      event.preventDefault();
      orders.step(this.name, by);
    });
    return [el("h4", {}, el("label", {}, this.on, this.name)), buttons];
  }

  move(sign, word, by, orders) {
    const title = `Move ${this.name} ${word}`;
    return button(sign, () => orders.step(this.name, by), { "aria-label": title, title });
  }

  /** Its place in the row, and where it can go from there. */
  place(place, last) {
    const [earlier, later] = this.moves;
    earlier.disabled = place === 1;
    later.disabled = place === last;
  }

  /** step: as the kernel describes it; bytes: RGB of the image after it, if it was done. */
  show(step, bytes, image) {
    const done = step.state === "done";
    this.element.classList.toggle("cw-gone", !done);
    this.element.classList.toggle("cw-failed", step.state === "failed");
    this.does.textContent = step.explanation;
    this.note.textContent = step.note ?? "";
    this.note.hidden = done;
    this.on.checked = step.state !== "off";
    const values = done ? `${step.min} to ${step.max}` : "";
    const mean = done ? `mean ${step.mean}` : "";
    for (const [fact, part] of Object.entries(this.facts)) part.textContent = { ...step, values, mean }[fact] ?? "";
    if (!done) return;
    const { black, white, shape, height, width } = step;
    const seen = `${image} after ${step.name}: ${shape}, values ${values}, ${mean}`;
    this.thumbnail.setAttribute("aria-label", seen);
    paint(this.thumbnail, coloursOf(bytes), height, width);
    const channels = step.histogram.length === 3 ? "red, green and blue" : "grey";
    const drawn = `histogram of ${channels} from ${black} to ${white}, ${mean}`;
    this.histogram.setAttribute("aria-label", drawn);
    this.histogram.replaceChildren(...histogram(step));
  }
}

/** One line a channel over the values from black to white; a thin line where zero is. */
function histogram({ histogram, zero }) {
  // a few bins (sky, black borders) may tower over all others: the highest do not count
  const counts = histogram.flat().sort((a, b) => a - b);
  const top = counts[Math.max(0, counts.length - 4)] || counts.at(-1) || 1;
  const names = histogram.length === 3 ? ["cw-red", "cw-green", "cw-blue"] : ["cw-grey"];
  const lines = histogram.map((bins, channel) => {
    const height = (count) => (156 - 150 * Math.min(1, count / top)).toFixed(1);
    const points = bins.map((count, i) => `${(((i + 0.5) * 480) / bins.length).toFixed(1)},${height(count)}`);
    return svg("polyline", { class: names[channel], points: points.join(" ") });
  });
  const axis = zero === null ? [] : [svg("line", { x1: zero * 480, x2: zero * 480, y1: 0, y2: 160 })];
  return [...axis, ...lines];
}
