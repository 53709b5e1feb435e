// What the widgets share. Python joins this file and a widget's own into one ES module.

/** An element: el("label", { class: "x" }, "Layer ", select). */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An element of a drawing. */
function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** JupyterLab takes arrow keys, Enter and letters for itself unless an element says this. */
const KEEP_KEYS = { "data-lm-suppress-shortcuts": "true" };

/** Fill a <select> with [value, text] pairs; nothing is touched if they are there already. */
function fill(select, options) {
  const same =
    select.length === options.length &&
    options.every(([value, text], i) => select[i].value === value && select[i].text === text);
  if (!same) select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}

/** A shape, (C, H, W) or text, in the form 3 × 224 × 224. */
const times = (numbers) => numbers.join(" × ");

/** A number to three or four digits, with a true minus sign. */
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  const text = value === 0 ? "0" : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

/** Paint RGB bytes, three for each pixel. */
function paintImage(canvas, bytes, height, width) {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; to < image.data.length; to += 4) {
    image.data[to] = bytes[from++];
    image.data[to + 1] = bytes[from++];
    image.data[to + 2] = bytes[from++];
    image.data[to + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Bytes of a trait: a DataView, or nothing yet. */
function bytesOf(model, name) {
  const data = model.get(name);
  return data?.buffer ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}

/** A canvas with a caption, a frame of its proportions and a mark that can be put on a unit. */
class Plate {
  constructor(caption) {
    this.caption = el("figcaption", {}, caption);
    this.canvas = el("canvas", { role: "img" });
    this.mark = el("div", { class: "cw-mark", hidden: "" });
    this.frame = el("div", { class: "cw-frame" }, this.canvas, this.mark);
    this.element = el("figure", {}, el("div", { class: "cw-caption" }, this.caption), this.frame);
  }

  show(width, height, text) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.setAttribute("aria-label", text);
    this.canvas.classList.toggle("cw-fine", width > 1000); // scaled down: smooth, not pixel by pixel
    this.frame.style.setProperty("--aspect", width / height);
  }
}

/** Put a box over part of an image of `width` × `height` units; none: hide it. */
function mark(box, part, width, height) {
  box.hidden = !part;
  if (!part) return;
  box.style.left = `${(100 * part.left) / width}%`;
  box.style.top = `${(100 * part.top) / height}%`;
  box.style.width = `${(100 * part.width) / width}%`;
  box.style.height = `${(100 * part.height) / height}%`;
}

/** [lowest, highest] */
function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const clamp = (value, size) => Math.max(0, Math.min(size - 1, value));

/** 256 × (R, G, B) -> numbers that a canvas holds in memory. */
function palette(rgb) {
  const colours = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) colours.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint32Array(colours.buffer);
}

/** The colour scale: a bar from the lowest value to the highest, with its zero. */
class Scale {
  constructor() {
    this.bar = el("canvas", { "aria-hidden": "true" });
    [this.low, this.high] = [el("span"), el("span")];
    this.zero = el("span", { class: "cw-zero" }, "0");
    const ramp = el("div", { class: "cw-ramp" }, this.bar, this.zero);
    this.element = el("div", { class: "cw-scale" }, this.low, ramp, this.high);
  }

  /** colours: 256 numbers, as palette() gives them. */
  paint(colours) {
    this.bar.width = 256;
    this.bar.height = 1;
    const image = new ImageData(256, 1);
    new Uint32Array(image.data.buffer).set(colours);
    this.bar.getContext("2d").putImageData(image, 0, 0);
  }

  /** The values at the ends; none: each map goes from its own lowest value to its highest. */
  show({ low, high }) {
    const known = low !== undefined;
    this.low.textContent = known ? short(low) : "lowest";
    this.high.textContent = known ? short(high) : "highest";
    const zero = -low / (high - low);
    this.zero.hidden = !(zero > 0.05 && zero < 0.95);
    this.zero.style.left = `${100 * zero}%`;
  }
}

/**
 * The frame of every widget: controls, status, error, presenter mode, the traffic with the kernel.
 * names: {trait: label} for each list to choose from; a widget adds to `controls` and `body`.
 * Requests are numbered, an answer carries the number of the last one that it knows: the page
 * shows a control's own state until its request is answered, and says when that takes long.
 */
class Frame {
  constructor(model, root, names = {}) {
    this.model = model;
    this.root = root;
    this.selects = {};
    root.classList.add("course-widget");
    this.badge = el("strong", { class: "cw-badge" });
    this.waiting = el("div", { class: "cw-waiting", role: "status" });
    this.alert = el("div", { class: "cw-alert", role: "alert" });
    this.body = el("div", { class: "cw-body" });
    const choices = Object.entries(names).map(([name, label]) => this.choice(name, label));
    this.controls = el("div", { class: "cw-controls" }, ...choices);
    root.append(this.controls, this.alert, this.body, this.waiting);
    if ("image" in names) this.acceptDrops();
    this.presenter = new Presenter(model, root, (choice) => this.ask(choice));
    this.listen("change:error", () => this.showError(model.get("error")));
    this.showError(model.get("error"));
  }

  /** Listen to the model until the view goes. */
  listen(event, act) {
    (this.heard ??= []).push(hear(this.model, event, act));
  }

  close() {
    this.presenter.close();
    for (const stop of this.heard) stop();
    clearTimeout(this.timer);
  }

  /** A labelled <select> for one trait; the one for images has a button for one's own. */
  choice(name, label) {
    const select = el("select", { name, ...KEEP_KEYS });
    this.selects[name] = select;
    select.addEventListener("change", () => this.ask({ [name]: select.value }));
    const choice = el("label", { class: "cw-choice" }, el("span", {}, label), select);
    if (name === "network") return el("div", { class: "cw-network" }, choice, this.badge);
    return name === "image" ? el("div", { class: "cw-pair" }, choice, this.uploadButton()) : choice;
  }

  uploadButton() {
    const file = el("input", { type: "file", accept: "image/*,.heic,.heif", hidden: "" });
    const button = el("button", { type: "button", class: "cw-button", ...KEEP_KEYS }, "Your own…");
    button.addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      if (file.files.length) this.upload(file.files[0]);
      file.value = ""; // the same file can be chosen again
    });
    return el("span", {}, button, file);
  }

  acceptDrops() {
    const { root } = this;
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
      if (event.dataTransfer.files.length) this.upload(event.dataTransfer.files[0]);
    });
  }

  /** Send a choice; of choices that overtake one another the kernel gets the last. */
  ask(choice) {
    this.wait("network" in choice ? `Loading ${this.titleOf(choice.network)}…` : "Computing…");
    for (const [name, value] of Object.entries(choice)) this.model.set(name, value);
    this.model.set("seq", this.asked);
    this.model.save_changes();
  }

  titleOf(network) {
    return this.model.get("networks").find(({ name }) => name === network)?.title ?? network;
  }

  async upload(file) {
    this.wait(`Opening ${file.name}…`);
    const asked = this.asked;
    try {
      const bytes = await smallEnough(file);
      this.model.send({ upload: file.name, seq: asked }, undefined, [bytes]);
    } catch (error) {
      this.asked = this.model.get("view").seq;
      this.answered();
      this.showError(error.message);
    }
  }

  wait(text) {
    this.asked = Math.max(this.asked ?? 0, this.model.get("seq")) + 1;
    clearTimeout(this.timer);
    this.root.setAttribute("aria-busy", "true");
    this.timer = setTimeout(() => {
      this.waiting.textContent = text;
      this.timer = setTimeout(() => {
        this.waiting.textContent = `${text} No answer yet: is the kernel busy, or gone? Then run the cell again.`;
      }, 8000);
    }, 150); // most answers come sooner: nothing flickers
  }

  answered() {
    clearTimeout(this.timer);
    this.waiting.textContent = "";
    this.root.removeAttribute("aria-busy");
  }

  showError(text) {
    this.alert.textContent = text; // empty, it takes no room
  }

  /** Put the controls and the badge right; call it with each new view. */
  update(view, options) {
    const pending = view.seq < (this.asked ?? 0);
    if (!pending) this.answered();
    for (const [name, pairs] of Object.entries(options)) {
      fill(this.selects[name], pairs);
      if (!pending) this.selects[name].value = this.model.get(name);
    }
    if (!("status" in view)) return; // there is no network in it
    this.badge.textContent = view.status;
    this.badge.title = view.hint ?? ""; // how to get weights
    this.badge.classList.toggle("cw-untrained", !view.trained);
    this.root.classList.toggle("cw-random", !view.trained);
  }

  /** Options that both widgets have. */
  commonOptions() {
    return {
      network: this.model.get("networks").map(({ name, title }) => [name, title]),
      image: this.model.get("images").map((name) => [name, name]),
    };
  }
}

/** The bytes of a file. A photograph too large for one message is made smaller in the page. */
async function smallEnough(file) {
  const LIMIT = 8e6;
  if (file.size > LIMIT) {
    try {
      const image = await createImageBitmap(file);
      const scale = Math.min(1, 2048 / Math.max(image.width, image.height));
      const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      file = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
    } catch {
      throw new Error(
        `${file.name} is too large to send (${Math.round(file.size / 1e6)} MB) and this browser cannot open it. Make a smaller copy, as JPEG or PNG.`
      );
    }
  }
  return file.arrayBuffer();
}

/** The five best classes with their bars; those of an untrained network look like none. */
class Classes {
  constructor() {
    this.heading = el("h4", {});
    this.list = el("ol", { class: "cw-classes cw-answer" });
    this.element = el("section", { class: "cw-best" }, this.heading, this.list);
  }

  show({ classes, outputs, trained }) {
    this.heading.textContent = !classes.length
      ? "The output is no list of classes"
      : trained
        ? `Five best of ${outputs} classes`
        : "Untrained: no prediction";
    this.list.replaceChildren(
      ...classes.map(({ label, share, text }) => {
        const bar = el("span", { class: "cw-bar" });
        bar.style.setProperty("--share", share);
        return el("li", {}, el("span", { class: "cw-label" }, label), el("span", { class: "cw-share" }, text), bar);
      })
    );
  }
}
