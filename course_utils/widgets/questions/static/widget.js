// course_utils/widgets/shared/js/dom.js
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}
var KEEP_KEYS = { "data-lm-suppress-shortcuts": "true" };

// course_utils/widgets/shared/js/kernel.js
var GONE = "The kernel was restarted: run this cell again.";
var ENDED = /* @__PURE__ */ new Set(["restarting", "autorestarting", "terminating", "dead"]);
function whenGone(model, act) {
  const manager = model.widget_manager;
  const session = manager?.context?.sessionContext;
  const status = session?.statusChanged ?? manager?.kernel?.statusChanged;
  const check = (_, now) => {
    if (ENDED.has(now)) act();
  };
  status?.connect(check);
  session?.kernelChanged?.connect(act);
  return () => {
    status?.disconnect(check);
    session?.kernelChanged?.disconnect(act);
  };
}

// course_utils/widgets/shared/js/presenter.js
var MODAL = { role: "dialog", "aria-modal": "true", "aria-label": "Presenter mode", tabindex: "-1", ...KEEP_KEYS };
function subscribe(model, event, act) {
  model.on(event, act);
  return () => model.off(event, act);
}

// course_utils/widgets/questions/explanation.js
var PREDICTION = ".cw-questions";
function openExplanation(root) {
  const cell = root.closest(".jp-Cell");
  if (!cell?.parentElement || open(cell)) return () => {
  };
  const observer = new MutationObserver(() => open(cell) && observer.disconnect());
  observer.observe(cell.parentElement, { childList: true, subtree: true });
  return () => observer.disconnect();
}
function open(cell) {
  for (let next = cell.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.querySelector(`${PREDICTION}, .jp-MarkdownOutput :is(h1, h2)`)) return false;
    const details = next.querySelector(".jp-MarkdownOutput details");
    if (details) {
      details.setAttribute("open", "");
      return true;
    }
  }
  return false;
}

// course_utils/widgets/questions/widget.js
var LETTERS = "abcdefgh";
var Questions = class {
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
      const button2 = el("button", { type: "button", "aria-pressed": "false", ...KEEP_KEYS }, letter, text);
      button2.addEventListener("click", () => this.choose(number, option));
      return button2;
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
      this.groups[number].said.textContent = GONE;
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
      buttons.forEach((button2, option) => {
        const mine = chosen[number] === option;
        const { right } = item.options[option];
        button2.setAttribute("aria-pressed", mine);
        button2.setAttribute("aria-disabled", first && chosen[number] >= 0);
        button2.classList.toggle("cw-right", told && right && (mine || first));
        button2.classList.toggle("cw-wrong", told && mine && !right);
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
};
function sentence(options, chosen, answered, first) {
  if (!answered) return `You chose (${LETTERS[chosen]}). Run the next cell to see.`;
  const { right, said } = options[chosen];
  if (right) return `Right: ${said}`;
  const which = options.findIndex((option) => option.right);
  return `Not this one: ${said}${first ? ` (${LETTERS[which]}) is right.` : ""}`;
}
var widget_default = {
  render(context) {
    const questions = new Questions(context);
    return () => questions.close();
  }
};
export {
  widget_default as default
};
