/** A class: its name, its images, and the ways to more of them. */

import { button, clamp, el, listenTo } from "../shared/js/dom.js";
import { takeKeys } from "../shared/js/pointer.js";
import { chosen } from "./files.js";

let rows = 0; // for ids that no other list in the page has

export class Row {
  /** @param {string} name of the class */
  constructor(teach, name) {
    this.teach = teach;
    this.name = name;
    this.id = `cw-class-${rows++}`;
    this.at = 0; // the image that the keys are at
    this.count = el("span", { class: "cw-count" });
    this.hold = holdable(name, (on) => (on ? teach.record(name) : teach.release()));
    this.strip = el("div", {
      class: "cw-strip",
      role: "listbox",
      "aria-label": `Images of ${name}. Arrow keys choose one, Delete removes it.`,
    });
    takeKeys(this.strip, (key) => this.key(key));
    const files = fileButton("Files…", { "aria-label": `Files… for ${name}` }, (input) =>
      teach.upload(chosen(input).map(([, file]) => [name, file])),
    );
    const head = el("div", { class: "cw-head" }, el("h4", {}, name), this.count, this.hold, files);
    this.element = el("section", { class: "cw-class", "data-class": name }, head, this.strip);
    this.options = new Map();
  }

  /** @param {{ count: number, groups: number, shown: string[] }} images the newest last */
  show({ count, groups, shown }) {
    this.count.textContent = `${count} image${count === 1 ? "" : "s"}${groups < count ? `, ${groups} burst${groups === 1 ? "" : "s"}` : ""}`;
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
    listenTo(option, "click", () => this.teach.remove(key));
    return option;
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
    else if (key === "Delete" || key === "Backspace") this.teach.remove([...this.options.keys()][this.at]);
    else return false;
    return true;
  }
}

/** A button that works while it is held, by pointer or by Space or Enter. */
function holdable(name, act) {
  const element = button("Hold to record", () => {}, { class: "cw-button", "aria-label": `Hold to record ${name}` });
  let held = false;
  const set = (on) => (event) => {
    if (event.type === "keydown" || event.type === "keyup") {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
    }
    if (event.type === "pointerdown") element.setPointerCapture(event.pointerId);
    if (on === held) return;
    held = on;
    element.setAttribute("aria-pressed", String(on));
    act(on);
  };
  element.setAttribute("aria-pressed", "false");
  for (const event of ["pointerdown", "keydown"]) listenTo(element, event, set(true));
  for (const event of ["pointerup", "pointercancel", "keyup", "blur"]) listenTo(element, event, set(false));
  listenTo(element, "contextmenu", (event) => event.preventDefault()); // a long touch
  return element;
}

/** A button that opens a dialog for files; `take(input)` is called with each choice. */
export function fileButton(text, attributes, take, folder = false) {
  const file = el("input", { type: "file", multiple: "", hidden: "" });
  file.webkitdirectory = folder;
  listenTo(file, "change", () => {
    take(file);
    file.value = ""; // the same file can be chosen again
  });
  return el(
    "span",
    {},
    button(text, () => file.click(), { class: "cw-button", ...attributes }),
    file,
  );
}
