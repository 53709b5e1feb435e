/** A class: its name, its images, and the ways to more of them. */

import { button, clamp, el, fileButton, listenTo } from "../shared/js/dom.js";
import { takeKeys } from "../shared/js/pointer.js";
import { chosen } from "./files.js";

export class Row {
  /** @param {string} name of the class */
  constructor(teach, name) {
    this.teach = teach;
    this.name = name;
    this.id = `cw-class-${Math.random().toString(36).slice(2)}`; // each widget has a module of its own
    this.at = 0; // the image that the keys are at
    this.count = el("span", { class: "cw-count" });
    this.hold = holdable(name, (on) => (on ? teach.record(name) : teach.release()));
    this.strip = el("div", {
      class: "cw-strip",
      role: "listbox",
      "aria-label": `Images of ${name}. Arrow keys choose one, Delete removes it.`,
    });
    takeKeys(this.strip, (key) => this.key(key));
    const take = (files) => teach.keep(chosen(files), name);
    const files = fileButton("Files…", take, { multiple: "" }, { "aria-label": `Files… for ${name}` });
    const head = el("div", { class: "cw-pair cw-head" }, el("h4", {}, name), this.count, this.hold, files);
    this.element = el("section", { class: "cw-class", "data-class": name }, head, this.strip);
    this.options = new Map();
  }

  /** @param {{ count: number, groups: number, shown: string[] }} images the newest last */
  show({ count, groups, shown }) {
    this.count.textContent = numbered(count, "image") + (groups < count ? `, ${numbered(groups, "burst")}` : "");
    const keys = shown.toReversed();
    this.options = new Map(keys.map((key) => [key, this.options.get(key) ?? this.option(key)]));
    this.strip.replaceChildren(...this.options.values());
    this.strip.hidden = !keys.length;
    this.point(this.at);
  }

  option(key) {
    const file = key.slice(key.indexOf("/") + 1, key.lastIndexOf("@"));
    const image = el("img", { alt: "", src: this.teach.thumbnails.get(key) ?? "data:," });
    const option = el(
      "div",
      { role: "option", id: `${this.id}-${key}`, "aria-label": file, title: `${file}: remove` },
      image,
    );
    listenTo(option, "click", () => this.remove(key));
    return option;
  }

  remove(key) {
    if (key) this.teach.model.send({ remove: key });
  }

  /** A thumbnail has come. */
  paint(key, address) {
    this.options.get(key)?.firstChild.setAttribute("src", address);
  }

  point(at) {
    const options = [...this.options.values()];
    this.at = clamp(at, Math.max(1, options.length));
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    this.strip.setAttribute("aria-activedescendant", options[this.at]?.id ?? "");
    if (this.strip.matches(":focus")) options[this.at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  key(key) {
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: Infinity }[key];
    if (to !== undefined) this.point(to);
    else if (key === "Delete" || key === "Backspace") this.remove([...this.options.keys()][this.at]);
    else return false;
    return true;
  }
}

const numbered = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** A button that works while it is held, by pointer or by Space or Enter. */
function holdable(name, act) {
  const element = button("Hold to record", () => {}, { "aria-label": `Hold to record ${name}`, "aria-pressed": false });
  const set = (on) => (event) => {
    if (![undefined, " ", "Enter"].includes(event.key)) return;
    if (event.key) event.preventDefault();
    if (event.type === "pointerdown") element.setPointerCapture(event.pointerId);
    if (element.getAttribute("aria-pressed") === String(on)) return;
    element.setAttribute("aria-pressed", String(on));
    act(on);
  };
  for (const event of ["pointerdown", "keydown"]) listenTo(element, event, set(true));
  for (const event of ["pointerup", "pointercancel", "keyup", "blur"]) listenTo(element, event, set(false));
  listenTo(element, "contextmenu", (event) => event.preventDefault()); // a long touch
  return element;
}
