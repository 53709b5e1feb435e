/** preprocess(): the image after each step on its way into a network, in any order. */

import { bytesOf, coloursOf, paint } from "../shared/js/canvas.js";
import { el, KEEP_KEYS, svg } from "../shared/js/dom.js";
import { Classes, Frame } from "../shared/js/frame.js";

class Preprocess {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, {
      image: "Image",
      network: "Network",
      normalisation: "Normalisation",
      to_tensor: "To tensor",
    });
    this.cards = {};
    this.steps = el("ol", { class: "cw-steps", "aria-label": "Steps, first to last" });
    this.classes = new Classes();
    this.ways = el("tbody");
    this.result = el("div", { class: "cw-result" }, this.verdict(), this.classes.element, this.table());
    this.frame.body.classList.add("cw-preprocess");
    this.frame.body.append(this.steps, this.result);
    this.acceptCards();
    this.frame.listen("change:view", () => this.update());
    this.update();
  }

  verdict() {
    this.heading = el("h4", {});
    this.sentences = el("ol", { class: "cw-answer" });
    this.back = el("button", { type: "button", ...KEEP_KEYS }, "All steps in order");
    this.back.addEventListener("click", () => {
      this.frame.ask({ order: this.view.right, off: "", normalisation: "own", to_tensor: "keeps" });
    });
    this.said = el(
      "section",
      { class: "cw-verdict" },
      el("div", { role: "status" }, this.heading, this.sentences),
      this.back,
    );
    return this.said;
  }

  table() {
    const head = ["Normalisation", "Class", "Probability"].map((text) => el("th", { scope: "col" }, text));
    this.comparison = el(
      "table",
      { class: "cw-ways cw-answer" },
      el("caption", {}, "Best class by normalisation, all steps in order"),
      el("thead", {}, el("tr", {}, ...head)),
      this.ways,
    );
    return this.comparison;
  }

  // --- Order ---

  order() {
    return this.model.get("order").split(", ");
  }

  /** Put a step where another stands now. */
  move(name, place) {
    const order = this.order().filter((other) => other !== name);
    order.splice(place, 0, name);
    this.frame.ask({ order: order.join(", ") });
  }

  step(name, by) {
    const place = this.order().indexOf(name) + by;
    if (place >= 0 && place < this.order().length) this.move(name, place);
  }

  switch(name, on) {
    const off = this.model
      .get("off")
      .split(", ")
      .filter((other) => other && other !== name);
    this.frame.ask({ off: (on ? off : [...off, name]).join(", ") });
  }

  /** Drag a card by the mouse to another place in the row. */
  acceptCards() {
    const { steps } = this;
    steps.addEventListener("dragstart", (event) => {
      this.dragged = event.target.closest("li")?.dataset.step;
      event.dataTransfer.setData("text/plain", this.dragged);
      event.stopPropagation();
    });
    steps.addEventListener("dragend", () => this.mark());
    for (const type of ["dragenter", "dragover", "drop"]) {
      steps.addEventListener(type, (event) => {
        if (!this.dragged) return; // a file: that is the frame's
        event.preventDefault();
        event.stopPropagation();
        const [card, after] = this.under(event);
        this.mark(card, after);
        if (type === "drop") this.drop(card, after);
      });
    }
  }

  /** The card under the pointer, and whether the pointer is in its right half. */
  under(event) {
    const card = event.target.closest("li");
    const box = card?.getBoundingClientRect();
    return [card, box && event.clientX > box.left + box.width / 2];
  }

  mark(card, after) {
    for (const other of this.steps.children) {
      other.classList.toggle("cw-before", other === card && !after);
      other.classList.toggle("cw-after", other === card && after);
    }
  }

  drop(card, after) {
    const name = this.dragged;
    this.dragged = null;
    this.mark();
    if (!card || card.dataset.step === name) return;
    const rest = this.order().filter((other) => other !== name);
    this.move(name, rest.indexOf(card.dataset.step) + (after || card.dataset.step === "image" ? 1 : 0));
  }

  // --- What the kernel sends ---

  update() {
    const view = this.model.get("view");
    if (view.seq < this.painted) return; // an older answer that came late
    this.painted = view.seq;
    this.view = view;
    this.frame.update(view, { ...this.frame.commonOptions(), ...view.choices });
    this.showSteps();
    this.showVerdict();
    this.classes.show(view);
    if (view.answer) this.showNoAnswer();
    this.comparison.hidden = !view.ways.length;
    this.ways.replaceChildren(...view.ways.map((way) => row(way, way.name === this.model.get("normalisation"))));
    this.root.dataset.seq = view.seq;
  }

  showSteps() {
    const { steps } = this.view;
    const focused = this.steps.contains(document.activeElement) ? document.activeElement : null;
    const bytes = bytesOf(this.model, "pixels");
    let from = 0;
    const cards = steps.map((step, place) => {
      const card = (this.cards[step.name] ??= this.card(step.name));
      const size = step.state === "done" ? step.height * step.width * 3 : 0;
      showStep(card, step, bytes.subarray(from, from + size), this.view);
      showPlace(card, place, steps.length - 1);
      from += size;
      return card;
    });
    if (cards.some((card, i) => this.steps.children[i] !== card)) this.steps.replaceChildren(...cards);
    if (focused) (focused.disabled ? focused.parentElement.querySelector("button:enabled") : focused)?.focus();
  }

  showVerdict() {
    const { verdict, heading, sentences } = this.view;
    this.said.dataset.verdict = verdict;
    this.heading.textContent = heading;
    this.sentences.replaceChildren(...sentences.map((text) => el("li", {}, text)));
    this.back.hidden = verdict === "right";
  }

  /** Where the classes would be: why there are none. */
  showNoAnswer() {
    this.classes.heading.textContent = "No answer";
    this.classes.list.replaceChildren(el("li", { class: "cw-noanswer" }, this.view.answer));
  }

  /** A card; all but the image's can be moved and switched off. */
  card(name) {
    const part = (tag, kind, attributes = {}) => el(tag, { class: `cw-${kind}`, ...attributes });
    const card = el(
      "li",
      { "data-step": name, class: "cw-card" },
      name === "image" ? el("div", { class: "cw-head" }, el("h4", {}, name)) : this.head(name),
      part("p", "does"),
      part("canvas", "thumbnail", { role: "img" }),
      svg("svg", { class: "cw-histogram", role: "img", viewBox: "0 0 480 160", preserveAspectRatio: "none" }),
      el("div", { class: "cw-ends" }, part("span", "black"), part("span", "white")),
      part("div", "facts"),
      part("p", "note"),
    );
    if (name !== "image") card.draggable = true;
    card.find = (kind) => card.querySelector(`.cw-${kind}`);
    for (const fact of ["shape", "type", "values", "mean"]) {
      card.find("facts").append(el("span", {}, fact), part("span", fact));
    }
    return card;
  }

  /** Switch, name, and two buttons; on them the arrow keys move the card as well. */
  head(name) {
    const on = el("input", { type: "checkbox", name: "on", ...KEEP_KEYS });
    on.addEventListener("change", () => this.switch(name, on.checked));
    const moves = [
      ["‹", "earlier", -1],
      ["›", "later", +1],
    ].map(([sign, word, by]) => {
      const label = `Move ${name} ${word}`;
      const button = el("button", { type: "button", "aria-label": label, title: label, ...KEEP_KEYS }, sign);
      button.addEventListener("click", () => this.step(name, by));
      return button;
    });
    const buttons = el("div", { class: "cw-moves" }, ...moves);
    buttons.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: +1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.step(name, by);
    });
    return el("div", { class: "cw-head" }, el("h4", {}, el("label", {}, on, name)), buttons);
  }
}

/** Which number a card has in the row, and where it can go from there. */
function showPlace(card, place, last) {
  if (!place) return; // the image comes first
  const [earlier, later] = card.querySelectorAll("button");
  earlier.disabled = place === 1;
  later.disabled = place === last;
}

function showStep(card, step, bytes, { image }) {
  const done = step.state === "done";
  card.classList.toggle("cw-gone", !done);
  card.classList.toggle("cw-failed", step.state === "failed");
  card.find("does").textContent = step.explanation;
  card.find("note").textContent = step.note ?? "";
  card.find("note").hidden = done;
  const on = card.querySelector("input");
  if (on) on.checked = step.state !== "off";
  for (const fact of ["shape", "type", "mean", "black", "white"]) card.find(fact).textContent = step[fact] ?? "";
  card.find("values").textContent = done ? `${step.min} to ${step.max}` : "";
  if (!done) return;
  const values = `${step.min} to ${step.max}`;
  const thumbnail = card.find("thumbnail");
  thumbnail.setAttribute(
    "aria-label",
    `${image} after ${step.name}: ${step.shape}, values ${values}, mean ${step.mean}`,
  );
  paint(thumbnail, coloursOf(bytes), step.height, step.width);
  const histogram = card.find("histogram");
  histogram.setAttribute(
    "aria-label",
    `histogram of red, green and blue from ${step.black} to ${step.white}, mean ${step.mean}`,
  );
  drawHistogram(histogram, step);
}

/** One line a channel over the values from black to white; a thin line where zero is. */
function drawHistogram(drawing, { histogram, zero }) {
  // a few bins (sky, black borders) may tower over all others: the highest do not count
  const counts = histogram.flat().sort((a, b) => a - b);
  const top = counts[Math.max(0, counts.length - 4)] || counts.at(-1) || 1;
  const lines = histogram.map((bins, channel) => {
    const height = (count) => (156 - 150 * Math.min(1, count / top)).toFixed(1);
    const points = bins.map((count, i) => `${(((i + 0.5) * 480) / bins.length).toFixed(1)},${height(count)}`);
    return svg("polyline", { class: ["cw-red", "cw-green", "cw-blue"][channel], points: points.join(" ") });
  });
  const axis = zero === null ? [] : [svg("line", { x1: zero * 480, x2: zero * 480, y1: 0, y2: 160 })];
  drawing.replaceChildren(...axis, ...lines);
}

function row({ title, numbers, label, text }, chosen) {
  const name = el("th", { scope: "row" }, title, el("small", {}, numbers));
  return el("tr", chosen ? { "aria-current": "true" } : {}, name, el("td", {}, label), el("td", {}, text));
}

export default {
  render(context) {
    const preprocess = new Preprocess(context);
    return () => preprocess.frame.close();
  },
};
