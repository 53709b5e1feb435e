/**
 * predict() and quiz(): questions with options. A choice is kept in the model, so that a second
 * view of the widget shows it too, but no kernel is needed for it.
 */

import { el, KEEP_KEYS } from "../shared/js/dom.js";

class Questions {
  constructor({ model, el: root }) {
    this.model = model;
    root.classList.add("course-widget", "cw-questions");
    const items = model.get("items");
    this.groups = items.map((item, number) => this.group(item, number, items.length));
    if (items.length > 1) root.append(el("h4", {}, model.get("title")));
    root.append(...this.groups.map(({ element }) => element));
    this.showChosen = () => this.update();
    model.on("change:chosen", this.showChosen);
    this.update();
  }

  close() {
    this.model.off("change:chosen", this.showChosen);
  }

  /** One question: its text, a button for each option, and what is said of the chosen one. */
  group(item, number, count) {
    const heading = count > 1 ? `${number + 1}. ${item.text}` : this.model.get("title");
    const buttons = item.options.map(({ text }, option) => {
      const letter = el("span", { class: "cw-letter", "aria-hidden": "true" }, "abcdefgh"[option]);
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
    const letter = "abcdefgh".indexOf(event.key.toLowerCase());
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
    const chosen = [...this.model.get("chosen")];
    chosen[number] = option;
    this.model.set("chosen", chosen);
    this.model.save_changes();
  }

  update() {
    const chosen = this.model.get("chosen");
    this.groups.forEach(({ buttons, said, item }, number) => {
      buttons.forEach((button, option) => {
        const mine = chosen[number] === option;
        const { right } = item.options[option];
        button.setAttribute("aria-pressed", mine);
        button.classList.toggle("cw-right", mine && right === true);
        button.classList.toggle("cw-wrong", mine && right === false);
      });
      const option = item.options[chosen[number]];
      said.textContent = !option
        ? ""
        : option.right === undefined
          ? option.said
          : `${option.right ? "Right" : "Not this one"}: ${option.said}`;
    });
  }
}

export default {
  render(context) {
    const questions = new Questions(context);
    return () => questions.close();
  },
};
