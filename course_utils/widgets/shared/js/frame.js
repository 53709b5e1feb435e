/** What every widget with controls has: status, error, presenter mode, the traffic with the kernel. */

import { jpegOf } from "./canvas.js";
import { el, fileButton, fill, labelled, list, pair } from "./dom.js";
import { GONE, whenGone } from "./kernel.js";
import { Presenter, subscribe } from "./presenter.js";

/** @typedef {import("./model.d.ts").Model} Model */
/** @typedef {import("./model.d.ts").View} View */
/** @typedef {Record<string, unknown>} Choice {trait: value} */
/** @typedef {Record<string, [value: string, text: string][]>} Options of each list */

const SOON = 150; // ms: most answers come sooner, and nothing flickers
const LATE = 8000;

/**
 * The frame of a widget; it adds to `controls` and `body`.
 * Requests are numbered, an answer carries the number of the last one that it knows: the page
 * shows a control's own state until its request is answered, and says when that takes long.
 */
export class Frame {
  /**
   * @param {Model} model
   * @param {HTMLElement} root
   * @param {string} kind of widget: its own style is that of `.course-${kind}`
   * @param {Record<string, string>} [names] {trait: label} for each list to choose from
   */
  constructor(model, root, kind, names = {}) {
    this.model = model;
    this.root = root;
    this.asked = 0; // the number of the last request
    /** @type {Record<string, HTMLSelectElement>} */
    this.selects = {};
    /** @type {(() => void)[]} */
    this.stops = [];
    root.classList.add("course-widget", `course-${kind}`);
    this.badge = el("strong", { class: "cw-badge" });
    this.waiting = el("div", { class: "cw-waiting", role: "status" });
    this.alert = el("div", { class: "cw-alert", role: "alert" });
    this.body = el("div", { class: "cw-body" });
    const choices = Object.entries(names).map(([name, label]) => this.choice(name, label));
    this.controls = el("div", { class: "cw-controls" }, ...choices);
    this.screen = el("div", { class: "cw-screen" }, this.controls, this.alert, this.body);
    root.append(this.screen, this.waiting);
    if ("image" in names) this.acceptDrops(({ files }) => files.length && this.upload(files[0]));
    this.presenter = new Presenter(model, root, this.screen, (choice) => this.ask(choice));
    this.listen("change:error", () => this.showError(model.get("error")));
    this.showError(model.get("error"));
    this.gone = false; // the kernel; what the page can do by itself goes on
    this.stops.push(whenGone(model, () => this.lose()));
  }

  /**
   * Listen to the model until the view goes.
   * @param {string} event
   * @param {(...args: any[]) => void} act
   */
  listen(event, act) {
    this.stops.push(subscribe(this.model, event, act));
  }

  /**
   * Show the present view, and each new one; not an older answer that comes late.
   * @param {(view: View) => void} show
   */
  views(show) {
    let last = -1;
    const update = () => {
      const view = this.model.get("view");
      if (view.seq < last) return;
      last = view.seq;
      show(view);
      this.root.dataset.seq = view.seq;
    };
    this.listen("change:view", update);
    update();
  }

  close() {
    this.presenter.close();
    for (const stop of this.stops) stop();
    clearTimeout(this.timer);
  }

  /**
   * A labelled <select> for one trait; the one for images has a button for one's own.
   * @param {string} name
   * @param {string} label
   */
  choice(name, label) {
    const select = list(name, (value) => this.ask({ [name]: value }));
    this.selects[name] = select;
    const choice = labelled(label, select);
    if (name === "network") return el("div", { class: "cw-network" }, choice, this.badge);
    return name === "image" ? el("div", { class: "cw-pair" }, choice, this.ownImage()) : choice;
  }

  // --- Images of one's own ---

  ownImage() {
    return fileButton("Your own…", ([file]) => this.upload(file), { accept: "image/*,.heic,.heif" });
  }

  /** @param {(transfer: DataTransfer, target: any) => void} take what is dropped, and on which element */
  acceptDrops(take) {
    const { root } = this;
    /** @type {(on: boolean) => (event: DragEvent) => void} */
    const over = (on) => (event) => {
      event.preventDefault();
      event.stopPropagation();
      root.classList.toggle("cw-drop", on);
    };
    root.addEventListener("dragenter", over(true));
    root.addEventListener("dragover", over(true));
    root.addEventListener("dragleave", over(false));
    root.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer) take(event.dataTransfer, event.target);
    });
  }

  /** @param {File} file */
  async upload(file) {
    this.wait(`Opening ${file.name}…`);
    const seq = this.asked;
    try {
      const bytes = await smallEnough(file);
      this.model.send({ upload: file.name, seq }, undefined, [bytes]);
    } catch (error) {
      this.asked = this.model.get("view").seq;
      this.answered();
      this.showError(/** @type {Error} */ (error).message);
    }
  }

  // --- To the kernel and back ---

  /**
   * Set traits, here and in the kernel.
   * @param {Choice} choice
   */
  set(choice) {
    for (const [name, value] of Object.entries(choice)) this.model.set(name, value);
    if (!this.gone) this.model.save_changes();
  }

  /**
   * Send a choice that is answered; of choices that overtake one another the kernel gets the last.
   * @param {Choice} choice
   */
  ask(choice) {
    if (this.gone) return;
    this.wait("network" in choice ? `Loading ${this.titleOf(choice.network)}…` : "Computing…");
    this.set(this.model.get("seq") === undefined ? choice : { ...choice, seq: this.asked });
  }

  /** @param {unknown} network */
  titleOf(network) {
    /** @type {{ name: string, title: string }[]} */
    const networks = this.model.get("networks");
    return networks.find(({ name }) => name === network)?.title ?? network;
  }

  /**
   * Number a request, and say so when its answer takes long.
   * @param {string} text what is waited for; none: nothing is said until it takes very long
   */
  wait(text) {
    if (this.gone) return;
    this.asked = Math.max(this.asked, this.model.get("seq") ?? 0) + 1;
    clearTimeout(this.timer);
    this.root.setAttribute("aria-busy", "true");
    this.timer = setTimeout(() => {
      this.waiting.textContent = text;
      this.timer = setTimeout(() => {
        this.waiting.textContent =
          `${text} No answer yet: is the kernel busy, or gone? Then run the cell again.`.trim();
      }, LATE);
    }, SOON);
  }

  lose() {
    this.gone = true;
    this.answered();
    this.showError(GONE);
  }

  answered() {
    clearTimeout(this.timer);
    this.waiting.textContent = "";
    this.root.removeAttribute("aria-busy");
  }

  /**
   * Is there a request that a view does not know yet?
   * @param {View} view
   */
  pending(view) {
    return view.seq < this.asked;
  }

  // --- What is shown ---

  /** @param {string} text empty, it takes no room */
  showError(text) {
    this.alert.textContent = text;
  }

  /**
   * Put the controls and the badge right; call it with each new view.
   * @param {View} view
   * @param {Options} options
   */
  update(view, options) {
    const pending = this.pending(view);
    if (!pending) this.answered();
    for (const [name, pairs] of Object.entries(options)) {
      fill(this.selects[name], pairs);
      if (!pending) this.selects[name].value = this.model.get(name);
    }
    if (view.status === undefined) return; // there is no network in it
    this.badge.textContent = view.status;
    this.badge.title = view.hint ?? ""; // how to get weights
    this.badge.classList.toggle("cw-untrained", !view.trained);
    this.root.classList.toggle("cw-random", !view.trained);
  }

  /** Options that several widgets have. */
  commonOptions() {
    /** @type {{ name: string, title: string }[]} */
    const networks = this.model.get("networks");
    /** @type {string[]} */
    const images = this.model.get("images") ?? [];
    return { network: networks.map(({ name, title }) => pair(name, title)), image: images.map((name) => pair(name)) };
  }
}

const LIMIT = 8e6; // bytes of one message

/**
 * The bytes of a file. A photograph of more than `most` bytes is made smaller in the page.
 * @param {File} file
 * @param {number} [side] pixels of its longer side then
 */
export async function smallEnough(file, most = LIMIT, side = 2048) {
  if (file.size <= most) return file.arrayBuffer();
  try {
    const image = await createImageBitmap(file);
    return await jpegOf(image, image.width, image.height, side);
  } catch {
    if (file.size <= LIMIT) return file.arrayBuffer();
    const size = Math.round(file.size / 1e6);
    throw new Error(
      `${file.name} is too large to send (${size} MB) and this browser cannot open it. Make a smaller copy, as JPEG or PNG.`,
    );
  }
}

/** The five best classes with their bars; those of an untrained network look like none. */
export class Classes {
  constructor() {
    this.heading = el("h4", {});
    this.list = el("ol", { class: "cw-classes cw-answer" });
    this.element = el("section", { class: "cw-best" }, this.heading, this.list);
  }

  /**
   * @param {{ classes: { label: string, share: number, text: string }[], outputs: number, trained: boolean }} best
   */
  show({ classes, outputs, trained }) {
    if (!classes.length) this.heading.textContent = "The output is no list of classes";
    else this.heading.textContent = trained ? `Five best of ${outputs} classes` : "Untrained: no prediction";
    this.list.replaceChildren(...classes.map(({ label, share, text }) => classBar(label, text, share)));
  }
}

/**
 * A class in a list, before a bar of its share.
 * @param {string} label
 * @param {string} text
 * @param {number} share 0..1
 */
export function classBar(label, text, share) {
  const bar = el("span", { class: "cw-bar" });
  bar.style.setProperty("--share", String(share));
  return el("li", {}, el("span", { class: "cw-label" }, label), el("span", { class: "cw-share" }, text), bar);
}
