/** teach(): name classes, show images of each, and ask what was learned. */

import { Camera } from "../shared/js/camera.js";
import { button, el, fileButton, input, labelled, listenTo } from "../shared/js/dom.js";
import { Frame, smallEnough } from "../shared/js/frame.js";
import { Answer, folded } from "./answer.js";
import { chosen, dropped } from "./files.js";
import { Row } from "./row.js";

const SIDE = 400; // pixels of what the camera gives; no network here looks at more
const LARGE = 300e3; // bytes: larger files are sent as images of at most 640 pixels
const EACH = 100; // ms: ten images a second
const STAYS = "All images stay on the computer that runs this notebook, in the folder";

class Teach {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "teach", { network: "Backbone" });
    this.camera = new Camera(root);
    this.thumbnails = new Map(); // addresses by the keys of images
    this.rows = new Map();
    this.asked = this.answered = 0;
    this.answer = new Answer(this);
    this.makeControls();
    this.classes = el("div", { class: "cw-own cw-scrolls" });
    const left = el("section", { class: "cw-taught", "aria-label": "Classes" }, this.classes, this.makeFoot());
    this.frame.body.classList.add("cw-grow", "cw-teach");
    this.frame.body.append(left, this.answer.element, this.answer.report);
    this.frame.acceptDrops((transfer, target) => this.drop(transfer, target));
    this.frame.listen("msg:custom", (content, buffers) => this.receive(content, buffers));
    this.frame.listen("change:looks", () => this.answer.showChoice());
    this.frame.views((view) => this.show(view));
    model.send({ hello: true });
  }

  close() {
    this.release();
    this.camera.close();
    for (const address of this.thumbnails.values()) URL.revokeObjectURL(address);
    this.frame.close();
  }

  // --- What it is made of ---

  makeControls() {
    this.name = input({ type: "text", maxlength: 40, placeholder: "cup" }, () => {});
    listenTo(this.name, "keydown", ({ key }) => key === "Enter" && this.add());
    const add = button("Add", () => this.add());
    this.switch = button("Camera on", () => (this.camera.stream ? this.cameraOff() : this.cameraOn()));
    const title = "A folder for each class, or of one class";
    const folder = fileButton("Folder…", (files) => this.keep(chosen(files)), { webkitdirectory: "" }, { title });
    const name = el("div", { class: "cw-pair" }, labelled("New class", this.name), add);
    this.frame.controls.append(name, folder, this.switch);
  }

  makeFoot() {
    const { model } = this;
    this.words = el("p", { role: "status" });
    this.progress = el("progress", { "aria-label": "Features made", max: 1, value: 0, hidden: "" });
    const stays = el("p", { class: "cw-stays" }, `${STAYS} ${model.get("folder")}.`);
    this.undo = button("Undo remove", () => model.send({ undo: true }));
    const sure = button("Delete them", () => {
      model.send({ delete: true });
      this.remover.open = false;
    });
    this.remover = folded("Delete all images…", "All of them? This cannot be undone. ", sure);
    const hands = el("div", { class: "cw-pair" }, this.undo, this.remover);
    return el("div", { class: "cw-foot" }, this.words, this.progress, stays, hands);
  }

  // --- Images come in ---

  add() {
    if (this.name.value.trim()) this.model.send({ new: this.name.value });
    this.name.value = "";
  }

  async cameraOn() {
    this.frame.showError("");
    const trouble = await this.camera.open();
    if (trouble) this.frame.showError(`${trouble} Images can also come from files and folders.`);
    this.file = null;
    this.answer.see(trouble ? null : this.camera.video);
    this.switch.textContent = trouble ? "Camera on" : "Camera off";
    const ask = (bytes) => this.ask(bytes, "camera");
    this.camera.each(SIDE, () => this.free, ask);
    return !trouble;
  }

  cameraOff() {
    this.release();
    this.camera.stop();
    this.switch.textContent = "Camera on";
    this.answer.see(this.file && this.answer.picture);
  }

  /** While the button is held: a burst. */
  async record(name) {
    const burst = {};
    this.burst = burst;
    if (!this.camera.stream && !(await this.cameraOn())) return;
    for (let part = 0; this.burst === burst || part === 0; part++) {
      const start = performance.now();
      const bytes = await this.camera.image(SIDE);
      this.model.send({ add: name, part, burst: true, name: "" }, undefined, [bytes]);
      await new Promise((done) => setTimeout(done, EACH - (performance.now() - start)));
    }
  }

  release() {
    this.burst = null;
  }

  /**
   * Keep images in a class, that of the folder each lies in if no name is given.
   * @param {import("./files.js").Found[]} found
   */
  async keep(found, name = "") {
    let part = 0;
    for (const [folder, file] of found) {
      if (!name && !folder) continue;
      try {
        const bytes = await smallEnough(file, LARGE, 640);
        this.model.send({ add: name || folder, part: part++, burst: false, name: file.name }, undefined, [bytes]);
      } catch (error) {
        this.frame.showError(error.message);
      }
    }
  }

  /** Files on a class are for it, folders are classes; a loose file is asked about. */
  async drop(transfer, target) {
    const name = target.closest(".cw-class")?.dataset.class;
    const found = await dropped(transfer);
    this.keep(found, name);
    const loose = found.find(([folder]) => !name && !folder);
    if (loose) this.askFile(loose[1]);
  }

  // --- Asking ---

  /** Can an image of the camera be asked about? */
  get free() {
    return this.view.names.length > 0 && !this.burst && this.asked === this.answered && !this.frame.gone;
  }

  ask(bytes, name) {
    this.model.send({ ask: ++this.asked, name }, undefined, [bytes]);
  }

  async askFile(file) {
    this.file = file;
    this.cameraOff();
    this.answer.seeFile(file);
    this.again();
  }

  /** Ask once more about the image of a file: something else has changed. */
  async again() {
    const { file } = this;
    if (!file || !this.view.names.length) return;
    const bytes = await smallEnough(file);
    if (this.file === file) this.ask(bytes, file.name);
  }

  // --- What is shown ---

  receive({ thumbnail, answer, ...found }, buffers) {
    if (thumbnail) {
      const address = URL.createObjectURL(new Blob([buffers[0]], { type: "image/jpeg" }));
      this.thumbnails.set(thumbnail, address);
      for (const row of this.rows.values()) row.paint(thumbnail, address);
    }
    if (answer === undefined) return;
    this.answered = answer;
    if (answer < this.asked || found.shares?.length !== this.view.names.length) return;
    this.answer.answer(found, buffers[0]);
    this.root.dataset.answers = String(Number(this.root.dataset.answers ?? 0) + 1);
  }

  show(view) {
    this.view = view;
    this.frame.update(view, { network: this.frame.commonOptions().network });
    const rows = view.classes.map(({ name }) => this.rows.get(name) ?? new Row(this, name));
    this.rows = new Map(rows.map((row) => [row.name, row]));
    if (rows.length !== this.classes.childElementCount || rows.some(({ element }) => !element.isConnected)) {
      this.classes.replaceChildren(...rows.map(({ element }) => element));
    }
    rows.forEach((row, i) => row.show(view.classes[i]));
    this.words.textContent = view.words;
    const [done, of] = view.progress ?? [0, 0];
    this.progress.hidden = !of;
    this.progress.value = of ? done / of : 0;
    this.undo.hidden = !view.removed;
    this.remover.hidden = !rows.length;
    this.answer.show(view);
    if (view.version !== this.version) this.again();
    this.version = view.version;
  }
}

export default {
  render(context) {
    const teach = new Teach(context);
    return () => teach.close();
  },
};
