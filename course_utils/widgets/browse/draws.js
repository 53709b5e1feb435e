/** Draws of the augmentation of one image, and the padding that they are made with. */

import { bytesOf, coloursOf, paint } from "../shared/js/canvas.js";
import { button, el, input } from "../shared/js/dom.js";

/** @typedef {import("../shared/js/frame.js").Frame} Frame */

export class Draws {
  /** @param {Frame} frame */
  constructor(frame) {
    this.model = frame.model;
    this.padding = input({ type: "range", name: "padding", min: 0 }, () => this.ask(frame), "input");
    this.pixels = el("output", {});
    const again = button("Draw again", () => frame.ask({ draw: this.model.get("draw") + 1 }));
    this.list = el("ol", { class: "cw-draws" });
    this.element = el(
      "section",
      { class: "cw-augmented" },
      el(
        "div",
        { class: "cw-caption" },
        el("h4", {}, "Augmentation"),
        el("label", { class: "cw-slider" }, "Padding", this.padding, this.pixels),
        again,
      ),
      this.list,
    );
  }

  ask(frame) {
    this.say();
    frame.ask({ padding: Number(this.padding.value) });
  }

  say() {
    const { value } = this.padding;
    this.pixels.textContent = `${value} pixel${value === "1" ? "" : "s"}`;
  }

  /** current: does the view know the last request? Else the slider stays where it is. */
  show({ changes, side, widest }, current) {
    const [rows, columns] = side;
    const size = rows * columns;
    const colours = coloursOf(bytesOf(this.model, "draws"));
    if (this.list.children.length !== changes.length) this.list.replaceChildren(...changes.map(draw));
    [...this.list.children].forEach((item, i) => {
      const [canvas, signs, mirrored] = /** @type {any} */ (item.children);
      canvas.setAttribute("aria-label", `draw ${i + 1}: ${changes[i].words}`);
      paint(canvas, colours.subarray(i * size, (i + 1) * size), rows, columns);
      signs.textContent = changes[i].signs;
      mirrored.textContent = changes[i].mirrored ? "mirrored" : "";
    });
    this.padding.max = widest;
    if (current) this.padding.value = this.model.get("padding");
    this.say();
  }
}

const draw = () => el("li", {}, el("canvas", { role: "img" }), el("span", {}), el("span", {}));
