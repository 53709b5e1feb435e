/** browse(): pages of images, one of them large, draws of the augmentation, what is confused. */

import { bytesOf, coloursOf, Grid, paint } from "../shared/js/canvas.js";
import { clamp, el, KEEP_KEYS } from "../shared/js/dom.js";
import { Classes, Frame } from "../shared/js/frame.js";
import { mark, Panel } from "../shared/js/panel.js";
import { follow, placeOf } from "../shared/js/pointer.js";

const HINT = "Point at an image. Click or arrow keys show it large; Page Up and Page Down turn the page.";

class Browse {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, { split: "Images", chosen: "Class", network: "Network" });
    this.frame.controls.append(this.turns());
    this.at = model.get("place"); // what is large, perhaps before the kernel knows
    this.frame.body.classList.add("cw-browse");
    this.frame.body.append(this.page(), this.single(), this.augmented(), this.confused());
    this.frame.listen("change:view", () => this.update());
    root.addEventListener("cw-keep", ({ detail }) => (detail.place = this.at));
    root.addEventListener("cw-recall", ({ detail }) => this.move(detail.place ?? this.at));
    this.update();
  }

  // --- What it is made of ---

  turns() {
    this.back = this.button("‹ Back", () => this.turn(-1));
    this.next = this.button("Next ›", () => this.turn(+1));
    this.number = el("span", { role: "status" });
    return el("div", { class: "cw-turns" }, this.back, this.number, this.next);
  }

  button(text, act) {
    const button = el("button", { type: "button", class: "cw-button", ...KEEP_KEYS }, text);
    button.addEventListener("click", act);
    return button;
  }

  page() {
    this.all = new Panel("");
    this.tile = el("div", { class: "cw-mark", hidden: "" }); // the image under the pointer
    this.chosen = el("div", { class: "cw-chosen", hidden: "" }); // the one that is large
    this.all.frame.append(this.chosen, this.tile);
    this.readout = el("output", { class: "cw-readout" });
    this.all.element.append(this.readout);
    const { canvas } = this.all;
    for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) canvas.setAttribute(name, value);
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("click", (event) => this.click(event));
    follow(
      canvas,
      (event) => this.point(event),
      () => this.point(),
    );
    this.all.element.classList.add("cw-page");
    return this.all.element;
  }

  single() {
    this.large = new Panel("");
    this.classes = new Classes();
    return el("section", { class: "cw-single" }, this.large.element, this.classes.element);
  }

  augmented() {
    this.padding = el("input", { type: "range", name: "padding", min: "0", ...KEEP_KEYS });
    this.padding.addEventListener("input", () => {
      this.sayPadding();
      this.frame.ask({ padding: Number(this.padding.value) });
    });
    this.pixels = el("output", {});
    const again = this.button("Draw again", () => this.frame.ask({ draw: this.model.get("draw") + 1 }));
    this.draws = el("ol", { class: "cw-draws" });
    return el(
      "section",
      { class: "cw-augmented" },
      el(
        "div",
        { class: "cw-caption" },
        el("h4", {}, "Augmentation"),
        el("label", { class: "cw-slider" }, "Padding", this.padding, this.pixels),
        again,
      ),
      this.draws,
    );
  }

  confused() {
    this.line = el("h4", {});
    this.note = el("p", { class: "cw-warning" });
    this.again = this.button("Ask again", () => {
      this.frame.wait("Asking…");
      this.model.set("seq", this.frame.asked);
      this.model.save_changes();
      this.model.send({ do: "look" });
    });
    this.whole = this.button("All images", () => this.frame.ask({ pair: "" }));
    this.pairs = el("ol", { class: "cw-pairs cw-answer", "aria-label": "Most confused pairs" });
    this.said = el(
      "section",
      { class: "cw-confused", hidden: "" },
      el("div", { class: "cw-caption" }, this.line, el("span", {}, this.whole, " ", this.again)),
      this.note,
      this.pairs,
    );
    return this.said;
  }

  // --- Moving ---

  turn(pages) {
    const { columns, rows } = this.view;
    const page = columns * rows;
    this.move((Math.floor(this.at / page) + pages) * page);
  }

  /** Make another image large: at once if the page has it. */
  move(place) {
    const { count } = this.view;
    if (!count) return;
    this.at = clamp(place, count);
    this.showLarge();
    if (this.at !== this.model.get("place")) this.frame.ask({ place: this.at });
  }

  key(event) {
    const { first, columns, rows, indices } = this.view;
    const page = columns * rows;
    const by = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -page,
      PageDown: page,
    }[event.key];
    if (by) this.move(this.at + by);
    else if (event.key === "Home") this.move(first);
    else if (event.key === "End") this.move(first + indices.length - 1);
    else return;
    event.preventDefault();
  }

  click(event) {
    const found = this.grid.at(...placeOf(this.all.canvas, event, this.grid.width, this.grid.height));
    if (found && found.channel < this.view.indices.length) this.move(this.view.first + found.channel);
  }

  point(event) {
    this.under = event && this.grid.at(...placeOf(this.all.canvas, event, this.grid.width, this.grid.height))?.channel;
    this.say();
  }

  /** Mark what is under the pointer, and say what it is. */
  say() {
    const tile = this.under < this.view.indices.length ? this.under : null;
    mark(this.tile, tile !== null && this.grid.box(tile), this.grid.width, this.grid.height);
    this.readout.textContent = tile === null ? HINT : this.name(tile);
  }

  name(tile) {
    const { name, indices, labels } = this.view;
    return `${name}[${indices[tile]}]: ${labels[tile]}`;
  }

  // --- What the kernel sends ---

  update() {
    const view = this.model.get("view");
    if (view.seq < (this.painted ?? 0)) return; // an older answer that came late
    this.painted = view.seq;
    this.view = view;
    if (view.seq >= (this.frame.asked ?? 0)) this.at = this.model.get("place");
    const named = (names) => names.map((name) => [name, name]);
    this.frame.update(view, {
      split: Object.entries(view.splits),
      chosen: named(view.choices),
      network: this.model.get("networks").map(({ name, title }) => [name, title]),
    });
    this.frame.badge.hidden = !view.status;
    this.showPage();
    this.showLarge();
    this.classes.element.hidden = !view.best;
    if (view.best) this.classes.show({ ...view.best, trained: true });
    if (view.best && !view.best.outputs) this.classes.heading.textContent = "It was not asked about this one";
    this.showDraws();
    this.showPairs();
    this.say();
    this.root.dataset.seq = view.seq;
  }

  showPage() {
    const { first, columns, rows, pages, side, gap, description } = this.view;
    const page = columns * rows;
    this.grid = new Grid(page, ...side, columns, gap);
    this.bytes = bytesOf(this.model, "pixels");
    this.all.show(this.grid.width, this.grid.height, description);
    this.grid.paint(this.all.canvas, (tile) => this.colours(tile));
    this.all.caption.textContent = this.view.title;
    this.back.disabled = first === 0;
    this.next.disabled = first / page >= pages - 1;
    this.number.textContent = `page ${(first / page + 1).toLocaleString("en")} of ${pages.toLocaleString("en")}`;
  }

  /** The colours of one image, as numbers that a canvas holds; nothing after the last one. */
  colours(tile) {
    const size = this.view.side[0] * this.view.side[1];
    const painted = new Uint32Array(size);
    if (tile >= this.view.indices.length) return painted;
    const bytes = new Uint8ClampedArray(painted.buffer).fill(255);
    for (let i = 0, from = 3 * size * tile; i < size; i++, from += 3)
      bytes.set(this.bytes.subarray(from, from + 3), 4 * i);
    return painted;
  }

  showLarge() {
    const tile = this.at - this.view.first;
    const here = tile >= 0 && tile < this.view.indices.length;
    mark(this.chosen, here && this.grid.box(tile), this.grid.width, this.grid.height);
    if (!here) return; // of another page: it comes with it
    const [rows, columns] = this.view.side;
    this.large.show(columns, rows, `${this.name(tile)}, large`);
    this.large.caption.textContent = this.name(tile);
    new Grid(1, rows, columns, 1, 0).paint(this.large.canvas, () => this.colours(tile));
  }

  showDraws() {
    const { changes, side, widest } = this.view;
    const [rows, columns] = side;
    const bytes = bytesOf(this.model, "draws");
    const size = rows * columns * 3;
    while (this.draws.children.length < changes.length) this.draws.append(this.draw());
    [...this.draws.children].forEach((item, i) => {
      const change = changes[i];
      item.hidden = !change;
      if (!change) return;
      const [canvas, signs, mirrored] = item.children;
      canvas.setAttribute("aria-label", `draw ${i + 1}: ${change.words}`);
      paint(canvas, coloursOf(bytes.subarray(i * size, (i + 1) * size)), rows, columns);
      signs.textContent = change.signs;
      mirrored.textContent = change.mirrored ? "mirrored" : "";
    });
    this.padding.max = widest;
    if (this.view.seq >= (this.frame.asked ?? 0)) this.padding.value = this.model.get("padding");
    this.sayPadding();
  }

  draw() {
    return el("li", {}, el("canvas", { role: "img" }), el("span", {}), el("span", {}));
  }

  sayPadding() {
    const { value } = this.padding;
    this.pixels.textContent = `${value} pixel${value === "1" ? "" : "s"}`;
  }

  showPairs() {
    const { line, note, pairs, again } = this.view;
    const chosen = this.model.get("pair");
    this.said.hidden = !line;
    this.line.textContent = pairs.length ? `Most confused by ${line}` : line;
    this.note.textContent = note;
    this.note.hidden = !note;
    this.again.hidden = !again;
    this.whole.hidden = !chosen;
    const same = pairs.length === this.pairs.children.length;
    if (!same) this.pairs.replaceChildren(...pairs.map(() => this.pairButton()));
    pairs.forEach(({ name, text, share }, i) => {
      const button = this.pairs.children[i].firstChild;
      const [label, count, bar] = button.children;
      button.pair = name;
      button.setAttribute("aria-pressed", name === chosen);
      [label.textContent, count.textContent] = [name, text];
      bar.style.setProperty("--share", share);
    });
  }

  /** A pair that one can choose; once more, and all images are back. */
  pairButton() {
    const part = (name) => el("span", { class: name });
    const button = this.button("", () => {
      this.frame.ask({ pair: button.pair === this.model.get("pair") ? "" : button.pair });
    });
    button.append(part("cw-label"), part("cw-share"), part("cw-bar"));
    return el("li", {}, button);
  }
}

export default {
  render(context) {
    const browse = new Browse(context);
    return () => browse.frame.close();
  },
};
