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
function button(text, press, attributes = {}) {
  const element = el("button", { type: "button", ...KEEP_KEYS, ...attributes }, text);
  element.addEventListener("click", press);
  return element;
}
function fileButton(text, take, kind = {}, attributes = {}) {
  const chooser = el("input", { ...kind, type: "file", hidden: "" });
  chooser.addEventListener("change", () => {
    const files = [...chooser.files ?? []];
    chooser.value = "";
    if (files.length) take(files);
  });
  return el(
    "span",
    {},
    button(text, () => chooser.click(), attributes),
    chooser
  );
}
function input(attributes, change, event = "change") {
  const element = el("input", { ...KEEP_KEYS, ...attributes });
  element.addEventListener(event, () => change(element));
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
var times = (numbers) => [...numbers].join(" × ");
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  const text = value === 0 ? "0" : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}
var clamp = (value, size) => Math.max(0, Math.min(size - 1, value));
function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

// course_utils/widgets/shared/js/canvas.js
function bytesOf(model, name) {
  const data = model.get(name);
  return data?.buffer ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}
var floatsOf = (model, name) => new Float32Array(bytesOf(model, name).slice().buffer);
function coloursOf(rgb) {
  const colours = new Uint32Array(rgb.length / 3);
  for (let i = 0, from = 0; i < colours.length; i++, from += 3) {
    colours[i] = 4278190080 | rgb[from + 2] << 16 | rgb[from + 1] << 8 | rgb[from];
  }
  return colours;
}
var GREYS = coloursOf(Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)));
function onScale(values, { low, high }, colours) {
  const factor = high > low ? 255 / (high - low) : 0;
  const painted = new Uint32Array(values.length);
  for (let i = 0; i < painted.length; i++) {
    const level = (values[i] - low) * factor + 0.5;
    painted[i] = colours[level < 0 ? 0 : level > 255 ? 255 : level | 0];
  }
  return painted;
}
function mapColours(model) {
  return { plain: coloursOf(bytesOf(model, "colours")), diverging: coloursOf(bytesOf(model, "diverging")) };
}
function scaleOf({ low, high }, { plain, diverging }) {
  if (!(low < 0)) return { ends: { low, high }, colours: plain };
  const most = Math.max(-low, high);
  return { ends: { low: -most, high: most }, colours: diverging };
}
function resize(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
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
  unit({ channel, row, column }) {
    const { left, top } = this.corner(channel);
    return { left: left + column, top: top + row, width: 1, height: 1 };
  }
  /**
   * The unit at a pixel, between two tiles the one before the gap; null where there is no tile.
   * @param {number} x
   * @param {number} y
   * @returns {Unit | null}
   */
  at(x, y) {
    const [column, left] = split(Math.floor(x), this.columns, this.gap);
    const [row, top] = split(Math.floor(y), this.rows, this.gap);
    const channel = top * this.across + left;
    return channel >= 0 && channel < this.count && left < this.across ? { channel, row, column } : null;
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
  walk({ channel, row, column }, down, right) {
    let [y, x, next] = [row + down, column + right, channel];
    if (x < 0 || x >= this.columns) {
      next += right;
      x -= right * this.columns;
    }
    if (y < 0 || y >= this.rows) {
      next += down * this.across;
      y -= down * this.rows;
    }
    const inside = next >= 0 && next < this.count;
    return inside ? { channel: next, row: y, column: x } : { channel, row, column };
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
      for (let row = 0; row < this.rows; row++) {
        const part = painted.subarray(row * this.columns, (row + 1) * this.columns);
        pixels.set(part, (top + row) * this.width + left);
      }
    }
    resize(canvas, this.width, this.height);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
};
function fitting(count, rows, columns, gap, { clientWidth, clientHeight }) {
  let [best, largest] = [1, 0];
  for (let across = 1; across <= count; across++) {
    const { width, height } = new Grid(count, rows, columns, across, gap);
    const size = Math.min(clientWidth / width, clientHeight / height) * (count % across ? 0.9 : 1);
    if (size > largest) [best, largest] = [across, size];
  }
  return best;
}
var ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
function split(position, size, gap) {
  const place = position % (size + gap);
  return [Math.min(place, size - 1), Math.floor(position / (size + gap))];
}
function paint(canvas, colours, height, width) {
  new Grid(1, height, width).paint(canvas, () => colours);
}
async function jpegOf(picture, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = new OffscreenCanvas(width * scale, height * scale);
  const paper = (
    /** @type {OffscreenCanvasRenderingContext2D} */
    canvas.getContext("2d")
  );
  paper.fillStyle = "white";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })).arrayBuffer();
}

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
var HINTS = { p: "Presenter mode (key P)", a: "Show or hide the answer (key A)", r: "Back to the start (key R)" };
var MODAL = { role: "dialog", "aria-modal": "true", "aria-label": "Presenter mode", tabindex: "-1", ...KEEP_KEYS };
var FOCUSABLE = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";
var TYPED = "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=file])";
var Presenter = class {
  /**
   * @param {Model} model
   * @param {HTMLElement} root
   * @param {HTMLElement} screen what fills it, from top to bottom: the bar of scenes comes last
   * @param {(choice: Record<string, unknown>) => void} ask sends a choice {trait: value} to the kernel
   */
  constructor(model, root, screen, ask) {
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
    screen.append(this.bar);
    this.stops = [
      listenTo(root, "keydown", (event) => this.key(event)),
      listenTo(root, "focusout", (event) => this.keepFocus(event)),
      // only the whole screen that this entry has got: the end of an earlier one may come late
      listenTo(document, "fullscreenchange", () => this.full && !document.fullscreenElement && this.leave()),
      subscribe(model, "change:scenes", () => this.list())
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
    root.showPopover?.();
    root.focus();
    if (!navigator.userActivation?.isActive || !document.fullscreenEnabled) return;
    await document.documentElement.requestFullscreen().catch(() => {
    });
    if (!this.presenting && document.fullscreenElement) document.exitFullscreen();
    if (!this.presenting) return;
    this.full = Boolean(document.fullscreenElement);
    const focused = document.activeElement;
    root.hidePopover?.();
    root.showPopover?.();
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
    const all = [...root.querySelectorAll(FOCUSABLE)].filter((element) => element.getClientRects().length);
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
      this.waiting = subscribe(this.model, "change:view", () => {
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
function subscribe(model, event, act) {
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
   * @param {string} kind of widget: its own style is that of `.course-${kind}`
   * @param {Record<string, string>} [names] {trait: label} for each list to choose from
   */
  constructor(model, root, kind, names = {}) {
    this.model = model;
    this.root = root;
    this.asked = 0;
    this.selects = {};
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
    this.gone = false;
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
    if (!this.gone) this.model.save_changes();
  }
  /**
   * Send a choice that is answered; of choices that overtake one another the kernel gets the last.
   * @param {Choice} choice
   */
  ask(choice) {
    if (this.gone) return;
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
        this.waiting.textContent = `${text} No answer yet: is the kernel busy, or gone? Then run the cell again.`.trim();
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
async function smallEnough(file, most = LIMIT, side = 2048) {
  if (file.size <= most) return file.arrayBuffer();
  try {
    const image = await createImageBitmap(file);
    return await jpegOf(image, image.width, image.height, side);
  } catch {
    if (file.size <= LIMIT) return file.arrayBuffer();
    const size = Math.round(file.size / 1e6);
    throw new Error(
      `${file.name} is too large to send (${size} MB) and this browser cannot open it. Make a smaller copy, as JPEG or PNG.`
    );
  }
}

// course_utils/widgets/shared/js/panel.js
var Panel = class {
  /** @param {string} [caption] */
  constructor(caption = "") {
    this.caption = el("figcaption", {}, caption);
    this.canvas = el("canvas", { role: "img" });
    this.mark = el("div", { class: "cw-mark", hidden: "" });
    this.frame = el("div", { class: "cw-frame" }, this.canvas, this.mark);
    this.area = el("div", { class: "cw-area" }, this.frame);
    this.element = el("figure", {}, el("div", { class: "cw-caption" }, this.caption), this.area);
    this.grid = void 0;
  }
  /**
   * Give it a size in pixels and an alternative text.
   * @param {number} width
   * @param {number} height
   * @param {string} text
   */
  show(width, height, text) {
    resize(this.canvas, width, height);
    this.canvas.setAttribute("aria-label", text);
    this.canvas.classList.toggle("cw-fine", width > 1e3);
    this.frame.style.setProperty("--aspect", String(width / height));
  }
  /**
   * Tiles side by side, as many in a row as make them largest in this panel's area. Where the area is as
   * high as what it holds, `across` of them.
   * @param {[count: number, rows: number, columns: number]} shape
   */
  tiles([count, rows, columns], across = count, gap = 0) {
    const bounded = getComputedStyle(this.area).containerType === "size" && this.area.clientHeight > 0;
    return new Grid(count, rows, columns, bounded ? fitting(count, rows, columns, gap, this.area) : across, gap);
  }
  /**
   * Call `again` when the area has another size.
   * @param {() => void} again
   */
  whenResized(again) {
    let seen = "";
    new ResizeObserver(([{ contentRect }]) => {
      const size = `${contentRect.width} ${contentRect.height}`;
      if (seen && seen !== size) again();
      seen = size;
    }).observe(this.area);
  }
  /**
   * Show tiles; `colours(i)` gives those of a tile, row by row.
   * @param {Grid} grid
   * @param {(tile: number) => Uint32Array} colours
   * @param {string} text the alternative text
   */
  paint(grid, colours, text) {
    this.grid = grid;
    this.canvas.dataset.across = String(grid.across);
    this.show(grid.width, grid.height, text);
    grid.paint(this.canvas, colours);
  }
};
function mark(element, part, width, height) {
  element.hidden = !part;
  if (!part) return;
  element.style.left = `${100 * part.left / width}%`;
  element.style.top = `${100 * part.top / height}%`;
  element.style.width = `${100 * part.width / width}%`;
  element.style.height = `${100 * part.height / height}%`;
}
var Scale = class {
  constructor() {
    this.bar = el("canvas", { "aria-hidden": "true" });
    this.low = el("span");
    this.high = el("span");
    this.zero = el("span", { class: "cw-zero" }, "0");
    const ramp = el("div", { class: "cw-ramp" }, this.bar, this.zero);
    this.element = el("div", { class: "cw-scale" }, this.low, ramp, this.high);
  }
  /**
   * @param {Uint32Array} colours 256 of them
   */
  paint(colours) {
    paint(this.bar, colours, 1, 256);
  }
  /**
   * The values at the ends; none: each map goes from its own lowest value to its highest.
   * @param {{ low?: number, high?: number }} ends
   */
  show({ low, high }) {
    const known = low !== void 0 && high !== void 0;
    this.low.textContent = known ? short(low) : "lowest";
    this.high.textContent = known ? short(high) : "highest";
    const zero = known ? -low / (high - low) : NaN;
    this.zero.hidden = !(zero > 0.05 && zero < 0.95);
    this.zero.style.left = `${100 * zero}%`;
  }
};

// course_utils/widgets/convolve/sums.js
function shown(value) {
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  const rounded = Number(value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 3));
  return String(rounded || 0).replace("-", "−");
}
function written(value) {
  if (Number(value.toFixed(4)) === value) return String(value).replace("-", "−");
  for (let under = 2; under <= 5e3; under++) {
    const over = Math.round(value * under);
    if (over && Math.abs(over / under - value) < 1e-12) return `${over}/${under}`.replace("-", "−");
  }
  return shown(value);
}
function typed(text) {
  const plain = text.replace("−", "-").replace(",", ".").trim();
  const [, over, under] = plain.match(/^([^/]+)\/([^/]+)$/) ?? [null, plain, "1"];
  const value = over.trim() && under.trim() ? Number(over) / Number(under) : NaN;
  return Number.isFinite(value) ? value : NaN;
}
function fits({ stride, padding, dilation, kernel, pooling }, [, height, width]) {
  const [tall, wide] = kernel.map((side) => dilation * (side - 1) + 1);
  const places = tall <= height + 2 * padding && wide <= width + 2 * padding;
  const pools = !pooling || 2 * padding <= tall && (pooling === "max" || dilation === 1);
  return stride >= 1 && padding >= 0 && dilation >= 1 && places && pools;
}
function sidesOf({ stride, padding, dilation, kernel }, shape) {
  return [0, 1].map((i) => {
    const room = shape[1 + i] + 2 * padding - dilation * (kernel[i] - 1) - 1;
    return { count: Math.floor(room / stride) + 1, left: room % stride };
  });
}
function sidesInWords({ stride, padding, dilation, kernel, sides }, shape) {
  const words = sides.map(({ count, left }, i) => {
    const sum = `⌊(${shape[1 + i]} + 2·${padding} − ${dilation}·(${kernel[i]} − 1) − 1) / ${stride}⌋ + 1 = ${count}`;
    const rest = left ? `, ${left} ${["row", "column"][i]}${left > 1 ? "s" : ""} left over` : "";
    return `${["height", "width"][i]} ${sum}${rest}`;
  });
  return words.join(" · ");
}
function outputs(settings, { weights, bias }, values, shape) {
  const [height, width] = sidesOf(settings, shape).map(({ count }) => count);
  const planes = padded(values, shape, settings.padding, settings.pooling === "max" ? -Infinity : 0);
  const place = { ...settings, height, width, across: shape[2] + 2 * settings.padding };
  if (settings.pooling) return planes.map((plane) => pool(plane, place));
  return weights.map((tables, map) => convolution(planes, tables, bias[map], place));
}
function padded(values, [channels, height, width], padding, empty) {
  const across = width + 2 * padding;
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float64Array(across * (height + 2 * padding)).fill(empty);
    for (let row = 0; row < height; row++) {
      const from = (channel * height + row) * width;
      plane.set(values.subarray(from, from + width), (row + padding) * across + padding);
    }
    return plane;
  });
}
function convolution(planes, tables, bias, { stride, dilation, height, width, across }) {
  const map = new Float64Array(height * width);
  tables.forEach(
    (table, channel) => table.forEach(
      (weights, i) => weights.forEach((weight, j) => {
        if (weight === 0) return;
        const plane = planes[channel];
        for (let row = 0, to = 0; row < height; row++) {
          let from = (row * stride + i * dilation) * across + j * dilation;
          for (let column = 0; column < width; column++, from += stride) map[to++] += weight * plane[from];
        }
      })
    )
  );
  return bias ? map.map((value) => value + bias) : map;
}
function pool(plane, { stride, dilation, height, width, across, kernel, pooling }) {
  const max = pooling === "max";
  const map = new Float64Array(height * width).fill(max ? -Infinity : 0);
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      for (let row = 0, to = 0; row < height; row++) {
        let from = (row * stride + i * dilation) * across + j * dilation;
        for (let column = 0; column < width; column++, to++, from += stride) {
          map[to] = max ? Math.max(map[to], plane[from]) : map[to] + plane[from];
        }
      }
    }
  }
  return max ? map : map.map((value) => value / (kernel[0] * kernel[1]));
}

// course_utils/widgets/convolve/tables.js
var PlaneTables = class {
  /**
   * @param {import("./widget.js").Convolve} widget
   * @param {string} plane its name
   * @param {number} channel of the weights
   * @param {number[]} kernel rows and columns
   * @param {string | null} pooling
   */
  constructor(widget, plane, channel, [rows, columns], pooling) {
    this.widget = widget;
    this.pooling = pooling;
    this.rows = rows;
    this.columns = columns;
    this.window = this.cells(() => "");
    this.partial = el("span", { class: "cw-partial cw-answer" });
    const parts = [numberTable(`window: ${plane}`, this.window, columns)];
    if (!pooling) parts.push(...this.weightsAndProducts(plane, channel));
    this.element = el("div", { class: "cw-plane" }, ...parts);
  }
  /** A cell for each pixel of the window. content(row, column): what it holds. */
  cells(content) {
    const cell = (_, i) => el("td", {}, content(Math.floor(i / this.columns), i % this.columns));
    return Array.from({ length: this.rows * this.columns }, cell);
  }
  weightsAndProducts(plane, channel) {
    this.weights = [];
    const weights = this.cells((row, column) => {
      const name = `the weight for ${plane}, row ${row}, column ${column}`;
      const field = editable(this.widget, name, (value) => this.widget.changeWeights([channel, row, column], value));
      field.setAttribute("aria-label", name);
      field.addEventListener("keydown", (event) => this.walk(event, row, column));
      this.weights.push(field);
      return field;
    });
    this.products = this.cells(() => "");
    const sign = (text) => el("span", { class: "cw-sign" }, text);
    const kernel = numberTable(`kernel: ${plane}`, weights, this.columns);
    return [sign("×"), kernel, sign("="), numberTable(`products: ${plane}`, this.products, this.columns)];
  }
  /** Up, down and Enter go from cell to cell. */
  walk(event, row, column) {
    const to = { ArrowUp: row - 1, ArrowDown: row + 1, Enter: row + 1 }[event.key];
    if (to === void 0) return;
    event.preventDefault();
    this.weights[clamp(to, this.rows) * this.columns + column].focus();
  }
  showWeights(weights) {
    this.numbers = weights;
    const text = this.widget.view.bright ? written : shown;
    weights.forEach((weight, i) => {
      keepTyping(this.weights[i], weight, text);
      this.weights[i].style.backgroundColor = this.widget.tint(weight, this.widget.limit);
    });
  }
  /** Fill the window whose first pixel is at (top, left); the sum of its values or products. */
  showWindow(channel, top, left, dilation) {
    const { view, limit } = this.widget;
    const strongest = limit * (view.bright ? 255 : 3);
    let [sum, high, highest] = [0, -Infinity, 0];
    for (let i = 0; i < this.window.length; i++) {
      const row = top + Math.floor(i / this.columns) * dilation;
      const { value, inside } = this.pixel(channel, row, left + i % this.columns * dilation);
      if (value > high) [high, highest] = [value, i];
      showPixel(this.window[i], value, inside, view.bright);
      const product = this.pooling ? value : this.numbers[i] * value;
      sum += product;
      if (!this.pooling) write(this.products[i], shown(product), this.widget.tint(product, strongest));
    }
    if (this.pooling === "max") this.window[highest].classList.add("cw-highest");
    this.partial.textContent = `sum ${shown(sum)}`;
    return sum;
  }
  /** A value of the image, or of the ring around it. */
  pixel(channel, row, column) {
    const { view, values } = this.widget;
    const [, height, width] = view.shape;
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    const empty = this.pooling === "max" ? -Infinity : 0;
    return { inside, value: inside ? values[(channel * height + row) * width + column] : empty };
  }
};
function editable(widget, name, change) {
  const field = input(
    { class: "cw-weight", inputmode: "decimal" },
    () => {
      const value = typed(field.value);
      field.toggleAttribute("aria-invalid", Number.isNaN(value));
      if (!Number.isNaN(value)) change(value);
    },
    "input"
  );
  selectWhole(field);
  field.addEventListener("change", () => {
    const wrong = `“${field.value}” is no number: ${name} stays as it was. Type −1, 0.5 or 1/9.`;
    widget.frame.showError(Number.isNaN(typed(field.value)) ? wrong : "");
    field.removeAttribute("aria-invalid");
    widget.later("map");
  });
  return field;
}
function selectWhole(field) {
  let fresh = false;
  field.addEventListener("focus", () => {
    fresh = true;
    field.select();
  });
  field.addEventListener("mouseup", (event) => {
    if (fresh) event.preventDefault();
    fresh = false;
  });
}
function keepTyping(field, value, text = written) {
  if (typed(field.value) !== value || field.getRootNode().activeElement !== field) field.value = text(value);
}
function showPixel(cell, value, inside, bright) {
  const grey = Math.round(bright ? value : 255 * Math.min(1, Math.max(0, 0.5 + value / 5)));
  const name = inside ? grey > 117 ? "cw-light" : "cw-dark" : "cw-pad";
  if (cell.className !== name) cell.className = name;
  write(cell, shown(value), inside ? `rgb(${grey},${grey},${grey})` : "");
}
function write(cell, text, colour) {
  if (cell.firstChild.data !== text) cell.firstChild.data = text;
  if (cell.colour !== colour) cell.style.backgroundColor = cell.colour = colour;
}
function numberTable(caption, cells, columns) {
  const body = el("tbody");
  for (let i = 0; i < cells.length; i += columns) body.append(el("tr", {}, ...cells.slice(i, i + columns)));
  return el("table", { class: "cw-cells" }, el("caption", {}, caption), body);
}

// course_utils/widgets/convolve/sum_view.js
var SumView = class {
  /** @param {import("./widget.js").Convolve} widget */
  constructor(widget) {
    this.widget = widget;
    this.rows = [];
    this.tabs = el("div", { class: "cw-tabs", role: "group", "aria-label": "Channel of the image" });
    this.planes = el("div", { class: "cw-planes cw-scrolls" });
    this.sum = el("output", { class: "cw-answer", "aria-live": "off" });
    this.bias = editable(widget, "the bias", (value) => widget.changeWeights(null, value));
    this.bias.size = 6;
    this.biasLabel = el("label", {}, "+ bias ", this.bias);
    this.total = el("output", { class: "cw-total cw-answer" });
    this.undo = button("Undo what was typed", () => widget.frame.set({ typed: "" }));
    this.sides = el("p", { class: "cw-sides" });
    const line = el("div", { class: "cw-sum" }, this.sum, this.biasLabel, this.total, this.undo, widget.frame.alert);
    this.element = el("section", { class: "cw-sums" }, this.tabs, this.planes, line, this.sides);
  }
  /** The weights of a map; new tables if they have other sizes. */
  showTables(map) {
    const { kernel, pooling } = this.widget.result;
    const { planes } = this.widget.view;
    const needed = pooling ? [planes[map]] : planes;
    const built = [needed, kernel, pooling].join();
    if (built !== this.built) this.build(needed, kernel, pooling);
    this.built = built;
    this.undo.hidden = !this.widget.model.get("typed");
    if (pooling) return;
    const { weights, bias } = this.widget.tables();
    this.rows.forEach((tables, channel) => tables.showWeights(weights[map][channel].flat()));
    keepTyping(this.bias, bias[map]);
  }
  /** Tables for the window, the weights and their products, for each plane of the image. */
  build(planes, kernel, pooling) {
    this.rows = planes.map((plane, channel) => new PlaneTables(this.widget, plane, channel, kernel, pooling));
    this.planes.replaceChildren(...this.rows.map(({ element }) => element));
    this.planes.classList.toggle("cw-many", kernel[1] > 3);
    this.biasLabel.hidden = Boolean(pooling);
    const one = kernel[0] > 1 && planes.length > 1;
    this.buildTabs(one ? planes : []);
    if (!one && planes.length > 1) for (const { element, partial } of this.rows) element.append(partial);
    const sizes = { rows: kernel[0], columns: kernel[1], tables: pooling ? 1 : 3, planes: one ? 1 : planes.length };
    for (const [name, size] of Object.entries(sizes)) this.element.style.setProperty(`--${name}`, String(size));
  }
  /** A button for each plane with its partial sum: it shows the tables of this one. None: all are shown. */
  buildTabs(planes) {
    const choose = (chosen) => planes.forEach((_, i) => {
      this.rows[i].element.hidden = i !== chosen;
      this.tabs.children[i].setAttribute("aria-pressed", String(i === chosen));
    });
    const tabs = planes.map((plane, i) => {
      const tab = button(`${plane}: `, () => choose(i), {});
      tab.append(this.rows[i].partial);
      return tab;
    });
    this.tabs.replaceChildren(...tabs);
    choose(0);
  }
  /** @type {(sum: number, value: string, place: string) => void} */
  showResult(sum, value, place) {
    const { kernel, pooling } = this.widget.result;
    const count = this.rows.length * kernel[0] * kernel[1];
    this.sum.textContent = {
      null: `${count} product${count > 1 ? "s" : ""}: sum ${shown(sum)}`,
      max: `the largest of ${count} values`,
      average: `sum ${shown(sum)} / ${count}`
    }[pooling];
    this.total.textContent = `= ${value} (${place})`;
  }
};

// course_utils/widgets/shared/js/pointer.js
function placeOf(element, { clientX, clientY }, width = 1, height = 1) {
  const box = element.getBoundingClientRect();
  return [(clientX - box.left) / box.width * width, (clientY - box.top) / box.height * height];
}
function interactive(canvas, { point, leave, press, drag, key, focus: focus2 }) {
  const place = (event) => placeOf(canvas, event, canvas.width, canvas.height);
  if (point) follow(canvas, (event) => point(...place(event)), leave);
  if (press) canvas.addEventListener("click", (event) => press(...place(event)));
  if (drag) {
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drag(...place(event));
    });
    canvas.addEventListener("pointermove", (event) => event.buttons && drag(...place(event)));
  }
  if (key) takeKeys(canvas, key);
  if (focus2) canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && focus2());
}
function takeKeys(element, act) {
  for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) element.setAttribute(name, value);
  element.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey } = (
      /** @type {KeyboardEvent} */
      event
    );
    if (!ctrlKey && !metaKey && !altKey && act(key)) event.preventDefault();
  });
}
function follow(element, point, leave) {
  let last = [];
  element.style.touchAction = "pan-y pinch-zoom";
  const touched = ({ pointerType }) => pointerType === "touch";
  const moved = ({ type, clientX, clientY, movementX, movementY }) => {
    const [x, y] = last;
    last = [clientX, clientY];
    return type === "pointermove" ? movementX || movementY : x !== clientX || y !== clientY;
  };
  listenTo(element, "pointerenter", moved);
  listenTo(element, "pointermove", (event) => (touched(event) || moved(event)) && point(event));
  listenTo(element, "pointerleave", (event) => !touched(event) && moved(event) && leave?.());
}

// course_utils/widgets/convolve/views.js
var CHEQUERS = [4282927176, 4281348144];
var InputView = class extends Panel {
  constructor(moves) {
    super();
    interactive(this.canvas, moves);
    this.mark.remove();
    this.taps = svg("path", { class: "cw-taps" });
    this.edge = svg("rect", { class: "cw-edge" });
    this.overlay = svg("svg", { class: "cw-overlay", "aria-hidden": "true" }, this.edge, this.taps);
    this.frame.append(this.overlay);
  }
  /** pixels: RGB bytes; padding: width of the ring. */
  showImage({ image, shape }, pixels, padding) {
    const [, height, width] = shape;
    const [wide, tall] = [width + 2 * padding, height + 2 * padding];
    const ring = padding ? ` with a padding of ${padding}` : "";
    const colours = coloursOf(pixels);
    const painted = Uint32Array.from({ length: wide * tall }, (_, i) => {
      const [y, x] = [Math.floor(i / wide) - padding, i % wide - padding];
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      return inside ? colours[y * width + x] : CHEQUERS[x + y & 1];
    });
    this.paint(new Grid(1, tall, wide), () => painted, `${image}: ${times(shape)} values${ring}`);
    this.caption.textContent = `Input: ${times(shape)}`;
    this.overlay.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    const edge = { x: padding, y: padding, width, height };
    for (const [name, value] of Object.entries(edge)) this.edge.setAttribute(name, String(value));
    this.edge.style.display = padding ? "" : "none";
  }
  /**
   * Frame the squares that the kernel lies on.
   * @param {number} top in pixels of the padded image
   * @param {number} left
   * @param {number[]} kernel
   * @param {number} dilation
   */
  showWindow(top, left, [rows, columns], dilation) {
    let path = `M${left} ${top}h${columns}v${rows}h${-columns}z`;
    if (dilation > 1) {
      const square = (_, i) => `M${left + i % columns * dilation} ${top + Math.floor(i / columns) * dilation}h1v1h-1z`;
      path = Array.from({ length: rows * columns }, square).join("");
    }
    this.taps.setAttribute("d", path);
  }
};
var OutputView = class extends Panel {
  constructor(moves, colours, asImage) {
    super();
    interactive(this.canvas, moves);
    this.colours = colours;
    this.scale = new Scale();
    this.asImage = input({ type: "checkbox" }, ({ checked }) => asImage(checked));
    this.switch = labelled("as an image", this.asImage);
    this.caption.after(this.scale.element);
  }
  /**
   * The colours of an output: in grey, 0 is black and 255 white; else from its lowest value to its highest, or as far
   * below zero as above if there are values below it.
   * @param {number[]} range
   * @param {boolean} grey
   */
  colouring([low, high], grey) {
    return grey ? { ends: { low: 0, high: 255 }, colours: GREYS } : scaleOf({ low, high }, this.colours);
  }
  showMap({ maps, height, width }, map, grey, view) {
    const range = extent(maps[map]);
    const { ends, colours } = this.colouring(range, grey);
    const at = maps[map].indexOf(range[1]);
    const [low, high] = range.map(shown);
    const text = `output channel ${map} (${view.names[map]}) for ${view.image}: values ${low} to ${high}, the highest in row ${Math.floor(at / width)}, column ${at % width}`;
    this.paint(new Grid(1, height, width), () => onScale(maps[map], ends, colours), text);
    this.caption.textContent = `Output: ${times([maps.length, height, width])}`;
    this.asImage.checked = grey;
    this.switch.hidden = !view.bright;
    this.scale.paint(colours);
    this.scale.show(ends);
  }
};
var ChannelsView = class extends Panel {
  constructor(choose) {
    super();
    this.element.classList.add("cw-channels");
    this.grid = new Grid(0, 1, 1);
    this.channel = list("channel", (value) => choose(Number(value)));
    const label = el("label", { class: "cw-channel" }, "Output channel ", this.channel);
    this.element.querySelector(".cw-caption").replaceChildren(label);
    interactive(this.canvas, {
      press: (x, y) => {
        const unit = this.grid.at(x, y);
        if (unit) choose(unit.channel);
      }
    });
  }
  showAll({ maps, height, width }, map, names, { ends, colours }) {
    this.element.hidden = maps.length < 2;
    fill(
      this.channel,
      names.map((name, i) => pair(String(i), `${i} · ${name}`))
    );
    this.channel.value = String(map);
    const across = maps.length < 5 ? Math.min(2, maps.length) : Math.ceil(Math.sqrt(maps.length));
    const gap = Math.max(1, Math.round(width / 20));
    this.grid = this.tiles([maps.length, height, width], across, gap);
    const text = `${maps.length} output channels: ${names.join(", ")}`;
    this.paint(this.grid, (i) => onScale(maps[i], ends, colours), text);
    mark(this.mark, this.grid.box(map), this.grid.width, this.grid.height);
  }
};

// course_utils/widgets/convolve/widget.js
var LISTS = { size: "Size", channels: "Channels", longest: "Pixels" };
var SETTINGS = ["stride", "padding", "dilation"];
var LONGEST = [16, 32, 48, 64, 96, 128];
var HINT = "Drag the window, or use the arrow keys.";
var Convolve = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "convolve", { image: "Image", kernel: "Kernel", network: "Network" });
    const signed = bytesOf(model, "signed");
    this.tints = Array.from({ length: 256 }, (_, i) => `rgb(${signed.subarray(3 * i, 3 * i + 3).join()})`);
    this.buildControls();
    this.buildViews();
    this.frame.listen("change:view", () => this.later("view"));
    for (const name of ["typed", "given", ...SETTINGS]) {
      this.frame.listen(`change:${name}`, () => this.later("sums"));
    }
    for (const name of ["channel", "as_image"]) this.frame.listen(`change:${name}`, () => this.later("map"));
    for (const name of ["row", "column"]) this.frame.listen(`change:${name}`, () => this.later("unit"));
    this.paint(/* @__PURE__ */ new Set(["view"]));
  }
  /** Paint once for all the changes that come together. */
  later(what) {
    if (this.due) return this.due.add(what);
    this.due = /* @__PURE__ */ new Set([what]);
    queueMicrotask(() => {
      const due = this.due;
      this.due = null;
      this.paint(due);
    });
  }
  paint(due) {
    if (due.has("view") && !this.newView()) due.delete("view");
    const sums = due.has("view") || due.has("sums");
    if (sums && !this.compute()) return;
    if (sums) this.showInput();
    if (sums || due.has("map")) this.showMap();
    this.showUnit();
    if (due.has("view")) this.root.dataset.seq = this.view.seq;
  }
  // --- Parts of the page ---
  buildControls() {
    this.lists = {};
    for (const [name, label] of Object.entries(LISTS)) {
      this.lists[name] = list(name, (value) => this.frame.ask({ [name]: Number(value) }));
      this.frame.controls.append(labelled(label, this.lists[name]));
    }
    this.numbers = {};
    for (const name of SETTINGS) this.frame.controls.append(this.number(name, ...this.model.get("limits")[name]));
  }
  /** A setting: the page shows it at once, and asks the kernel for a sentence if it cannot be. */
  number(name, min, max) {
    const enter = (field2) => {
      const value = Number(field2.value);
      if (field2.value === "" || !Number.isInteger(value)) return;
      const can = value >= min && value <= max && fits({ ...this.settings(), [name]: value }, this.view.shape);
      if (can) this.frame.set({ [name]: value });
      else this.frame.ask({ [name]: value });
    };
    const field = input({ type: "number", name, min, max }, enter, "input");
    field.addEventListener("change", () => field.value = this.model.get(name));
    this.numbers[name] = field;
    const label = labelled(name[0].toUpperCase() + name.slice(1), field);
    label.classList.add("cw-number");
    return label;
  }
  buildViews() {
    const move = (place) => ({ drag: (x, y) => this.drag(...place(x, y)), key: (key) => this.key(key) });
    this.input = new InputView(move((x, y) => this.under(x, y)));
    const unit = move((x, y) => [Math.floor(y), Math.floor(x)]);
    this.output = new OutputView(unit, mapColours(this.model), (as_image) => this.frame.set({ as_image }));
    this.maps = new ChannelsView((channel) => this.frame.set({ channel }));
    const plates = [this.input, this.output, this.maps].map(({ element }) => element);
    this.does = el("p", { class: "cw-does cw-aside" });
    this.sum = new SumView(this);
    for (const plate of plates) plate.classList.add("cw-grow");
    this.maps.whenResized(() => this.result && this.showMap());
    this.frame.controls.append(this.output.switch);
    this.frame.body.classList.add("cw-convolve", "cw-grow");
    this.frame.body.append(this.does, el("div", { class: "cw-plates cw-grow" }, ...plates), this.sum.element);
  }
  // --- Changes ---
  drag(row, column) {
    this.sum.total.setAttribute("aria-live", "off");
    this.moveTo(row, column);
  }
  /** The window moves in the page; the kernel hears of it when it rests. */
  moveTo(row, column) {
    this.model.set("row", clamp(row, this.result.height));
    this.model.set("column", clamp(column, this.result.width));
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.model.save_changes(), 250);
  }
  key(key) {
    const [row, column] = this.unit();
    const to = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [row, 0],
      End: [row, this.result.width - 1]
    }[key];
    const jump = { PageUp: -1, PageDown: 1 }[key];
    if (to) this.moveTo(to[0], to[1]);
    else if (jump) this.frame.set({ channel: clamp(this.map() + jump, this.result.maps.length) });
    else return false;
    this.sum.total.setAttribute("aria-live", "polite");
    return true;
  }
  /** The unit whose window has its middle under a point of the padded image. */
  under(x, y) {
    const { kernel, stride, dilation } = this.result;
    const first = (at, side) => Math.round((at - (dilation * (side - 1) + 1) / 2) / stride);
    return [first(y, kernel[0]), first(x, kernel[1])];
  }
  /** Put a weight (at [plane, row, column]) or the bias of the map that is shown. */
  changeWeights(at, value) {
    const map = this.map();
    const { weights, bias } = structuredClone(this.tables());
    if (at === null) bias[map] = value;
    else weights[map][at[0]][at[1]][at[2]] = value;
    this.frame.set({ typed: JSON.stringify({ weights, bias }) });
  }
  // --- What there is to compute with, and what comes out ---
  /** Weights [map][channel][row][column] and bias [map], with what was typed. */
  tables() {
    const typed2 = this.model.get("typed");
    return typed2 ? JSON.parse(typed2) : this.model.get("given");
  }
  settings() {
    const [stride, padding, dilation] = SETTINGS.map((name) => this.model.get(name));
    const { weights } = this.tables();
    const size = this.model.get("size");
    const kernel = weights.length ? [weights[0][0].length, weights[0][0][0].length] : [size, size];
    const pooling = weights.length ? null : this.model.get("kernel").split(" ")[0];
    return { stride, padding, dilation, kernel, pooling };
  }
  /** All output maps, as this.result; false if the settings cannot be: why not is for the kernel to say. */
  compute() {
    const settings = this.settings();
    const { shape } = this.view;
    if (!fits(settings, shape)) return false;
    const tables = this.tables();
    const sides = sidesOf(settings, shape);
    const [height, width] = sides.map(({ count }) => count);
    this.result = { ...settings, sides, height, width, maps: outputs(settings, tables, this.values, shape) };
    this.limit = Math.max(...tables.weights.flat(3).map(Math.abs)) || 1;
    return true;
  }
  map() {
    return clamp(this.model.get("channel"), this.result.maps.length);
  }
  unit() {
    return [clamp(this.model.get("row"), this.result.height), clamp(this.model.get("column"), this.result.width)];
  }
  // --- What is shown ---
  /** Take over what the kernel sent; false if it is an older answer that came late. */
  newView() {
    const view = this.model.get("view");
    if (view.seq < this.view?.seq) return false;
    this.view = view;
    const [kernel, longest] = [this.model.get("kernel"), this.model.get("longest")];
    this.frame.update(view, { ...this.frame.commonOptions(), kernel: view.kernels.map((name) => pair(name)) });
    const learned = kernel === "first layer";
    this.root.querySelector(".cw-network").hidden = !learned;
    for (const name of ["size", "channels"]) this.lists[name].parentElement.hidden = learned;
    this.values = floatsOf(this.model, "values");
    const sides = [.../* @__PURE__ */ new Set([...LONGEST, longest])].sort((a, b) => a - b);
    const options = {
      size: view.sides.map((side) => pair(String(side), `${side} × ${side}`)),
      channels: [pair("1", "grey"), pair("3", "RGB")],
      longest: sides.map((side) => pair(String(side)))
    };
    for (const [name, select] of Object.entries(this.lists)) {
      fill(select, options[name]);
      select.value = this.model.get(name);
    }
    return true;
  }
  showInput() {
    for (const [name, field] of Object.entries(this.numbers)) {
      if (Number(field.value) !== this.model.get(name) || !field.value) field.value = this.model.get(name);
    }
    this.input.showImage(this.view, bytesOf(this.model, "pixels"), this.result.padding);
  }
  showMap() {
    const { maps } = this.result;
    const map = this.map();
    const grey = this.view.bright && this.model.get("as_image");
    const names = this.names();
    this.output.showMap(this.result, map, grey, { ...this.view, names });
    const range = extent(maps.flatMap(extent));
    this.maps.showAll(this.result, map, names, this.output.colouring(range, grey));
    this.root.classList.toggle("cw-several", maps.length > 1);
    this.sum.sides.textContent = `Size of the output: ${sidesInWords(this.result, this.view.shape)}`;
    this.sum.showTables(map);
  }
  /** The names of the output channels; what was typed over is no longer what its name says. */
  names() {
    const { kernel: select } = this.frame.selects;
    const [kernel, typed2] = [this.model.get("kernel"), this.model.get("typed")];
    const does = typed2 ? "your own weights" : this.view.does;
    const option = [...select.options].find(({ value }) => value === kernel);
    if (option) option.text = typed2 ? `${kernel}, changed` : kernel;
    this.does.textContent = `${option?.text}: ${does}. ${HINT}`;
    const [now, given] = [this.tables(), this.model.get("given")].map(
      ({ weights, bias }) => bias.map((number, map) => JSON.stringify([weights[map], number]))
    );
    return this.view.names.map((name, map) => now[map] === given[map] ? name : `${name}, changed`);
  }
  /** The colour of a weight or a product: white is zero. */
  tint(value, limit) {
    return this.tints[Math.round(127.5 * (1 + Math.max(-1, Math.min(1, value / limit))))];
  }
  /** The window over the image, every product, and the sum. */
  showUnit() {
    const { stride, padding, dilation, kernel, pooling, width, height, maps } = this.result;
    const [row, column] = this.unit();
    const map = this.map();
    const [top, left] = [row * stride, column * stride];
    const sum = this.sum.rows.map((tables, i) => tables.showWindow(pooling ? map : i, top - padding, left - padding, dilation)).reduce((a, b) => a + b);
    this.input.showWindow(top, left, kernel, dilation);
    mark(this.output.mark, { left: column, top: row, width: 1, height: 1 }, width, height);
    this.sum.showResult(sum, shown(maps[map][row * width + column]), `channel ${map}, row ${row}, column ${column}`);
  }
};
var widget_default = {
  render(context) {
    const { frame } = new Convolve(context);
    return () => frame.close();
  }
};
export {
  Convolve,
  widget_default as default
};
