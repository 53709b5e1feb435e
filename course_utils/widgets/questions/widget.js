/**
 * predict() and quiz(): questions with options. A choice is kept in the model, so that a second
 * view of the widget shows it too, but no kernel is needed for it.
 */

import { el, KEEP_KEYS } from "../shared/js/dom.js";
import { GONE, whenGone } from "../shared/js/kernel.js";
import { subscribe } from "../shared/js/presenter.js";
import { openExplanation } from "./explanation.js";

const LETTERS = "abcdefgh";

class Questions {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    root.classList.add("course-widget", "course-questions", "cw-questions");
    const items = model.get("items");
    this.groups = items.map((item, number) => this.group(item, number, items.length));
    if (items.length > 1) root.append(el("h4", {}, model.get("title")));
    root.append(...this.groups.map(({ element }) => element));
    const update = () => this.update();
    this.stops = [subscribe(model, "change:chosen", update), subscribe(model, "change:answered", update)];
    this.opened = this.gone = false;
    this.stops.push(whenGone(model, () => this.lose()));
    this.update();
  }

  close() {
    for (const stop of this.stops) stop();
  }

  /** No later cell can tell this widget any more that it has run. */
  lose() {
    this.gone = true;
    this.update();
  }

  /** One question: its text, a button for each option, and what is said of the chosen one. */
  group(item, number, count) {
    const heading = count > 1 ? `${number + 1}. ${item.text}` : this.model.get("title");
    const buttons = item.options.map(({ text }, option) => {
      const letter = el("span", { class: "cw-letter", "aria-hidden": "true" }, LETTERS[option]);
      const button = el("button", { type: "button", "aria-pressed": "false", ...KEEP_KEYS }, letter, text);
      button.addEventListener("click", () => this.choose(number, option));
      return button;
    });
    const said = el("p", { class: "cw-said", role: "status" });
    const options = el("div", { class: "cw-options" }, ...buttons);
    const element = el("div", { role: "group", "aria-label": heading }, el("p", {}, heading), options, said);
    element.addEventListener("keydown", (event) => this.key(event, number, buttons));
    return { element, buttons, said, item };
  }

  /** A letter chooses its option; arrow keys go from one to the next. */
  key(event, number, buttons) {
    const letter = LETTERS.indexOf(event.key.toLowerCase());
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length === 1 && letter >= 0 && letter < buttons.length) {
      buttons[letter].focus();
      this.choose(number, letter);
    } else if (step) {
      const from = buttons.indexOf(document.activeElement);
      buttons[(from + step + buttons.length) % buttons.length].focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(number, option) {
    if (this.gone) {
      this.groups[number].said.textContent = GONE; // it could not be kept
      return;
    }
    const chosen = [...this.model.get("chosen")];
    if (this.model.get("first") && chosen[number] >= 0) {
      if (option !== chosen[number]) this.update("The first choice counts. ");
      return;
    }
    chosen[number] = option;
    this.model.set("chosen", chosen);
    this.model.save_changes();
  }

  /** note: what is said before the sentence on the option that is chosen. */
  update(note = "") {
    const [chosen, answered, first] = ["chosen", "answered", "first"].map((name) => this.model.get(name));
    this.groups.forEach(({ buttons, said, item }, number) => {
      const told = answered && chosen[number] >= 0;
      buttons.forEach((button, option) => {
        const mine = chosen[number] === option;
        const { right } = item.options[option];
        button.setAttribute("aria-pressed", mine);
        button.setAttribute("aria-disabled", first && chosen[number] >= 0);
        button.classList.toggle("cw-right", told && right && (mine || first));
        button.classList.toggle("cw-wrong", told && mine && !right);
      });
      if (this.gone && !answered) said.textContent = GONE;
      else if (chosen[number] < 0) said.textContent = "";
      else said.textContent = note + sentence(item.options, chosen[number], answered, first);
    });
    if (first && answered && chosen[0] >= 0 && !this.opened) {
      this.opened = true;
      this.stops.push(openExplanation(this.root));
    }
  }
}

/** What is said of the option that is chosen. */
function sentence(options, chosen, answered, first) {
  if (!answered) return `You chose (${LETTERS[chosen]}). Run the next cell to see.`;
  const { right, said } = options[chosen];
  if (right) return `Right: ${said}`;
  const which = options.findIndex((option) => option.right);
  return `Not this one: ${said}${first ? ` (${LETTERS[which]}) is right.` : ""}`;
}

export default {
  render(context) {
    const questions = new Questions(context);
    return () => questions.close();
  },
};
