// course_utils/widgets/shared/js/dom.js
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}
function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}
var KEEP_KEYS = { "data-lm-suppress-shortcuts": "true" };
function button(text, press, attributes = { class: "cw-button" }) {
  const element = el("button", { type: "button", ...KEEP_KEYS, ...attributes }, text);
  element.addEventListener("click", press);
  return element;
}
function list(name, choose) {
  const select = el("select", { name, ...KEEP_KEYS });
  select.addEventListener("change", () => choose(select.value));
  return select;
}
function labelled(text, control) {
  return el("label", { class: "cw-choice" }, el("span", {}, text), control);
}
function fill(select, options) {
  const same = select.length === options.length && options.every(([value, text], i) => select.options[i].value === value && select.options[i].text === text);
  if (!same) select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}
var pair = (value, text = value) => [value, text];
function listenTo(element, event, act) {
  element.addEventListener(event, act);
  return () => element.removeEventListener(event, act);
}
var clamp = (value, size) => Math.max(0, Math.min(size - 1, value));

// course_utils/widgets/shared/js/canvas.js
function bytesOf(model, name) {
  const data = model.get(name);
  return data?.buffer ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}
function coloursOf(rgb) {
  const colours = new Uint32Array(rgb.length / 3);
  for (let i = 0, from = 0; i < colours.length; i++, from += 3) {
    colours[i] = 4278190080 | rgb[from + 2] << 16 | rgb[from + 1] << 8 | rgb[from];
  }
  return colours;
}
var Grid = class {
  /**
   * @param {number} count
   * @param {number} rows
   * @param {number} columns
   */
  constructor(count, rows, columns, across = count, gap = 0) {
    this.count = count;
    this.rows = rows;
    this.columns = columns;
    this.across = across;
    this.gap = gap;
    this.width = across * (columns + gap) - gap;
    this.height = Math.ceil(count / across) * (rows + gap) - gap;
  }
  /**
   * Where a tile begins, in pixels of the whole.
   * @param {number} channel
   */
  corner(channel) {
    return {
      left: channel % this.across * (this.columns + this.gap),
      top: Math.floor(channel / this.across) * (this.rows + this.gap)
    };
  }
  /**
   * The box of a tile, for `mark`.
   * @param {number} channel
   */
  box(channel) {
    return { ...this.corner(channel), width: this.columns, height: this.rows };
  }
  /**
   * The box of a unit, for `mark`.
   * @param {Unit} unit
   */
  unit({ channel, row: row2, column }) {
    const { left, top } = this.corner(channel);
    return { left: left + column, top: top + row2, width: 1, height: 1 };
  }
  /**
   * The unit at a pixel, between two tiles the one before the gap; null where there is no tile.
   * @param {number} x
   * @param {number} y
   * @returns {Unit | null}
   */
  at(x, y) {
    const [column, left] = split(Math.floor(x), this.columns, this.gap);
    const [row2, top] = split(Math.floor(y), this.rows, this.gap);
    const channel = top * this.across + left;
    return channel >= 0 && channel < this.count && left < this.across ? { channel, row: row2, column } : null;
  }
  /**
   * Where a key leads from a unit: over the edge of a tile into its neighbour. null: nowhere.
   * @param {Unit} unit
   * @param {string} key
   * @returns {Unit | null}
   */
  step(unit, key) {
    const step = ARROWS[key];
    if (step) return this.walk(unit, ...step);
    const jumps = { PageUp: -1, PageDown: 1, Home: -this.count, End: this.count };
    const jump = jumps[key];
    return jump ? { ...unit, channel: clamp(unit.channel + jump, this.count) } : null;
  }
  /**
   * @param {Unit} unit
   * @param {number} down
   * @param {number} right
   */
  walk({ channel, row: row2, column }, down, right) {
    let [y, x, next] = [row2 + down, column + right, channel];
    if (x < 0 || x >= this.columns) {
      next += right;
      x -= right * this.columns;
    }
    if (y < 0 || y >= this.rows) {
      next += down * this.across;
      y -= down * this.rows;
    }
    const inside = next >= 0 && next < this.count;
    return inside ? { channel: next, row: y, column: x } : { channel, row: row2, column };
  }
  /**
   * Paint all tiles: `colours(i)` gives those of a tile, row by row. Between tiles: nothing.
   * @param {HTMLCanvasElement} canvas
   * @param {(tile: number) => Uint32Array} colours
   */
  paint(canvas, colours) {
    const image = new ImageData(this.width, this.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let tile = 0; tile < this.count; tile++) {
      const { left, top } = this.corner(tile);
      const painted = colours(tile);
      for (let row2 = 0; row2 < this.rows; row2++) {
        const part = painted.subarray(row2 * this.columns, (row2 + 1) * this.columns);
        pixels.set(part, (top + row2) * this.width + left);
      }
    }
    [canvas.width, canvas.height] = [this.width, this.height];
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
};
var ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
function split(position, size, gap) {
  const place = position % (size + gap);
  return [Math.min(place, size - 1), Math.floor(position / (size + gap))];
}
function paint(canvas, colours, height, width) {
  new Grid(1, height, width).paint(canvas, () => colours);
}

// course_utils/widgets/shared/js/presenter.js
var HINTS = { p: "Presenter mode (key P)", a: "Show or hide the answer (key A)", r: "Back to the start (key R)" };
var MODAL = { role: "dialog", "aria-modal": "true", "aria-label": "Presenter mode", tabindex: "-1", ...KEEP_KEYS };
var FOCUSABLE = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";
var TYPED = "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=file])";
var Presenter = class {
  /**
   * @param {Model} model
   * @param {HTMLElement} root
   * @param {(choice: Record<string, unknown>) => void} ask sends a choice {trait: value} to the kernel
   */
  constructor(model, root, ask) {
    this.model = model;
    this.root = root;
    this.ask = ask;
    this.full = false;
    this.current = null;
    this.focused = null;
    this.scenes = el("ol", { class: "cw-scenes", "aria-label": "Scenes" });
    this.name = el("input", { class: "cw-name", maxlength: "60" });
    this.name.addEventListener("keydown", (event) => event.key === "Enter" && this.keep());
    this.remove = button("", () => this.model.send({ scenes: "delete", name: this.current }), {});
    this.answer = button("", () => this.reveal(!this.revealed), { title: HINTS.a });
    this.bar = this.tools();
    this.list();
    this.toggle = button("Present", () => this.enter(), { class: "cw-toggle", title: HINTS.p });
    (root.querySelector(".cw-controls") ?? root).prepend(this.toggle);
    root.append(this.bar);
    this.stops = [
      listenTo(root, "keydown", (event) => this.key(event)),
      listenTo(root, "focusout", (event) => this.keepFocus(event)),
      // only the whole screen that this entry has got: the end of an earlier one may come late
      listenTo(document, "fullscreenchange", () => this.full && !document.fullscreenElement && this.leave()),
      hear(model, "change:scenes", () => this.list())
    ];
    setTimeout(() => this.start = this.page());
  }
  close() {
    this.leave();
    for (const stop of this.stops) stop();
    this.waiting?.();
  }
  get presenting() {
    return this.root.classList.contains("cw-presenting");
  }
  // --- In and out ---
  enter() {
    const { root } = this;
    this.focused = /** @type {HTMLElement | null} */
    document.activeElement;
    root.parentElement?.style.setProperty("min-height", `${root.offsetHeight}px`);
    root.classList.add("cw-presenting");
    for (const [name, value] of Object.entries(MODAL)) root.setAttribute(name, value);
    this.bar.hidden = false;
    this.reveal(false);
    this.model.send({ scenes: "list" });
    this.fill();
  }
  /** The whole screen if the browser allows it, else the whole window. */
  async fill() {
    const { root } = this;
    root.setAttribute("popover", "manual");
    root.showPopover();
    root.focus();
    if (!navigator.userActivation?.isActive || !document.fullscreenEnabled) return;
    await document.documentElement.requestFullscreen().catch(() => {
    });
    if (!this.presenting) return;
    this.full = Boolean(document.fullscreenElement);
    const focused = document.activeElement;
    root.hidePopover();
    root.showPopover();
    focus(focused);
  }
  leave() {
    if (!this.presenting) return;
    const { root } = this;
    this.full = false;
    root.classList.remove("cw-presenting");
    root.removeAttribute("popover");
    for (const name of Object.keys(MODAL)) root.removeAttribute(name);
    root.parentElement?.style.removeProperty("min-height");
    this.bar.hidden = true;
    if (document.fullscreenElement) document.exitFullscreen();
    focus(root.contains(this.focused) ? this.focused : this.toggle);
  }
  /**
   * The page behind takes no focus: after the last control comes the first.
   * @param {{ relatedTarget: Element | null }} event
   */
  keepFocus({ relatedTarget: next }) {
    const { root } = this;
    if (!this.presenting || !next || root.contains(next)) return;
    const all = [...root.querySelectorAll(FOCUSABLE)].filter((element) => element.checkVisibility());
    const before = root.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_PRECEDING;
    const around = next.contains(root);
    focus(around ? root : before ? all.at(-1) : all[0]);
  }
  /** @param {KeyboardEvent & { target: Element }} event */
  key(event) {
    const { presenting } = this;
    if (presenting) event.stopPropagation();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches(TYPED);
    if (event.key === "Escape" && presenting) typing ? this.root.focus() : this.leave();
    else if (typing) return;
    else if (/^[1-9]$/.test(event.key) && presenting) this.recallByKey(event.key);
    else if (event.target.matches("select"))
      return;
    else if (event.key.toLowerCase() === "p") presenting ? this.leave() : this.enter();
    else if (event.key.toLowerCase() === "a" && presenting) this.reveal(!this.revealed);
    else if (event.key.toLowerCase() === "r" && presenting) this.reset();
    else return;
    event.preventDefault();
  }
  // --- Scenes ---
  /** What only the page knows of the present scene. */
  page() {
    const page = {};
    this.root.dispatchEvent(new CustomEvent("cw-keep", { detail: page }));
    return page;
  }
  /** @param {Scene | undefined} scene */
  recall(scene) {
    if (!scene) return;
    const { name, state, page } = scene;
    this.reveal(false);
    this.waiting?.();
    const show = () => this.root.dispatchEvent(new CustomEvent("cw-recall", { detail: page }));
    const changed = Object.entries(state).filter(
      ([trait, value]) => JSON.stringify(this.model.get(trait)) !== JSON.stringify(value)
    );
    if (changed.length && this.model.get("view")) {
      this.waiting = hear(this.model, "change:view", () => {
        this.waiting?.();
        setTimeout(show);
      });
    }
    if (changed.length) this.ask(Object.fromEntries(changed));
    if (!changed.length || !this.model.get("view")) show();
    this.current = name;
    this.list();
  }
  /** @param {string} digit */
  recallByKey(digit) {
    if (document.activeElement?.matches("select")) this.root.focus();
    this.recall(this.model.get("scenes")[Number(digit) - 1]);
  }
  reset() {
    this.recall({ name: null, state: this.model.get("start"), page: this.start });
  }
  keep() {
    const name = this.name.value.trim() || this.name.placeholder;
    this.current = name;
    this.model.send({ scenes: "save", name, page: this.page() });
    this.name.value = "";
  }
  // --- The answer ---
  get revealed() {
    return this.root.classList.contains("cw-revealed");
  }
  /** @param {boolean} on */
  reveal(on) {
    this.root.classList.toggle("cw-revealed", on);
    this.answer.hidden = !this.root.querySelector(".cw-answer");
    this.answer.textContent = on ? "Hide answer" : "Show answer";
  }
  // --- The bar of tools ---
  tools() {
    return el(
      "div",
      { class: "cw-presenter", role: "group", "aria-label": "Scenes and answers", hidden: "" },
      this.scenes,
      el("label", { class: "cw-new" }, "New scene ", this.name),
      button("Save", () => this.keep(), {}),
      this.remove,
      button("Reset", () => this.reset(), { title: HINTS.r }),
      this.answer,
      button("Leave", () => this.leave(), { title: "Leave presenter mode (Escape)" })
    );
  }
  list() {
    const scenes = this.model.get("scenes");
    const focused = this.scenes.contains(document.activeElement) && this.current;
    this.scenes.replaceChildren(
      ...scenes.map((scene, i) => {
        const current = scene.name === this.current;
        const recall = button(`${i + 1} ${scene.name}`, () => this.recall(scene), { "aria-pressed": current });
        return el("li", {}, recall);
      })
    );
    if (focused) focus(this.scenes.querySelector("[aria-pressed=true]"));
    this.name.placeholder = `Scene ${scenes.length + 1}`;
    this.remove.hidden = !scenes.some(({ name }) => name === this.current);
    this.remove.textContent = `Delete “${this.current}”`;
  }
};
var focus = (element) => (
  /** @type {HTMLElement | null | undefined} */
  element?.focus()
);
function hear(model, event, act) {
  model.on(event, act);
  return () => model.off(event, act);
}

// course_utils/widgets/shared/js/frame.js
var SOON = 150;
var LATE = 8e3;
var Frame = class {
  /**
   * @param {Model} model
   * @param {HTMLElement} root
   * @param {Record<string, string>} [names] {trait: label} for each list to choose from
   */
  constructor(model, root, names = {}) {
    this.model = model;
    this.root = root;
    this.asked = 0;
    this.selects = {};
    this.stops = [];
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
  /**
   * Listen to the model until the view goes.
   * @param {string} event
   * @param {(...args: any[]) => void} act
   */
  listen(event, act) {
    this.stops.push(hear(this.model, event, act));
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
    return name === "image" ? el("div", { class: "cw-pair" }, choice, this.uploadButton()) : choice;
  }
  // --- Images of one's own ---
  uploadButton() {
    const file = el("input", { type: "file", accept: "image/*,.heic,.heif", hidden: "" });
    file.addEventListener("change", () => {
      if (file.files?.length) this.upload(file.files[0]);
      file.value = "";
    });
    return el(
      "span",
      {},
      button("Your own…", () => file.click()),
      file
    );
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
      if (event.dataTransfer?.files.length) this.upload(event.dataTransfer.files[0]);
    });
  }
  /** @param {File} file */
  async upload(file) {
    this.wait(`Opening ${file.name}…`);
    const seq = this.asked;
    try {
      const bytes = await smallEnough(file);
      this.model.send({ upload: file.name, seq }, void 0, [bytes]);
    } catch (error) {
      this.asked = this.model.get("view").seq;
      this.answered();
      this.showError(
        /** @type {Error} */
        error.message
      );
    }
  }
  // --- To the kernel and back ---
  /**
   * Set traits, here and in the kernel.
   * @param {Choice} choice
   */
  set(choice) {
    for (const [name, value] of Object.entries(choice)) this.model.set(name, value);
    this.model.save_changes();
  }
  /**
   * Send a choice that is answered; of choices that overtake one another the kernel gets the last.
   * @param {Choice} choice
   */
  ask(choice) {
    this.wait("network" in choice ? `Loading ${this.titleOf(choice.network)}…` : "Computing…");
    this.set(this.model.get("seq") === void 0 ? choice : { ...choice, seq: this.asked });
  }
  /** @param {unknown} network */
  titleOf(network) {
    const networks = this.model.get("networks");
    return networks.find(({ name }) => name === network)?.title ?? network;
  }
  /**
   * Number a request, and say so when its answer takes long.
   * @param {string} text
   */
  wait(text) {
    this.asked = Math.max(this.asked, this.model.get("seq") ?? 0) + 1;
    clearTimeout(this.timer);
    this.root.setAttribute("aria-busy", "true");
    this.timer = setTimeout(() => {
      this.waiting.textContent = text;
      this.timer = setTimeout(() => {
        this.waiting.textContent = `${text} No answer yet: is the kernel busy, or gone? Then run the cell again.`;
      }, LATE);
    }, SOON);
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
    if (view.status === void 0) return;
    this.badge.textContent = view.status;
    this.badge.title = view.hint ?? "";
    this.badge.classList.toggle("cw-untrained", !view.trained);
    this.root.classList.toggle("cw-random", !view.trained);
  }
  /** Options that several widgets have. */
  commonOptions() {
    const networks = this.model.get("networks");
    const images = this.model.get("images") ?? [];
    return { network: networks.map(({ name, title }) => pair(name, title)), image: images.map((name) => pair(name)) };
  }
};
var LIMIT = 8e6;
async function smallEnough(file) {
  if (file.size <= LIMIT) return file.arrayBuffer();
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, 2048 / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })).arrayBuffer();
  } catch {
    const size = Math.round(file.size / 1e6);
    throw new Error(
      `${file.name} is too large to send (${size} MB) and this browser cannot open it. Make a smaller copy, as JPEG or PNG.`
    );
  }
}
var Classes = class {
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
    this.list.replaceChildren(
      ...classes.map(({ label, share, text }) => {
        const bar = el("span", { class: "cw-bar" });
        bar.style.setProperty("--share", String(share));
        return el("li", {}, el("span", { class: "cw-label" }, label), el("span", { class: "cw-share" }, text), bar);
      })
    );
  }
};

// course_utils/widgets/preprocess/widget.js
var Preprocess = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, {
      image: "Image",
      network: "Network",
      normalisation: "Normalisation",
      to_tensor: "To tensor"
    });
    this.cards = {};
    this.steps = el("ol", { class: "cw-steps", "aria-label": "Steps, first to last" });
    this.classes = new Classes();
    this.ways = el("tbody");
    this.result = el("div", { class: "cw-result" }, this.verdict(), this.classes.element, this.table());
    this.frame.body.classList.add("cw-preprocess");
    this.frame.body.append(this.steps, this.result);
    this.acceptCards();
    this.frame.listen("change:view", () => this.update());
    this.update();
  }
  verdict() {
    this.heading = el("h4", {});
    this.sentences = el("ol", { class: "cw-answer" });
    this.back = el("button", { type: "button", ...KEEP_KEYS }, "All steps in order");
    this.back.addEventListener("click", () => {
      this.frame.ask({ order: this.view.right, off: "", normalisation: "own", to_tensor: "keeps" });
    });
    this.said = el(
      "section",
      { class: "cw-verdict" },
      el("div", { role: "status" }, this.heading, this.sentences),
      this.back
    );
    return this.said;
  }
  table() {
    const head = ["Normalisation", "Class", "Probability"].map((text) => el("th", { scope: "col" }, text));
    this.comparison = el(
      "table",
      { class: "cw-ways cw-answer" },
      el("caption", {}, "Best class by normalisation, all steps in order"),
      el("thead", {}, el("tr", {}, ...head)),
      this.ways
    );
    return this.comparison;
  }
  // --- Order ---
  order() {
    return this.model.get("order").split(", ");
  }
  /** Put a step where another stands now. */
  move(name, place) {
    const order = this.order().filter((other) => other !== name);
    order.splice(place, 0, name);
    this.frame.ask({ order: order.join(", ") });
  }
  step(name, by) {
    const place = this.order().indexOf(name) + by;
    if (place >= 0 && place < this.order().length) this.move(name, place);
  }
  switch(name, on) {
    const off = this.model.get("off").split(", ").filter((other) => other && other !== name);
    this.frame.ask({ off: (on ? off : [...off, name]).join(", ") });
  }
  /** Drag a card by the mouse to another place in the row. */
  acceptCards() {
    const { steps } = this;
    steps.addEventListener("dragstart", (event) => {
      this.dragged = event.target.closest("li")?.dataset.step;
      event.dataTransfer.setData("text/plain", this.dragged);
      event.stopPropagation();
    });
    steps.addEventListener("dragend", () => this.mark());
    for (const type of ["dragenter", "dragover", "drop"]) {
      steps.addEventListener(type, (event) => {
        if (!this.dragged) return;
        event.preventDefault();
        event.stopPropagation();
        const [card, after] = this.under(event);
        this.mark(card, after);
        if (type === "drop") this.drop(card, after);
      });
    }
  }
  /** The card under the pointer, and whether the pointer is in its right half. */
  under(event) {
    const card = event.target.closest("li");
    const box = card?.getBoundingClientRect();
    return [card, box && event.clientX > box.left + box.width / 2];
  }
  mark(card, after) {
    for (const other of this.steps.children) {
      other.classList.toggle("cw-before", other === card && !after);
      other.classList.toggle("cw-after", other === card && after);
    }
  }
  drop(card, after) {
    const name = this.dragged;
    this.dragged = null;
    this.mark();
    if (!card || card.dataset.step === name) return;
    const rest = this.order().filter((other) => other !== name);
    this.move(name, rest.indexOf(card.dataset.step) + (after || card.dataset.step === "image" ? 1 : 0));
  }
  // --- What the kernel sends ---
  update() {
    const view = this.model.get("view");
    if (view.seq < this.painted) return;
    this.painted = view.seq;
    this.view = view;
    this.frame.update(view, { ...this.frame.commonOptions(), ...view.choices });
    this.showSteps();
    this.showVerdict();
    this.classes.show(view);
    if (view.answer) this.showNoAnswer();
    this.comparison.hidden = !view.ways.length;
    this.ways.replaceChildren(...view.ways.map((way) => row(way, way.name === this.model.get("normalisation"))));
    this.root.dataset.seq = view.seq;
  }
  showSteps() {
    const { steps } = this.view;
    const focused = this.steps.contains(document.activeElement) ? document.activeElement : null;
    const bytes = bytesOf(this.model, "pixels");
    let from = 0;
    const cards = steps.map((step, place) => {
      const card = this.cards[step.name] ??= this.card(step.name);
      const size = step.state === "done" ? step.height * step.width * 3 : 0;
      showStep(card, step, bytes.subarray(from, from + size), this.view);
      showPlace(card, place, steps.length - 1);
      from += size;
      return card;
    });
    if (cards.some((card, i) => this.steps.children[i] !== card)) this.steps.replaceChildren(...cards);
    if (focused) (focused.disabled ? focused.parentElement.querySelector("button:enabled") : focused)?.focus();
  }
  showVerdict() {
    const { verdict, heading, sentences } = this.view;
    this.said.dataset.verdict = verdict;
    this.heading.textContent = heading;
    this.sentences.replaceChildren(...sentences.map((text) => el("li", {}, text)));
    this.back.hidden = verdict === "right";
  }
  /** Where the classes would be: why there are none. */
  showNoAnswer() {
    this.classes.heading.textContent = "No answer";
    this.classes.list.replaceChildren(el("li", { class: "cw-noanswer" }, this.view.answer));
  }
  /** A card; all but the image's can be moved and switched off. */
  card(name) {
    const part = (tag, kind, attributes = {}) => el(tag, { class: `cw-${kind}`, ...attributes });
    const card = el(
      "li",
      { "data-step": name, class: "cw-card" },
      name === "image" ? el("div", { class: "cw-head" }, el("h4", {}, name)) : this.head(name),
      part("p", "does"),
      part("canvas", "thumbnail", { role: "img" }),
      svg("svg", { class: "cw-histogram", role: "img", viewBox: "0 0 480 160", preserveAspectRatio: "none" }),
      el("div", { class: "cw-ends" }, part("span", "black"), part("span", "white")),
      part("div", "facts"),
      part("p", "note")
    );
    if (name !== "image") card.draggable = true;
    card.find = (kind) => card.querySelector(`.cw-${kind}`);
    for (const fact of ["shape", "type", "values", "mean"]) {
      card.find("facts").append(el("span", {}, fact), part("span", fact));
    }
    return card;
  }
  /** Switch, name, and two buttons; on them the arrow keys move the card as well. */
  head(name) {
    const on = el("input", { type: "checkbox", name: "on", ...KEEP_KEYS });
    on.addEventListener("change", () => this.switch(name, on.checked));
    const moves = [
      ["‹", "earlier", -1],
      ["›", "later", 1]
    ].map(([sign, word, by]) => {
      const label = `Move ${name} ${word}`;
      const button2 = el("button", { type: "button", "aria-label": label, title: label, ...KEEP_KEYS }, sign);
      button2.addEventListener("click", () => this.step(name, by));
      return button2;
    });
    const buttons = el("div", { class: "cw-moves" }, ...moves);
    buttons.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.step(name, by);
    });
    return el("div", { class: "cw-head" }, el("h4", {}, el("label", {}, on, name)), buttons);
  }
};
function showPlace(card, place, last) {
  if (!place) return;
  const [earlier, later] = card.querySelectorAll("button");
  earlier.disabled = place === 1;
  later.disabled = place === last;
}
function showStep(card, step, bytes, { image }) {
  const done = step.state === "done";
  card.classList.toggle("cw-gone", !done);
  card.classList.toggle("cw-failed", step.state === "failed");
  card.find("does").textContent = step.explanation;
  card.find("note").textContent = step.note ?? "";
  card.find("note").hidden = done;
  const on = card.querySelector("input");
  if (on) on.checked = step.state !== "off";
  for (const fact of ["shape", "type", "mean", "black", "white"]) card.find(fact).textContent = step[fact] ?? "";
  card.find("values").textContent = done ? `${step.min} to ${step.max}` : "";
  if (!done) return;
  const values = `${step.min} to ${step.max}`;
  const thumbnail = card.find("thumbnail");
  thumbnail.setAttribute(
    "aria-label",
    `${image} after ${step.name}: ${step.shape}, values ${values}, mean ${step.mean}`
  );
  paint(thumbnail, coloursOf(bytes), step.height, step.width);
  const histogram = card.find("histogram");
  histogram.setAttribute(
    "aria-label",
    `histogram of red, green and blue from ${step.black} to ${step.white}, mean ${step.mean}`
  );
  drawHistogram(histogram, step);
}
function drawHistogram(drawing, { histogram, zero }) {
  const counts = histogram.flat().sort((a, b) => a - b);
  const top = counts[Math.max(0, counts.length - 4)] || counts.at(-1) || 1;
  const lines = histogram.map((bins, channel) => {
    const height = (count) => (156 - 150 * Math.min(1, count / top)).toFixed(1);
    const points = bins.map((count, i) => `${((i + 0.5) * 480 / bins.length).toFixed(1)},${height(count)}`);
    return svg("polyline", { class: ["cw-red", "cw-green", "cw-blue"][channel], points: points.join(" ") });
  });
  const axis = zero === null ? [] : [svg("line", { x1: zero * 480, x2: zero * 480, y1: 0, y2: 160 })];
  drawing.replaceChildren(...axis, ...lines);
}
function row({ title, numbers, label, text }, chosen) {
  const name = el("th", { scope: "row" }, title, el("small", {}, numbers));
  return el("tr", chosen ? { "aria-current": "true" } : {}, name, el("td", {}, label), el("td", {}, text));
}
var widget_default = {
  render(context) {
    const preprocess = new Preprocess(context);
    return () => preprocess.frame.close();
  }
};
export {
  widget_default as default
};
