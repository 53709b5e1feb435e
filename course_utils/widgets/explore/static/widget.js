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
    this.list.replaceChildren(...classes.map(({ label, share, text }) => classBar(label, text, share)));
  }
};
function classBar(label, text, share) {
  const bar = el("span", { class: "cw-bar" });
  bar.style.setProperty("--share", String(share));
  return el("li", {}, el("span", { class: "cw-label" }, label), el("span", { class: "cw-share" }, text), bar);
}

// course_utils/widgets/shared/js/camera.js
var TROUBLE = {
  NotAllowedError: "The browser did not allow the camera. Allow it beside the page's address, then try again.",
  NotFoundError: "No camera was found.",
  NotReadableError: "The camera is in use by another program."
};
var Camera = class {
  /** @param {HTMLElement} root of the widget */
  constructor(root) {
    this.video = el("video", { muted: "", playsinline: "", "aria-label": "what the camera sees" });
    this.inSight = true;
    this.observer = new IntersectionObserver(([{ isIntersecting }]) => this.inSight = isIntersecting);
    this.observer.observe(root);
    this.stream = null;
  }
  /** Switch it on. @returns {Promise<string>} "", or why there is no image */
  async open() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: true });
      this.video.srcObject = this.stream;
      await this.video.play();
      return "";
    } catch (error) {
      this.stop();
      return TROUBLE[
        /** @type {Error} */
        error.name
      ] ?? "The browser gives this page no camera.";
    }
  }
  /** The present image: the bytes of a JPEG, at most `side` pixels large. */
  image(side = Infinity) {
    return jpegOf(this.video, this.video.videoWidth, this.video.videoHeight, side);
  }
  /**
   * Call `act(image)` with one image after the other while the camera is on, each once the one before
   * has been dealt with: what the camera sees meanwhile is left out. Where nobody looks, it rests.
   * @param {number} side
   * @param {() => boolean} ready whether the next image is wanted
   * @param {(image: ArrayBuffer) => void} act
   */
  async each(side, ready, act) {
    const { stream } = this;
    while (stream && this.stream === stream) {
      const looked = this.inSight && !document.hidden;
      if (looked && ready()) {
        const bytes = await this.image(side);
        if (this.stream === stream) act(bytes);
      }
      await new Promise((done) => looked ? requestAnimationFrame(done) : setTimeout(done, 200));
    }
  }
  /** Let go of the camera: its lamp goes out. */
  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
  }
  close() {
    this.stop();
    this.observer.disconnect();
  }
};

// course_utils/widgets/explore/camera.js
var LIVE = "live";
var SIDE = 320;
var Photographs = class extends Camera {
  constructor(frame) {
    super(frame.root);
    this.frame = frame;
    this.taken = 0;
    this.button = button("Camera…", () => this.start());
    this.take = button("Take", () => this.shoot());
    this.liveButton = button("Live", () => this.live());
    const cancel = button("Cancel", () => this.stop());
    this.panel = el("div", { class: "cw-camera", hidden: "" }, this.video, this.take, this.liveButton, cancel);
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.stop();
    });
    frame.selects.image.closest(".cw-pair").append(this.button);
    frame.body.before(this.panel);
  }
  async start() {
    this.frame.showError("");
    const trouble = await this.open();
    if (trouble) this.frame.showError(`${trouble} A photograph can also be dropped here, or opened as a file.`);
    this.panel.hidden = Boolean(trouble);
    if (!trouble) this.take.focus();
  }
  async shoot() {
    const photo = this.image();
    this.stop();
    this.frame.upload(new File([await photo], `photo ${++this.taken}`));
  }
  live() {
    const { frame, panel } = this;
    panel.classList.add("cw-live");
    this.liveButton.hidden = true;
    this.take.textContent = "Freeze";
    const ready = () => {
      if (frame.alert.textContent) this.stop();
      return this.stream && !frame.pending(frame.model.get("view"));
    };
    this.each(SIDE, ready, (bytes) => {
      frame.wait("");
      frame.model.send({ upload: LIVE, seq: frame.asked }, void 0, [bytes]);
    });
  }
  stop() {
    super.stop();
    this.panel.classList.remove("cw-live");
    this.liveButton.hidden = false;
    this.take.textContent = "Take";
    if (!this.panel.hidden) this.button.focus();
    this.panel.hidden = true;
  }
};

// course_utils/widgets/explore/cards.js
var KEPT = 32e6;
var AHEAD = 1e6;
var EXACT = 2 ** 20;
var Cards = class {
  constructor() {
    this.kept = /* @__PURE__ */ new Map();
    this.bytes = 0;
  }
  name = (key, layer) => `${key} ${layer}`;
  has = (key, layer) => this.kept.has(this.name(key, layer));
  get(key, layer) {
    const name = this.name(key, layer);
    const card = this.kept.get(name);
    if (card) this.kept.delete(name) && this.kept.set(name, card);
    return card;
  }
  put(facts, bytes) {
    const name = this.name(facts.key, facts.layer);
    if (this.kept.has(name)) return;
    const { buffer } = bytes.slice();
    const values = facts.exact ? new Float32Array(buffer) : new Uint8Array(buffer);
    this.kept.set(name, { facts, values });
    this.bytes += buffer.byteLength;
    for (const [old, card] of this.kept) {
      if (this.bytes <= KEPT || old === name) break;
      this.kept.delete(old);
      this.bytes -= card.values.byteLength;
    }
  }
  /** The name of the layer to ask for next: the nearest that is small and not here. */
  missing(key, layers, layer) {
    const here = layers.findIndex(({ name }) => name === layer);
    const away = ({ name }) => Math.abs(layers.findIndex((one) => one.name === name) - here);
    return layers.filter(({ name, size }) => size.length < 4 && !this.has(key, name) && this.hasRoom(bytesOfMaps(size))).sort((a, b) => away(a) - away(b))[0]?.name;
  }
  hasRoom = (bytes) => bytes <= AHEAD && this.bytes + bytes <= KEPT;
};
function bytesOfMaps(size) {
  const values = size.reduce((product, n) => product * n, 1);
  return 4 * values <= EXACT ? 4 * values : values;
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

// course_utils/widgets/explore/diagram.js
var DRAWN = { conv: "conv", pool: "pool", avgpool: "pool", fc: "fc" };
var THIN = /* @__PURE__ */ new Set(["relu", "tanh", "sigmoid", "norm", "dropout", "flatten", "identity"]);
var TALL = 60;
var SLAT = 6;
var GAP = 3;
var MARGIN = 3;
var WIDEST = 6;
var KEY = "Fully connected: 10 units ¼ of the height, 1,000 ¾";
var Diagram = class {
  constructor(choose) {
    this.choose = choose;
    this.id = `cw-diagram-${Math.random().toString(36).slice(2)}`;
    this.drawing = svg("svg", { role: "listbox", "aria-orientation": "horizontal" });
    this.facts = el("output", { class: "cw-facts-line" });
    this.key = el("span", { class: "cw-key" }, KEY);
    const below = el("div", { class: "cw-below" }, this.facts, this.key);
    this.element = el("section", { class: "cw-diagram" }, this.drawing, below);
    this.width = 0;
    new ResizeObserver(() => this.resize()).observe(this.element);
    takeKeys(this.drawing, (key) => this.step(key));
    const under = ({ target }) => this.boxes.indexOf(target.closest("[role=option]"));
    this.drawing.addEventListener("click", (event) => {
      const i = under(event);
      if (i >= 0) this.choose(this.layers[i].name);
    });
    this.drawing.addEventListener("pointerover", (event) => {
      const i = under(event);
      this.say(i >= 0 ? i : this.chosen);
    });
    this.drawing.addEventListener("pointerleave", () => this.say(this.chosen));
  }
  /** title: the network's; layers: as the kernel describes them; input: the image's shape. */
  show(title, layers, input2, layer) {
    if (layers !== this.layers) {
      this.title = title;
      this.layers = layers;
      this.input = input2;
      this.draw();
    }
    this.mark(layers.findIndex(({ name }) => name === layer));
  }
  /** Draw anew if there is more room or less than before, in lines of type. */
  resize() {
    const width = 16 * this.drawing.clientWidth / parseFloat(getComputedStyle(this.drawing).fontSize);
    if (!this.layers || !width || Math.abs(width - this.width) < 1) return;
    this.width = width;
    this.draw();
    this.mark(this.chosen);
  }
  draw() {
    const { title, layers, input: input2 } = this;
    const width = this.width || 900;
    this.drawing.setAttribute("aria-label", `Layers of ${title}`);
    this.key.hidden = layers.every(({ size }) => size.length > 1);
    const tallest = Math.max(input2[1], ...layers.map(({ size }) => size.length > 1 ? size.at(-2) : 1));
    const all = [{ kind: "input", size: input2 }, ...layers].map(({ kind, size }) => ({
      thin: THIN.has(kind),
      colour: kind === "input" ? kind : DRAWN[kind] ?? "other",
      ...extentOf(size, tallest, THIN.has(kind)),
      x: 0
    }));
    inARow(all, width);
    const [image, ...boxes] = all;
    this.names = boxes.map((box, i) => {
      const half = layers[i].name.length * 5.3;
      return { half, middle: Math.max(half, Math.min(width - half, middleOf(box))), thin: box.thin };
    });
    this.boxes = boxes.map((box, i) => this.option(box, layers[i], i));
    const line = svg("line", { class: "cw-line", x1: MARGIN, x2: width - MARGIN, y1: TALL / 2, y2: TALL / 2 });
    this.drawing.setAttribute("viewBox", `0 -2 ${width} ${TALL + 24}`);
    this.drawing.replaceChildren(line, drawnBox(image), ...this.boxes);
  }
  /** A layer: what one clicks, its box, its name. */
  option(box, { name, shape }, i) {
    const target = { class: "cw-target", x: box.x - 1.5, y: 0, width: box.width + 3, height: TALL };
    const label = svg("text", { x: this.names[i].middle, y: TALL + 17, "text-anchor": "middle" }, name);
    return svg(
      "g",
      { role: "option", id: `${this.id}-${i}`, "aria-label": `${name}: ${shape}` },
      svg("rect", target),
      drawnBox(box),
      label
    );
  }
  mark(chosen) {
    this.boxes.forEach((box, i) => box.setAttribute("aria-selected", String(i === chosen)));
    this.drawing.setAttribute("aria-activedescendant", `${this.id}-${chosen}`);
    this.chosen = chosen;
    this.nameBoxes();
    this.say(chosen);
  }
  /** The names for which there is room: that of the chosen box in any case. */
  nameBoxes() {
    const one = this.names[this.chosen];
    let free = 0;
    this.names.forEach(({ middle, half, thin }, i) => {
      const apart = !one || Math.abs(middle - one.middle) > half + one.half + 4;
      const shown = i === this.chosen || !thin && apart && middle - half >= free;
      if (shown) free = middle + half + 4;
      this.boxes[i].lastElementChild.classList.toggle("cw-spare", !shown);
    });
  }
  say(i) {
    const layer = this.layers[i];
    if (layer) this.facts.textContent = inWords(layer);
  }
  step(key) {
    const last = this.layers.length - 1;
    const steps = { ArrowRight: this.chosen + 1, ArrowLeft: this.chosen - 1, Home: 0, End: last };
    if (!(key in steps)) return false;
    this.choose(this.layers[clamp(steps[key], last + 1)].name);
    return true;
  }
};
function extentOf(size, tallest, thin) {
  const height = size.length > 1 ? TALL * size.at(-2) / tallest : TALL * 0.25 * Math.log10(size[0] ?? 1);
  const width = thin ? SLAT : size.length > 2 ? 5 + Math.sqrt(size[0]) : 10;
  return { width, height: Math.max(4, Math.min(TALL, height)) };
}
function inARow(boxes, width) {
  const room = width - 2 * MARGIN;
  const natural = boxes.reduce((sum, box) => sum + box.width, 0);
  const wider = Math.min(WIDEST, room / (natural + GAP * (boxes.length - 1)));
  const gap = Math.min(40, (room - natural * wider) / (boxes.length - 1));
  let x = MARGIN;
  for (const box of boxes) {
    box.width *= wider;
    box.x = x;
    x += box.width + gap;
  }
}
var middleOf = ({ x, width }) => x + width / 2;
function drawnBox({ x, width, height, colour, thin }) {
  const look = `cw-box cw-${colour}${thin ? " cw-thin" : ""}`;
  return svg("rect", { class: look, x, y: (TALL - height) / 2, width, height });
}
function inWords({ name, shape, parameters, multiply_adds: work }) {
  const parts = [`${name}: ${shape}`];
  if (parameters === null) parts.push("its cost cannot be counted");
  else parts.push(parameters ? `${parameters.toLocaleString("en")} parameters` : "no parameters");
  if (work) parts.push(`${inMillions(work)} multiply-adds`);
  return parts.join(" · ");
}
var inMillions = (n) => n >= 1e9 ? `${short(n / 1e9)} billion` : n >= 1e6 ? `${short(n / 1e6)} million` : n.toLocaleString("en");

// course_utils/widgets/explore/side.js
var HINT = {
  maps: "Point at a map, or use arrow keys. Click: large.",
  units: "Point at a unit, or use arrow keys."
};
var NONE = -1;
var Side = class {
  /**
   * @param {import("./widget.js").Explore} lab
   * @param {string} prefix of the traits of this side
   */
  constructor(lab, prefix) {
    this.lab = lab;
    this.prefix = prefix;
    this.open = NONE;
    this.badge = el("strong", { class: "cw-badge" });
    this.name = el("span", {});
    this.heading = el("h4", { class: "cw-side-name" }, this.name, this.badge);
    this.diagram = new Diagram((layer) => lab.choose(layer, prefix ? 1 : 0));
    this.classes = new Classes();
    this.hint = el("p", { class: "cw-hint cw-aside" });
    this.classes.element.append(this.hint);
    this.buildImages();
    this.buildMosaic();
    const parts = { image: this.image, large: this.large, best: this.classes, maps: this.mosaic };
    for (const [name, { element }] of Object.entries(parts)) element.classList.add(`cw-${name}`);
    for (const { element } of [this.image, this.large, this.mosaic]) element.classList.add("cw-grow");
    const all = [this.diagram, ...Object.values(parts)].map((part) => part.element);
    this.element = el("section", { class: "cw-side" }, ...all);
  }
  /** What the network sees, and a channel large. */
  buildImages() {
    this.image = new Panel("What the network sees");
    this.overlay = el("canvas", { class: "cw-overlay", "aria-hidden": "true", hidden: "" });
    this.image.frame.insertBefore(this.overlay, this.image.mark);
    this.large = new Panel();
    this.large.element.hidden = true;
    this.large.caption.after(button("Close", () => this.lab.enlarge(NONE)));
    for (const { canvas } of [this.image, this.large]) {
      follow(
        canvas,
        (event) => this.point(canvas, event),
        () => this.lab.place(this, null)
      );
    }
  }
  buildMosaic() {
    this.mosaic = new Mosaic({
      place: (unit) => this.lab.place(this, unit),
      open: () => this.toggle(),
      start: () => this.start()
    });
    this.below = el("div", { class: "cw-below" }, this.mosaic.readout);
    this.mosaic.element.append(this.below);
    this.scale = new Scale();
    this.mosaic.caption.after(this.scale.element);
    this.mosaic.whenResized(() => this.values && this.arrange());
  }
  // --- What is shown ---
  /** Show what does not depend on the layer. */
  show(view) {
    this.view = view;
    this.name.textContent = `${view.title} · ${view.image}`;
    this.badge.textContent = view.status;
    this.badge.classList.toggle("cw-untrained", !view.trained);
    this.element.classList.toggle("cw-random", !view.trained);
    this.classes.show(view);
    this.hint.textContent = view.hint;
    const pixels = this.lab.model.get(`${this.prefix}pixels`);
    if (pixels === this.pixels) return;
    this.pixels = pixels;
    const [, height, width] = view.input;
    this.image.paint(new Grid(1, height, width), () => coloursOf(bytesOf(this.lab.model, `${this.prefix}pixels`)), "");
    this.image.caption.textContent = `Input: ${times(view.input)}`;
  }
  /** Show a layer of which the page has the maps. */
  paint({ facts, values }) {
    const own = this.lab.model.get("own_scale") && facts.shape[1] * facts.shape[2] > 1;
    if (values === this.values && own === this.own) return;
    this.facts = facts;
    this.values = values;
    this.own = own;
    const [, rows, columns] = facts.shape;
    this.flat = rows * columns === 1;
    this.tile();
    this.mosaic.caption.textContent = `${facts.layer}: ${times(facts.shape)}`;
    const { ends, colours } = scaleOf(facts, this.lab.colours);
    this.scale.paint(colours);
    this.scale.show(own ? {} : ends);
  }
  /** As many maps in a row as make them large; a few units stand in one row. */
  tile() {
    const { shape, across, gap, description } = this.facts;
    const row = this.flat && across === shape[0];
    this.grid = row ? new Grid(across, 1, 1) : this.mosaic.tiles(shape, across, gap);
    this.mosaic.paint(this.grid, (channel) => this.colours(channel), description);
  }
  /** The room has changed. */
  arrange() {
    const { cursor } = this;
    this.tile();
    this.mosaic.open(this.open);
    this.place(cursor);
  }
  /** The colours of one map, row by row. */
  colours(channel) {
    const size = this.grid.rows * this.grid.columns;
    const map = this.values.subarray(channel * size, (channel + 1) * size);
    const { ends, colours } = scaleOf(this.facts, this.lab.colours);
    return onScale(map, this.own ? this.ownEnds(map) : this.facts.exact ? ends : { low: 0, high: 255 }, colours);
  }
  /** The ends of one map's own scale; zero stays in the middle where the layer has values below it. */
  ownEnds(map) {
    const [low, high] = extent(map);
    if (this.facts.low >= 0) return { low, high };
    const zero = this.facts.exact ? 0 : 127.5;
    const most = Math.max(zero - low, high - zero);
    return { low: zero - most, high: zero + most };
  }
  value({ channel, row, column }) {
    const value = this.values[(channel * this.grid.rows + row) * this.grid.columns + column];
    const { low, high } = scaleOf(this.facts, this.lab.colours).ends;
    return this.facts.exact ? short(value, 4) : `≈ ${short(low + value * (high - low) / 255)}`;
  }
  // --- Pointing ---
  /** Place the cursor where an event is in the image, or in the channel that is open. */
  point(canvas, event) {
    if (this.flat) return;
    this.mosaic.readout.setAttribute("aria-live", "off");
    const [x, y] = placeOf(canvas, event, this.grid.columns, this.grid.rows);
    const channel = this.open === NONE ? this.facts.brightest : this.open;
    this.lab.place(this, { channel, row: Math.floor(y), column: Math.floor(x) });
  }
  start() {
    const { rows, columns } = this.grid;
    return { channel: this.facts.brightest, row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  }
  get cursor() {
    return this.mosaic.cursor;
  }
  toggle() {
    if (this.cursor && !this.flat) this.lab.enlarge(this.cursor.channel === this.open ? NONE : this.cursor.channel);
  }
  /** Mark a unit in the mosaic, in the large map and in the image, and say its value. */
  place(cursor) {
    const { rows, columns } = this.grid;
    const at = cursor && { ...cursor, row: clamp(cursor.row, rows), column: clamp(cursor.column, columns) };
    this.mosaic.point(at, at ? this.words(at) : HINT[this.flat ? "units" : "maps"], this.flat);
    const unit = at && { left: at.column, top: at.row, width: 1, height: 1 };
    mark(this.image.mark, !this.flat && unit, columns, rows);
    mark(this.large.mark, at?.channel === this.open && unit, columns, rows);
  }
  words(cursor) {
    const { channel, row, column } = cursor;
    const name = this.facts.units[channel];
    if (this.flat) return `unit ${channel}${name ? ` (${name})` : ""}: ${this.value(cursor)}`;
    return `channel ${channel}, row ${row}, column ${column}: ${this.value(cursor)}`;
  }
  /** The place in this side's maps that corresponds to a cursor in another side's. */
  from({ grid }, cursor) {
    if (!cursor || cursor.channel >= this.grid.count) return null;
    const scaled = (value, from, to) => Math.floor((value + 0.5) * to / from);
    return {
      channel: cursor.channel,
      row: scaled(cursor.row, grid.rows, this.grid.rows),
      column: scaled(cursor.column, grid.columns, this.grid.columns)
    };
  }
  /** Show a channel large and over the image. */
  enlarge(channel) {
    const { count, rows, columns } = this.grid;
    this.open = this.flat || channel >= count ? NONE : channel;
    this.large.element.hidden = this.overlay.hidden = this.open === NONE;
    this.mosaic.open(this.open);
    let alt = `${this.view.image} as ${this.view.title} sees it`;
    if (this.open !== NONE) {
      const colours = this.colours(this.open);
      const what = `channel ${this.open} of layer ${this.facts.layer}, large`;
      this.large.paint(new Grid(1, rows, columns), () => colours, what);
      this.large.caption.textContent = `Channel ${this.open}`;
      paint(this.overlay, colours, rows, columns);
      alt = `${alt}, channel ${this.open} of ${this.facts.layer} over it`;
    }
    this.image.canvas.setAttribute("aria-label", alt);
  }
};

// course_utils/widgets/explore/widget.js
var LISTS = { network: "Network", image: "Image", layer: "Layer", other: "Compare with" };
var Explore = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "explore", LISTS);
    this.camera = new Photographs(this.frame);
    this.cards = new Cards();
    this.colours = mapColours(model);
    this.answer = this.ahead = 0;
    this.sides = ["", "other_"].map((prefix) => new Side(this, prefix));
    this.buildSwitches();
    this.frame.body.classList.add("cw-sides", "cw-grow");
    this.frame.body.append(this.sides[0].element);
    this.listen();
    this.update();
  }
  /** Each map on its own scale; how much of the open map covers the image. */
  buildSwitches() {
    this.ownScale = input({ type: "checkbox" }, ({ checked }) => this.frame.set({ own_scale: checked }));
    this.ownLabel = el("label", {}, this.ownScale, "each map on its own scale");
    const range = { type: "range", min: 0, max: 100, value: 60 };
    this.cover = input(range, ({ value }) => this.showCover(value), "input");
    this.slider = el("label", { class: "cw-cover", hidden: "" }, "Over the image", this.cover);
    this.showCover(this.cover.value);
    this.sides[0].below.append(this.ownLabel);
    this.sides[0].image.element.append(this.slider);
  }
  showCover(percent) {
    this.cover.value = percent;
    this.root.style.setProperty("--cover", String(percent / 100));
  }
  listen() {
    const { layer } = this.frame.selects;
    layer.addEventListener("change", () => this.model.set("known", this.has(layer.value)), true);
    layer.addEventListener("change", () => this.showAhead(layer.value));
    this.frame.body.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.model.get("channel") < 0) return;
      event.preventDefault();
      this.enlarge(NONE);
    });
    this.root.addEventListener("cw-keep", ({ detail }) => detail.cover = this.cover.value);
    this.root.addEventListener("cw-recall", ({ detail }) => this.showCover(detail.cover ?? this.cover.value));
    this.frame.listen("change:view", () => this.update());
    this.frame.listen("change:own_scale", () => this.paint());
    this.frame.listen("change:channel", () => this.paint());
    this.frame.listen("msg:custom", ({ card }, buffers) => this.receive(card, buffers?.[0]));
  }
  close() {
    clearTimeout(this.timer);
    this.camera.close();
    this.frame.close();
  }
  // --- What the kernel sends ---
  update() {
    const view = this.model.get("view");
    if (view.seq < Math.max(this.answer, this.ahead)) return;
    this.answer = view.seq;
    this.views = view.other ? [view, view.other] : [view];
    this.frame.update(view, {
      ...this.frame.commonOptions(),
      layer: this.layers(0).map(({ name, shape }) => pair(name, `${name} · ${shape}`)),
      other: this.model.get("others").map(({ name, title }) => pair(name, title))
    });
    this.views.forEach((side, i) => {
      this.sides[i].show(side);
      if (view.sent) this.cards.put(side, bytesOf(this.model, `${this.sides[i].prefix}maps`));
    });
    this.root.classList.remove("cw-random");
    this.arrange(view);
    this.paint();
  }
  /** What a diagram says about the layers of a side. */
  layers(side) {
    return this.model.get(`${this.sides[side].prefix}layers`);
  }
  /** One side or two. */
  arrange({ other }) {
    this.root.classList.toggle("cw-two", Boolean(other));
    for (const side of this.sides) {
      if (other) side.element.prepend(side.heading);
      else side.heading.remove();
    }
    if (other) this.frame.body.append(this.sides[1].element);
    else this.sides[1].element.remove();
  }
  /** A layer that the page asked for. */
  receive(card, bytes) {
    const awaited = this.awaited;
    if (!card || this.cards.name(card.key, card.layer) === awaited) this.awaited = null;
    if (!card) return;
    this.cards.put(card, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (this.behind) this.paint();
    else if (awaited && !this.awaited) this.askAhead();
  }
  /** Show all of the present views, once the page has what it takes. */
  paint() {
    const cards = this.views.map(({ key, layer }) => this.cards.get(key, layer));
    const missing = cards.indexOf(void 0);
    this.behind = missing >= 0;
    if (this.behind) {
      this.want(this.views[missing].key, this.views[missing].layer);
      return;
    }
    cards.forEach((card, i) => this.sides[i].paint(card));
    this.views.forEach(({ title, input: shape, layer }, i) => {
      this.sides[i].diagram.show(title, this.layers(i), shape, layer);
    });
    this.ownScale.checked = this.model.get("own_scale");
    this.ownLabel.hidden = this.sides[0].flat;
    this.open();
    this.place(this.sides[0], this.sides[0].cursor);
    this.root.dataset.layer = this.views[0].layer;
    this.root.dataset.seq = Math.max(this.answer, this.ahead);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.askAhead(), 100);
  }
  // --- Layers that the page has, or will want ---
  /** Choose a layer in a diagram; in the second, the first one that stands for it. */
  choose(layer, side) {
    if (side === 1) layer = this.counterpart(layer);
    const { layer: select } = this.frame.selects;
    select.value = layer;
    select.dispatchEvent(new Event("change"));
  }
  /** The layer of the first network that stands for one of the second, or for the nearest. */
  counterpart(layer) {
    const places = this.layers(1).map(({ name }) => name);
    const distance = ([, other]) => Math.abs(places.indexOf(other) - places.indexOf(layer));
    const pairs = Object.entries(this.model.get("view").other.match);
    return pairs.reduce((best, pair2) => distance(pair2) < distance(best) ? pair2 : best)[0];
  }
  /** What each side shows when the first shows `layer`. */
  layersWith(layer) {
    return this.views.map((view, i) => i ? view.match[layer] : layer);
  }
  has(layer) {
    return this.layersWith(layer).every((name, i) => this.cards.has(this.views[i].key, name));
  }
  /** Show a layer before the kernel has answered, if its maps are here. */
  showAhead(layer) {
    if (!this.has(layer)) return;
    this.ahead = this.frame.asked;
    this.layersWith(layer).forEach((name, i) => {
      this.views[i] = { ...this.views[i], layer: name };
    });
    this.paint();
  }
  want(key, layer) {
    const name = this.cards.name(key, layer);
    if (name === this.awaited) return;
    this.awaited = name;
    this.model.send({ want: layer, key });
  }
  /** Nothing else to do: ask for one more layer, the nearest that is small and not here. */
  askAhead() {
    this.root.dataset.kept = this.cards.kept.size;
    if (this.awaited || this.root.hasAttribute("aria-busy")) return;
    for (const [i, { key, layer }] of this.views.entries()) {
      const missing = this.cards.missing(key, this.layers(i), layer);
      if (!missing) continue;
      this.want(key, missing);
      return;
    }
  }
  // --- Both sides move together ---
  place(side, cursor) {
    for (const each of this.sides.slice(0, this.views.length)) {
      each.place(each === side ? cursor : each.from(side, cursor));
    }
  }
  /** Open a channel, here and in the kernel. */
  enlarge(channel) {
    if (channel === NONE && this.sides.some((side) => side.large.element.contains(document.activeElement))) {
      this.sides[0].mosaic.canvas.focus();
    }
    this.frame.set({ channel });
    this.open();
  }
  open() {
    const channel = this.model.get("channel");
    const shown = this.sides.slice(0, this.views.length);
    for (const side of shown) side.enlarge(channel);
    const open = shown.some((side) => side.open !== NONE);
    this.root.classList.toggle("cw-open", open);
    this.slider.hidden = !open;
  }
};
var widget_default = {
  render(context) {
    const explore = new Explore(context);
    return () => explore.close();
  }
};
export {
  Explore,
  widget_default as default
};
