/** The pairs of classes that a network confuses most. */

import { button, el } from "../shared/js/dom.js";

/** @typedef {import("../shared/js/frame.js").Frame} Frame */

export class Pairs {
  /** @param {Frame} frame */
  constructor(frame) {
    this.frame = frame;
    this.line = el("h4", {});
    this.note = el("p", { class: "cw-warning" });
    this.again = button("Ask again", () => this.askAgain());
    this.whole = button("All images", () => frame.ask({ pair: "" }));
    this.list = el("ol", { class: "cw-pairs cw-answer cw-scrolls", "aria-label": "Most confused pairs" });
    this.element = el(
      "section",
      { class: "cw-confused" },
      el("div", { class: "cw-caption" }, this.line, el("span", {}, this.whole, " ", this.again)),
      this.note,
      this.list,
    );
  }

  askAgain() {
    const { frame } = this;
    frame.wait("Asking…");
    frame.set({ seq: frame.asked });
    frame.model.send({ do: "look" });
  }

  show({ line, note, pairs, again }) {
    this.line.textContent = pairs.length ? `Most confused by ${line}` : line;
    this.note.textContent = note;
    this.note.hidden = !note;
    this.again.hidden = !again;
    this.whole.hidden = !this.chosen;
    this.pairs = pairs;
    const same = pairs.length === this.list.children.length;
    if (!same) this.list.replaceChildren(...pairs.map((_, i) => el("li", {}, this.choice(i))));
    this.list.querySelectorAll("button").forEach((choice, i) => this.showPair(choice, pairs[i]));
  }

  get chosen() {
    return this.frame.model.get("pair");
  }

  showPair(choice, { name, text, share }) {
    const [label, count, bar] = /** @type {any} */ (choice.children);
    choice.setAttribute("aria-pressed", String(name === this.chosen));
    label.textContent = name;
    count.textContent = text;
    bar.style.setProperty("--share", share);
  }

  /** A pair that one can choose; once more, and all images are back. */
  choice(i) {
    const choice = button("", () => {
      const { name } = this.pairs[i];
      this.frame.ask({ pair: name === this.chosen ? "" : name });
    });
    choice.append(...["cw-label", "cw-share", "cw-bar"].map((name) => el("span", { class: name })));
    return choice;
  }
}
