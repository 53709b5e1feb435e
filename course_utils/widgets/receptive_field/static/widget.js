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

// course_utils/widgets/receptive_field/layers.js
var COLUMNS = ["Layer", "Kernel", "Stride", "Padding", "Dilation", "Output", "Jump", "Receptive field"];
function heads(texts) {
  const cells = texts.map((text, i) => el("th", i ? { scope: "col", ...NUMERIC } : { scope: "col" }, text));
  return el("thead", {}, el("tr", {}, ...cells));
}
var NUMERIC = { class: "cw-number" };
var LayerTable = class {
  /** @param {(name: string) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.body = el("tbody");
    const table = el("table", { class: "cw-table" }, heads(COLUMNS), this.body);
    this.element = el("div", { class: "cw-layers cw-scrolls", hidden: "" }, table);
    this.button = button("All layers", () => this.unfold(), { "aria-expanded": "false" });
    this.body.addEventListener("keydown", (event) => this.key(event));
  }
  unfold() {
    this.element.hidden = !this.element.hidden;
    this.button.setAttribute("aria-expanded", String(!this.element.hidden));
    const row = this.body.querySelector("[aria-current]");
    if (row) this.reveal(row);
  }
  show(layers, current) {
    const names = layers.map(({ name, row }) => `${name} ${row.join()}`).join();
    if (names !== this.names) this.body.replaceChildren(...layers.map((layer) => this.row(layer)));
    this.names = names;
    for (const row of this.rows()) {
      const on = row.dataset.layer === current;
      if (on) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      row.querySelector("button").tabIndex = on ? 0 : -1;
      if (on && current !== this.current) this.reveal(row);
    }
    this.current = current;
  }
  /** @returns {HTMLTableRowElement[]} */
  rows() {
    return [...this.body.rows];
  }
  row({ name, row }) {
    const cells = row.slice(1).map((value) => el("td", NUMERIC, value === null ? "–" : String(value)));
    const press = button(name, () => {
    }, {});
    const line = el("tr", { "data-layer": name }, el("th", { scope: "row" }, press), ...cells);
    line.addEventListener("click", () => this.choose(name));
    return line;
  }
  /** Scroll the table, and not the page, so that a row is seen. */
  reveal(row) {
    const { element } = this;
    const [top, bottom] = [row.offsetTop - 2 * row.offsetHeight, row.offsetTop + 2 * row.offsetHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }
  key(event) {
    const rows = this.rows();
    const at = rows.indexOf(event.target.closest("tr"));
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === void 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = rows[clamp(to, rows.length)];
    row.querySelector("button").focus({ preventScroll: true });
    this.reveal(row);
  }
};

// course_utils/widgets/receptive_field/stacks.js
var HEADS = ["", "Receptive field", "Parameters", "Multiply-adds", "ReLUs between", "Effect in the middle"];
var DEPTHS = [1, 2, 3, 4, 5, 6, 7];
var ABOUT = "How much each pixel reaches the unit in the middle: |d unit / d pixel|, the mean over random weights. Counted for 64 feature maps of 56 × 56, in and out.";
var Stacks = class {
  /**
   * @param {Uint32Array} colours
   * @param {(depth: number) => void} choose
   */
  constructor(colours, choose) {
    this.colours = colours;
    this.depth = list("depth", (value) => choose(Number(value)));
    fill(
      this.depth,
      DEPTHS.map((n) => pair(String(n), `${n} of 3×3 or one ${2 * n + 1}×${2 * n + 1}`))
    );
    this.choice = labelled("Kernels", this.depth);
    this.panels = [new Panel(), new Panel()];
    for (const { element } of this.panels) element.classList.add("cw-grow");
    this.scale = new Scale();
    this.scale.paint(colours);
    this.rows = el("tbody");
    this.profile = el("figure", { class: "cw-profile cw-grow" });
    this.element = el(
      "div",
      { class: "cw-stacks cw-grow" },
      el("p", { class: "cw-does cw-aside" }, ABOUT),
      el("div", { class: "cw-pairs cw-grow" }, ...this.panels.map(({ element }) => element), this.profile),
      el("div", { class: "cw-scale" }, "share of the effect ", this.scale.element),
      el("table", { class: "cw-table" }, heads(HEADS), this.rows)
    );
  }
  show(stacks) {
    const scale = { low: 0, high: Math.max(...stacks.flatMap(({ effect }) => effect)) };
    this.depth.value = String(stacks[0].depth);
    stacks.forEach(({ field, name, middle: middle2, share, effect }, i) => {
      const text = `Effect of ${field} × ${field} pixels on a unit, ${name}: the middle ${middle2} × ${middle2} hold ${share}`;
      this.panels[i].paint(new Grid(1, field, field), () => onScale(effect, scale, this.colours), text);
      this.panels[i].caption.textContent = name;
    });
    this.scale.show(scale);
    this.rows.replaceChildren(...stacks.map((stack) => this.row(stack, stacks[1])));
    this.draw(stacks);
  }
  row({ name, field, parameters, multiply_adds: work, depth, middle: middle2, share }, large) {
    const part = (text, n, of) => n === of ? text : `${text} (${Math.round(100 * n / of)} %)`;
    const cells = [
      `${field} × ${field}`,
      part(parameters.toLocaleString("en"), parameters, large.parameters),
      part(`${Math.round(work / 1e6).toLocaleString("en")} million`, work, large.multiply_adds),
      String(depth - 1),
      `${share} in ${middle2} × ${middle2}`
    ];
    return el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((text) => el("td", NUMERIC, text)));
  }
  /** The effect of each column of pixels as two lines. */
  draw(stacks) {
    const sums = stacks.map(({ effect, field }) => columnSums(effect, field));
    const highest = Math.max(...sums.flat());
    const lines = sums.map((sum, i) => {
      const points = sum.map((share, x) => `${100 * (x + 0.5) / sum.length},${60 - 55 * share / highest}`);
      return svg("polyline", { points: points.join(" "), class: `cw-line-${i}` });
    });
    const text = stacks.map(
      ({ name }, i) => `${name}: ${percent(Math.max(...sums[i]))} at most, ${percent(sums[i][0])} at the edge`
    );
    const label = `Effect by column of pixels. ${text.join("; ")}`;
    const box = { viewBox: "0 0 100 60", preserveAspectRatio: "none", role: "img", "aria-label": label };
    this.profile.replaceChildren(
      el("figcaption", { class: "cw-caption" }, "Effect by column of pixels"),
      svg("svg", box, ...lines),
      el("ul", { class: "cw-legend" }, ...text.map((words, i) => el("li", { class: `cw-key-${i}` }, words)))
    );
  }
};
function columnSums(effect, field) {
  const sums = new Array(field).fill(0);
  effect.forEach((share, i) => sums[i % field] += share);
  return sums;
}
var percent = (share) => `${(100 * share).toFixed(1)} %`;

// course_utils/widgets/receptive_field/units.js
function middle({ size, jump, start, spans }, unit) {
  return size ? start + unit * jump + size / 2 : (spans[unit][0] + spans[unit][1]) / 2;
}
function nearestUnit({ size, jump, start, spans }, pixel, pixels) {
  const unit = size ? Math.round((pixel - start - size / 2) / jump) : Math.floor(pixel / pixels * spans.length);
  return clamp(unit, spans.length);
}
function cut({ size, jump, start, spans }, unit) {
  if (!size) return [false, false];
  const first = start + unit * jump;
  return [first < spans[unit][0], first + size > spans[unit][1]];
}
function boxOf({ rows, columns }, { row, column }) {
  if (!rows) return null;
  const [top, bottom] = rows.spans[row];
  const [left, right] = columns.spans[column];
  if (top === bottom || left === right) return null;
  const [above, below] = cut(rows, row);
  const [before, after] = cut(columns, column);
  const sides = { top: above, bottom: below, left: before, right: after };
  return { left, top, width: right - left, height: bottom - top, cut: sides };
}
function inWords({ rows, columns, row }, box) {
  if (!rows) return "what can reach it is not known, the layers before it do not stand in a row";
  if (row.at(-1) === "whole image") return "the whole image can reach it";
  if (!box) return "no pixel can reach it, it sees padding only";
  const [inside, full] = [`${box.height} × ${box.width}`, `${rows.size} × ${columns.size}`];
  if (!rows.size || !columns.size || inside === full) return `${inside} pixels can reach it`;
  return `${full} pixels can reach it, ${inside} of them inside the image (it is clipped at the border)`;
}

// course_utils/widgets/receptive_field/widget.js
var LISTS = { network: "Network", image: "Image", layer: "Layer", channel: "Channel" };
var VIEWS = { network: "a network", stacks: "small kernels or one large" };
var SIDES = ["top", "left", "bottom", "right"];
var ReceptiveField = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "receptive-field", LISTS);
    this.mapColours = mapColours(model);
    this.colours = this.mapColours.plain;
    this.views = list("show", (show) => this.frame.ask({ show }));
    fill(this.views, Object.entries(VIEWS));
    this.readout = el("output", { class: "cw-readout" });
    this.table = new LayerTable((name) => this.chooseLayer(name));
    const line = el("div", { class: "cw-line" }, this.readout, this.table.button);
    const parts = [this.buildMap(), this.buildImage(), line, this.table.element];
    this.stacks = new Stacks(this.colours, (depth) => this.frame.ask({ depth }));
    this.strength = input({ type: "range", min: 0, max: 100, value: 75 }, () => this.fade(), "input");
    const both = [labelled("Show", this.views), this.stacks.choice];
    for (const choice of both) choice.classList.add("cw-both");
    this.frame.controls.prepend(...both);
    this.frame.controls.append(labelled("Influence", this.strength));
    this.frame.body.classList.add("cw-grow");
    this.frame.body.append(el("div", { class: "cw-field cw-grow" }, ...parts), this.stacks.element);
    const { network, layer, channel } = this.frame.selects;
    instead(network, (name) => this.frame.ask({ network: name, row: -1, column: -1, channel: -1 }));
    instead(layer, (name) => this.chooseLayer(name));
    instead(channel, (number) => this.frame.ask({ channel: Number(number) }));
    this.frame.views((view) => this.show(view));
  }
  buildMap() {
    this.map = new Panel();
    this.map.element.classList.add("cw-units", "cw-grow");
    this.mapScale = new Scale();
    this.map.caption.after(this.mapScale.element);
    interactive(this.map.canvas, {
      point: (x, y) => this.preview(this.under(x, y)),
      leave: () => this.preview(null),
      press: (x, y) => this.choose(this.under(x, y)),
      key: (key) => this.key(key)
    });
    return this.map.element;
  }
  buildImage() {
    this.image = new Panel();
    this.heat = el("canvas", { class: "cw-heat", "aria-hidden": "true" });
    this.box = el("div", { class: "cw-reach", hidden: "" });
    this.image.frame.append(this.heat, this.box);
    interactive(this.image.canvas, { press: (x, y) => this.lookAt(x, y) });
    this.heatScale = new Scale();
    this.heatScale.paint(this.colours);
    this.image.caption.after(this.heatScale.element);
    this.image.element.classList.add("cw-grow");
    this.image.element.title = "how strongly each pixel changes the value";
    return this.image.element;
  }
  // --- What the kernel sends ---
  show(view) {
    this.view = view;
    this.layers = this.model.get("layers");
    this.layer = this.layers.find(({ name }) => name === view.layer);
    this.frame.update(view, { ...this.frame.commonOptions(), ...this.options() });
    const show = this.model.get("show");
    this.views.value = show;
    this.root.classList.toggle("cw-comparing", show === "stacks");
    this.stacks.show(this.model.get("stacks"));
    this.table.show(this.layers, view.layer);
    this.paintMap();
    this.paintImage();
    if (!this.frame.pending(view) || !this.unit) this.unit = this.shown();
    this.place(this.unit);
  }
  options() {
    const { channels, flat } = this.view;
    const name = flat ? "unit" : "channel";
    const numbers = Array.from({ length: channels }, (_, i) => pair(String(i), `${name} ${i}`));
    return {
      layer: this.layers.map(({ name: name2, row }) => pair(name2, `${name2} · ${row[5].replaceAll("×", " × ")}`)),
      channel: flat ? numbers : [pair("-1", `mean of all ${channels}`), ...numbers]
    };
  }
  /** The unit that the kernel's answer is about. */
  shown() {
    const { flat, row, column, channel } = this.view;
    if (!flat) return { row, column };
    return { row: Math.floor(channel / this.columns), column: channel % this.columns };
  }
  paintMap() {
    const { view } = this;
    [this.rows, this.columns] = view.map;
    this.units = this.rows * this.columns;
    if (view.flat) {
      this.columns = this.units <= 16 ? this.units : Math.ceil(Math.sqrt(this.units));
      this.rows = Math.ceil(this.units / this.columns);
    }
    const mean = `mean of ${view.channels} channels`;
    const which = view.flat ? `${this.units} units` : view.channel < 0 ? mean : `channel ${view.channel}`;
    const text = `Layer ${view.layer} of ${view.title} (${view.status}) for ${view.image}: ${which}`;
    const { ends, colours } = scaleOf(view, this.mapColours);
    const painted = onScale(floatsOf(this.model, "map"), ends, colours);
    this.map.paint(new Grid(1, this.rows, this.columns), () => painted, text);
    this.map.caption.textContent = `${view.layer}, ${which}`;
    this.mapScale.paint(colours);
    this.mapScale.show(ends);
  }
  paintImage() {
    const { input: shape, top } = this.view;
    const [, height, width] = shape;
    const pixels = coloursOf(bytesOf(this.model, "pixels"));
    this.image.paint(new Grid(1, height, width), () => pixels, "");
    const gradient = floatsOf(this.model, "heat");
    const scale = { low: 0, high: top };
    const painted = onScale(gradient, scale, this.colours).map((colour, i) => gradient[i] > 0 ? colour : 0);
    paint(this.heat, painted, height, width);
    this.heatScale.show(scale);
    this.heatScale.high.append("+");
  }
  // --- Choosing a unit: the box needs no kernel, the gradient does ---
  number({ row, column }) {
    return row * this.columns + column;
  }
  /** The unit at a place of the map; null where there is none. */
  under(x, y) {
    const unit = { row: clamp(Math.floor(y), this.rows), column: clamp(Math.floor(x), this.columns) };
    return this.number(unit) < this.units ? unit : null;
  }
  preview(unit) {
    this.readout.setAttribute("aria-live", "off");
    this.place(unit ?? this.unit);
  }
  choose(unit) {
    if (!unit || this.number(unit) >= this.units) return;
    this.unit = unit;
    this.place(unit);
    this.frame.ask(this.view.flat ? { channel: this.number(unit) } : unit);
  }
  key(key) {
    const step = ARROWS[key];
    if (!step) return false;
    this.readout.setAttribute("aria-live", "polite");
    const [row, column] = [this.unit.row + step[0], this.unit.column + step[1]];
    const unit = { row: clamp(row, this.rows), column: clamp(column, this.columns) };
    if (this.number(unit) !== this.number(this.unit)) this.choose(unit);
    return true;
  }
  /** A click into the image: the unit that looks there. */
  lookAt(x, y) {
    const { rows, columns } = this.layer;
    if (this.view.flat || !rows) return;
    const [, height, width] = this.view.input;
    this.choose({ row: nearestUnit(rows, y, height), column: nearestUnit(columns, x, width) });
  }
  /** Another layer: its unit that looks at the same place of the image. */
  chooseLayer(name) {
    const { rows, columns } = this.layers.find((layer) => layer.name === name);
    const [, height, width] = this.view.input;
    const unit = { row: -1, column: -1 };
    if (rows && this.layer.rows && !this.view.flat) {
      unit.row = nearestUnit(rows, middle(this.layer.rows, this.unit.row), height);
      unit.column = nearestUnit(columns, middle(this.layer.columns, this.unit.column), width);
    }
    this.frame.ask({ layer: name, ...unit, channel: -1 });
  }
  /** Mark a unit, the box of what can reach it, and say both. */
  place(unit) {
    const { view } = this;
    const here = { left: unit.column, top: unit.row, width: 1, height: 1 };
    mark(this.map.mark, here, this.columns, this.rows);
    const [, height, width] = view.input;
    const box = boxOf(this.layer, view.flat ? { row: 0, column: 0 } : unit);
    mark(this.box, box, width, height);
    for (const side of SIDES) this.box.classList.toggle(`cw-cut-${side}`, Boolean(box?.cut[side]));
    const stale = this.number(unit) !== this.number(this.shown());
    this.root.classList.toggle("cw-stale", stale);
    this.fade();
    const words = `${this.words(unit)}: ${inWords(this.layer, box)}.`;
    this.readout.textContent = stale ? words : `${words} ${view.effect}`;
    this.image.caption.textContent = `${view.image}, ${times(view.input)}: influence`;
    const status = `${view.image} as ${view.title} (${view.status}) sees it`;
    this.image.canvas.setAttribute("aria-label", `${status}; ${view.layer}, ${this.readout.textContent}`);
  }
  words(unit) {
    if (!this.view.flat) return `Row ${unit.row}, column ${unit.column}`;
    const number = this.number(unit);
    return number === this.view.channel ? this.view.unit.replace(/^u/, "U") : `Unit ${number}`;
  }
  fade() {
    const stale = this.root.classList.contains("cw-stale");
    this.heat.style.opacity = String(Number(this.strength.value) / 100 * (stale ? 0.25 : 1));
  }
};
function instead(select, act) {
  const choose = (event) => {
    event.stopImmediatePropagation();
    act(select.value);
  };
  select.addEventListener("change", choose, { capture: true });
}
var widget_default = {
  render(context) {
    const { frame } = new ReceptiveField(context);
    return () => frame.close();
  }
};
export {
  widget_default as default
};
