// course_utils/widgets/shared/js/dom.js
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
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

// course_utils/widgets/shared/js/mosaic.js
var Mosaic = class extends Panel {
  /** @param {Moves} moves */
  constructor({ place, open, start }) {
    super();
    this.cursor = null;
    this.tile = el("div", { class: "cw-mark", hidden: "" });
    this.opened = el("div", { class: "cw-chosen", hidden: "" });
    this.frame.append(this.opened, this.tile);
    this.readout = el("output", { class: "cw-readout" });
    const go = (unit, live) => {
      this.readout.setAttribute("aria-live", live);
      place(unit ?? null);
    };
    interactive(this.canvas, {
      point: (x, y) => go(this.grid?.at(x, y), "off"),
      leave: () => place(null),
      press: (x, y) => {
        go(this.grid?.at(x, y), "off");
        open();
      },
      focus: () => place(this.cursor ?? start()),
      key: (key) => {
        const unit = this.cursor ?? start();
        const enter = key === "Enter" || key === " ";
        const next = enter ? unit : this.grid?.step(unit, key);
        if (!next) return false;
        go(next, "polite");
        if (enter) open();
        return true;
      }
    });
  }
  /**
   * Mark a unit and its tile, and say it; null: nothing is marked.
   * @param {Unit | null} unit
   * @param {string} words
   * @param {boolean} [alone] the tiles are single units
   */
  point(unit, words, alone = false) {
    this.cursor = unit;
    this.readout.textContent = words;
    if (!this.grid) return;
    const { width, height } = this.grid;
    mark(this.tile, unit && this.grid.box(unit.channel), width, height);
    mark(this.mark, unit && !alone && this.grid.unit(unit), width, height);
  }
  /**
   * Frame the tile that is open; −1: none.
   * @param {number} tile
   */
  open(tile) {
    if (this.grid) mark(this.opened, tile >= 0 && this.grid.box(tile), this.grid.width, this.grid.height);
  }
};

// course_utils/widgets/kernels/widget.js
var PLANES = ["red", "green", "blue"];
var TELL = "Point at a weight, or use the arrow keys. Click or Enter shows the kernel large.";
var START = { channel: 0, row: 0, column: 0 };
var LEVELS = Uint32Array.from({ length: 256 }, (_, level) => level);
var Side = class {
  /**
   * @param {Kernels} widget
   * @param {number} i which side it is
   */
  constructor(widget, i) {
    this.widget = widget;
    this.i = i;
    this.all = new Mosaic({
      place: (unit) => widget.place(unit),
      open: () => widget.toggle(),
      start: () => START
    });
    this.large = new Panel();
    this.large.element.classList.add("cw-one", "cw-grow");
    this.all.element.classList.add("cw-grow");
    const parts = [this.all.element, this.all.readout, this.large.element];
    this.element = el("section", { class: "cw-kernels cw-grow" }, ...parts);
    this.all.whenResized(() => this.paint());
  }
  /** view: as the kernel says it; weights: of this side, (kernels, channels, rows, columns). */
  show(view, weights) {
    this.view = view;
    this.weights = weights;
    const { name } = view.sides[this.i];
    this.all.caption.textContent = `${name[0].toUpperCase()}${name.slice(1)}: ${this.widget.words(view)}`;
    this.paint();
  }
  /** As many side by side as make them largest; of a kernel with many channels all of them in one row. */
  paint() {
    const { view } = this;
    const [count, channels, rows, columns] = view.shape;
    this.tiles = view.colour ? 1 : channels;
    const shape = [count * this.tiles, rows, columns];
    const { across, gap } = view;
    this.grid = this.tiles > 1 ? new Grid(...shape, across, gap) : this.all.tiles(shape, across, gap);
    this.all.paint(this.grid, (tile) => this.colours(tile), view.sides[this.i].description);
    this.widget.mark();
  }
  /** The weights of one kernel, or of one of its channels. */
  values(kernel, channel) {
    const [, channels, rows, columns] = this.view.shape;
    const size = rows * columns;
    const from = (kernel * channels + (channel ?? 0)) * size;
    return this.weights.subarray(from, from + (channel === void 0 ? channels * size : size));
  }
  /** What the ends of the scale stand for in a kernel. */
  scale(kernel) {
    const [low, high] = extent(this.widget.model.get("own_scale") ? this.values(kernel) : [this.view.limit]);
    const limit = Math.max(-low, high) || 1;
    return { low: -limit, high: limit };
  }
  /** The colours of one tile; of a colour kernel only one channel, if it is given. */
  colours(tile, channel) {
    const kernel = Math.floor(tile / this.tiles);
    const scale = this.scale(kernel);
    if (!this.view.colour) return onScale(this.values(kernel, tile % this.tiles), scale, this.widget.colours);
    const [red, green, blue] = PLANES.map((_, c) => onScale(this.values(kernel, channel ?? c), scale, LEVELS));
    return red.map((level, i) => 4278190080 | blue[i] << 16 | green[i] << 8 | level);
  }
  words({ channel: tile, row, column }) {
    const [kernel, channel] = [Math.floor(tile / this.tiles), tile % this.tiles];
    const value = (c) => short(this.values(kernel, c)[row * this.grid.columns + column]);
    const numbers = this.view.colour ? PLANES.map((name, c) => `${name} ${value(c)}`).join(", ") : value(channel);
    const where = this.tiles > 1 ? `, channel ${channel}` : "";
    return `kernel ${kernel}${where}, row ${row}, column ${column}: ${numbers}`;
  }
  /** One kernel large; of a colour kernel each channel beside it. */
  enlarge(kernel) {
    const { view, grid } = this;
    const open = kernel >= 0 && kernel < view.shape[0];
    this.large.element.hidden = !open;
    this.all.open(open ? kernel * this.tiles : -1);
    if (!open) return;
    const count = view.colour ? 4 : this.tiles;
    const gap = Math.max(1, Math.round(grid.columns / 8));
    const row = new Grid(count, grid.rows, grid.columns, Math.min(count, 4), gap);
    const parts = view.colour ? `: all, ${PLANES.join(", ")}` : "";
    const part = (i) => view.colour ? this.colours(kernel, i ? i - 1 : void 0) : this.colours(kernel * this.tiles + i);
    this.large.paint(row, part, `kernel ${kernel}, ${view.sides[this.i].name}, large${parts}`);
    this.large.caption.textContent = `Kernel ${kernel}${parts}`;
  }
};
var Kernels = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.cursor = null;
    this.frame = new Frame(model, root, "kernels", { network: "Network" });
    this.sides = [0, 1].map((i) => new Side(this, i));
    this.hint = el("p", {});
    this.scale = new Scale();
    this.ownScale = input({ type: "checkbox" }, ({ checked }) => this.frame.set({ own_scale: checked }));
    this.row = el("div", { class: "cw-sides cw-grow" });
    const own = el("label", { class: "cw-slider" }, this.ownScale, "each kernel on its own scale");
    this.frame.controls.append(own, this.scale.element);
    this.frame.body.classList.add("cw-grow");
    this.frame.body.append(this.row, this.hint);
    this.frame.body.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || model.get("kernel") < 0) return;
      event.preventDefault();
      this.open(-1);
    });
    this.frame.views((view) => this.show(view));
    this.frame.listen("change:own_scale", () => this.show(model.get("view")));
    this.frame.listen("change:kernel", () => this.enlarge());
  }
  show(view) {
    this.frame.update(view, { network: this.frame.commonOptions().network });
    this.colours = coloursOf(bytesOf(this.model, "colours"));
    this.ready = false;
    const weights = floatsOf(this.model, "weights");
    const size = weights.length / view.sides.length;
    this.shown = this.sides.slice(0, view.sides.length);
    this.row.replaceChildren(...this.shown.map((side) => side.element));
    this.shown.forEach((side, i) => side.show(view, weights.subarray(i * size, (i + 1) * size)));
    this.hint.textContent = view.hint;
    const own = this.model.get("own_scale");
    this.ownScale.checked = own;
    this.scale.paint(this.colours);
    this.scale.show(own ? {} : { low: -view.limit, high: view.limit });
    this.ready = true;
    this.mark();
  }
  /** The marks, which depend on where the tiles stand. */
  mark() {
    if (!this.ready) return;
    this.place(this.cursor && this.cursor.channel < this.sides[0].grid.count ? this.cursor : null);
    this.enlarge();
  }
  words({ size, shape, colour }) {
    const [count, channels, rows, columns] = size;
    const some = count > shape[0] ? `, the first ${shape[0]} shown` : "";
    const part = channels > shape[1] ? `, the first ${shape[1]} channels shown` : "";
    const zero = colour ? "mid-grey is 0" : "white is 0";
    return `${count} kernels ${times([channels, rows, columns])}${some}${part}; ${zero}`;
  }
  place(cursor) {
    const { rows, columns } = this.sides[0].grid;
    this.cursor = cursor && { ...cursor, row: clamp(cursor.row, rows), column: clamp(cursor.column, columns) };
    for (const side of this.shown) side.all.point(this.cursor, this.cursor ? side.words(this.cursor) : TELL);
  }
  toggle() {
    if (!this.cursor) return;
    const kernel = Math.floor(this.cursor.channel / this.sides[0].tiles);
    this.open(kernel === this.model.get("kernel") ? -1 : kernel);
  }
  open(kernel) {
    this.frame.set({ kernel });
    this.enlarge();
  }
  enlarge() {
    for (const side of this.shown) side.enlarge(this.model.get("kernel"));
  }
};
var widget_default = {
  render(context) {
    const { frame } = new Kernels(context);
    return () => frame.close();
  }
};
export {
  widget_default as default
};
