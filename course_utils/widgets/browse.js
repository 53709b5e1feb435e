// browse(): look through a data set, class by class.

class Browse {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    root.classList.add("course-widget");
    this.select = el("select", { name: "chosen", ...KEEP_KEYS });
    this.select.addEventListener("change", () => this.ask({ chosen: this.select.value }));
    this.back = this.turn("‹ Back", -1);
    this.next = this.turn("Next ›", +1);
    this.place = el("span", { role: "status" });
    this.canvas = el("canvas", { class: "cw-mosaic", role: "img" });
    this.canvas.addEventListener("pointermove", (event) => this.say(event));
    this.canvas.addEventListener("pointerleave", () => this.say());
    this.what = el("p", {});
    root.append(
      el(
        "div",
        { class: "cw-controls" },
        el("label", { class: "cw-choice" }, el("span", {}, "Class"), this.select),
        el("div", { class: "cw-page" }, this.back, this.place, this.next)
      ),
      this.canvas,
      this.what
    );
    this.presenter = new Presenter(model, root);
    this.heard = () => this.update();
    model.on("change:view", this.heard);
    this.update();
  }

  close() {
    this.presenter.close();
    this.model.off("change:view", this.heard);
  }

  turn(text, pages) {
    const button = el("button", { type: "button", class: "cw-button", ...KEEP_KEYS }, text);
    button.addEventListener("click", () => this.ask({ page: this.model.get("page") + pages }));
    return button;
  }

  ask(choice) {
    for (const [name, value] of Object.entries(choice)) this.model.set(name, value);
    this.model.save_changes();
  }

  update() {
    const { choices, pages, rows, columns, labels } = this.model.get("view");
    const page = this.model.get("page");
    fill(this.select, choices.map((name) => [name, name]));
    this.select.value = this.model.get("chosen");
    this.back.disabled = page === 0;
    this.next.disabled = page >= pages - 1;
    this.place.textContent = `page ${page + 1} of ${pages.toLocaleString("en")}`;
    paintPicture(this.canvas, bytesOf(this.model, "pixels"), rows * 32, columns * 32);
    this.canvas.setAttribute("aria-label", `${labels.length} pictures: ${[...new Set(labels)].join(", ")}`);
    this.say();
    this.root.dataset.seq = page;
  }

  /** What is under the pointer, or what all of it is. */
  say(event) {
    const { title, split, columns, rows, indices, labels } = this.model.get("view");
    let text = title;
    if (event) {
      const box = this.canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
      const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
      const i = row * columns + column;
      if (i in indices) text = `${split}[${indices[i]}]: ${labels[i]}`;
    }
    this.what.textContent = text;
  }
}

export default {
  render(context) {
    const browse = new Browse(context);
    return () => browse.close();
  },
};
