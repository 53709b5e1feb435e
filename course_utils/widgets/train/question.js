/** The question that comes with a "break it" switch, and what is said after the run. */

import { button, el, KEEP_KEYS } from "../shared/js/dom.js";

export class Question {
  /** answer(number): is called with the answer that is given, from 0. */
  constructor(answer) {
    this.chosen = null; // the answer that is ticked, not yet given
    this.text = el("legend", {});
    this.note = el("p", {});
    this.answers = el("div", { class: "cw-choices" });
    this.commit = button("That is my answer", () => answer(this.chosen));
    this.outcome = el("p", { class: "cw-outcome cw-answer", role: "status" });
    const parts = [this.text, this.note, this.answers, this.commit, this.outcome];
    this.element = el("fieldset", { class: "cw-quiz", hidden: "" }, ...parts);
  }

  /** asked: the switch, if one is chosen; answer: −1 for none yet; result: once the run is over. */
  show(asked, answer, result) {
    this.element.hidden = !asked;
    if (!asked) return;
    const open = answer < 0;
    this.text.textContent = asked.question;
    this.note.textContent = open ? asked.note : ""; // then there is more to see
    if (this.answers.dataset.name !== asked.name) this.offer(asked);
    this.answers.querySelectorAll("input").forEach((input, i) => {
      input.checked = i === (open ? this.chosen : answer);
      input.disabled = !open;
    });
    this.commit.hidden = !open;
    this.commit.disabled = this.chosen === null;
    this.outcome.textContent = open ? "Commit to an answer, then start." : outcome(answer, result);
    this.outcome.classList.toggle("cw-answer", Boolean(result));
  }

  offer({ name, answers }) {
    this.answers.dataset.name = name;
    const group = `answer-${Math.random()}`;
    const choices = answers.map((text, i) => {
      const input = el("input", { type: "radio", name: group, ...KEEP_KEYS });
      input.addEventListener("change", () => {
        this.chosen = i;
        this.commit.disabled = false;
      });
      return el("label", {}, input, `(${"abc"[i]}) ${text}`);
    });
    this.answers.replaceChildren(...choices);
  }
}

function outcome(answer, result) {
  if (!result) return "Now start it. What happened is explained at the end.";
  return `${answer === result.right ? "Right" : "Not so"}: (${"abc"[result.right]}). ${result.text}`;
}
