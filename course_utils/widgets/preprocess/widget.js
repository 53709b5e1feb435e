/** preprocess(): the image after each step on its way into a network, in any order. */

import { bytesOf } from "../shared/js/canvas.js";
import { button, el, KEEP_KEYS } from "../shared/js/dom.js";
import { Classes, Frame } from "../shared/js/frame.js";
import { Card } from "./card.js";

/** @typedef {import("../shared/js/model.d.ts").Context} Context */

class Preprocess {
  /** @param {Context} context */
  constructor({ model, el: root }) {
    this.model = model;
    this.frame = new Frame(model, root, "preprocess", {
      image: "Image",
      network: "Network",
      normalisation: "Normalisation",
      to_tensor: "To tensor",
    });
    /** @type {Record<string, Card>} */
    this.cards = {};
    this.steps = el("ol", { class: "cw-steps", "aria-label": "Steps, first to last" });
    this.classes = new Classes();
    this.frame.body.classList.add("cw-grow");
    this.frame.body.append(
      this.steps,
      el("div", { class: "cw-result" }, this.verdict(), this.classes.element, this.table()),
    );
    this.frame.views((view) => this.show(view));
  }

  verdict() {
    this.heading = el("h4", {});
    this.sentences = el("ol", { class: "cw-answer" });
    const order = () => ({ order: this.view.right, off: "", normalisation: "own", to_tensor: "keeps" });
    this.back = button("All steps in order", () => this.frame.ask(order()), {});
    const words = el("div", { role: "status" }, this.heading, this.sentences);
    this.said = el(
      "section",
      { class: "cw-verdict cw-scrolls", tabindex: "0", "aria-label": "Verdict", ...KEEP_KEYS },
      words,
      this.back,
    );
    return this.said;
  }

  table() {
    this.ways = el("tbody");
    this.comparison = el(
      "table",
      { class: "cw-ways cw-answer" },
      el("caption", {}, "Best class by normalisation, all steps in order"),
      this.ways,
    );
    return this.comparison;
  }

  // --- Order ---

  /** @returns {string[]} */
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

  turn(name, on) {
    const off = this.model.get("off").split(", ");
    const others = off.filter((other) => other && other !== name);
    this.frame.ask({ off: (on ? others : [...others, name]).join(", ") });
  }

  // --- What the kernel sends ---

  show(view) {
    this.view = view;
    this.frame.update(view, { ...this.frame.commonOptions(), ...view.choices });
    this.showSteps();
    this.showVerdict();
    this.classes.show(view);
    if (view.answer) this.showNoAnswer();
    this.comparison.hidden = !view.ways.length;
    this.ways.replaceChildren(...view.ways.map((way) => row(way, way.name === this.model.get("normalisation"))));
  }

  showSteps() {
    const { steps, image } = this.view;
    const active = /** @type {HTMLButtonElement} */ (document.activeElement);
    const focused = this.steps.contains(active) ? active : null;
    const bytes = bytesOf(this.model, "pixels");
    let from = 0;
    const cards = steps.map((step, place) => {
      const card = (this.cards[step.name] ??= new Card(step.name, this));
      const size = step.state === "done" ? step.height * step.width * 3 : 0;
      card.show(step, bytes.subarray(from, from + size), image);
      card.place(place, steps.length - 1);
      from += size;
      return card.element;
    });
    if (cards.some((card, i) => this.steps.children[i] !== card)) this.steps.replaceChildren(...cards);
    const next = focused?.disabled ? focused.parentElement.querySelector("button:enabled") : focused;
    /** @type {HTMLElement | null} */ (next)?.focus();
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
}

function row({ title, numbers, label, text }, chosen) {
  const name = el("th", { scope: "row", title: numbers }, title);
  return el("tr", chosen ? { "aria-current": "true" } : {}, name, el("td", {}, label), el("td", {}, text));
}

export default {
  /** @param {Context} context */
  render(context) {
    const preprocess = new Preprocess(context);
    return () => preprocess.frame.close();
  },
};
