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
var GREYS = coloursOf(Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)));
function byLevel(levels, colours) {
  const painted = new Uint32Array(levels.length);
  for (let i = 0; i < painted.length; i++) painted[i] = colours[levels[i]];
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
    const inside2 = next >= 0 && next < this.count;
    return inside2 ? { channel: next, row: y, column: x } : { channel, row, column };
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

// course_utils/widgets/shared/js/pointer.js
function placeOf(element, { clientX, clientY }, width = 1, height = 1) {
  const box = element.getBoundingClientRect();
  return [(clientX - box.left) / box.width * width, (clientY - box.top) / box.height * height];
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

// course_utils/widgets/draw/strokes.js
var CLOSE = 4e-3;
var Strokes = class {
  constructor() {
    this.all = [];
    this.down = false;
    this.pen = [0.5, 0.5];
  }
  /** @param {Point} point */
  begin(point) {
    this.all.push([point]);
    this.down = true;
    this.pen = point;
  }
  /** @param {Point} point */
  go(point) {
    const stroke = this.all[this.all.length - 1];
    const [x, y] = stroke[stroke.length - 1];
    if (Math.hypot(point[0] - x, point[1] - y) < CLOSE) return;
    stroke.push(point);
    this.pen = point;
  }
  lift() {
    this.down = false;
  }
  undo() {
    this.down = false;
    this.all.pop();
  }
  clear() {
    this.down = false;
    this.all = [];
  }
  /** As the kernel gets them: to three digits. */
  copy() {
    return this.all.map((stroke) => stroke.map((point) => point.map((share) => Math.round(share * 1e3) / 1e3)));
  }
};

// course_utils/widgets/draw/widget.js
var PAD = 448;
var STEP = 1 / 28;
var SIDE = 28;
var PACE = 80;
var TELL = "Draw with mouse, finger or pen. Keys: arrows move the pen, Space puts it down and lifts it.";
var Draw = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.strokes = new Strokes();
    this.layers = [];
    this.next = 0;
    this.frame = new Frame(model, root, "draw", { network: "Network" });
    this.colours = coloursOf(bytesOf(model, "colours"));
    this.makeControls();
    this.makePad();
    this.seen = new Panel("What the network gets");
    this.seen.element.classList.add("cw-seen", "cw-grow");
    this.nearest = new Panel("Nearest in MNIST, pixel by pixel");
    this.names = el("div", { class: "cw-names" });
    this.alike = el("section", { class: "cw-nearest" }, this.nearest.element, this.names);
    this.maps = el("div", { class: "cw-maps", role: "group", "aria-label": "Maps of each layer" });
    this.heading = el("h4", {}, "Probabilities");
    this.rows = Array.from({ length: 10 }, (_, digit) => digitRow(digit));
    this.list = el("ol", { class: "cw-digits cw-answer" }, ...this.rows.map(([row]) => row));
    const left = el("section", { class: "cw-grow" }, this.pad, this.hands);
    const switches = [
      el("label", { class: "cw-slider" }, this.centred, "centred as in MNIST"),
      el("label", { class: "cw-slider" }, this.similar, "nearest in MNIST")
    ];
    const middle = el("section", { class: "cw-grow" }, this.maps, this.alike);
    const right = el("section", { class: "cw-grow" }, this.heading, this.list, this.seen.element, ...switches);
    this.frame.body.classList.add("cw-draw", "cw-grow");
    this.frame.body.append(left, middle, right, el("p", { class: "cw-does cw-aside" }, TELL));
    this.frame.views((view) => this.show(view));
    this.frame.listen("change:strokes", () => this.follow());
    this.frame.listen("change:line", () => this.paintPad());
    this.frame.listen("change:kept", () => this.said.textContent = model.get("kept"));
  }
  // --- Controls ---
  makeControls() {
    const { model, frame } = this;
    this.example = list("example", (name) => name && frame.ask({ example: name }));
    fill(this.example, [pair("", "your own"), ...model.get("examples").map((name) => pair(name))]);
    const line = { type: "range", min: 0.03, max: 0.2, step: 0.01, "aria-label": "Line width" };
    this.line = input(line, ({ value }) => frame.ask({ line: Number(value) }), "input");
    this.centred = input({ type: "checkbox" }, ({ checked }) => frame.ask({ centred: checked }));
    this.similar = input({ type: "checkbox" }, ({ checked }) => frame.ask({ nearest: checked }));
    frame.controls.append(labelled("Example", this.example), labelled("Line", this.line));
  }
  makePad() {
    this.canvas = el("canvas", { width: PAD, height: PAD, role: "application" });
    const area = el("div", { class: "cw-area" }, el("div", { class: "cw-frame" }, this.canvas));
    this.pad = el("figure", { class: "cw-pad cw-grow" }, area);
    this.true = list("label", () => {
    });
    fill(
      this.true,
      Array.from({ length: 10 }, (_, digit) => pair(String(digit)))
    );
    this.true.setAttribute("aria-label", "What it is");
    const keep = button("Keep as", () => this.model.send({ keep: Number(this.true.value) }));
    this.said = el("output", {});
    this.hands = el(
      "div",
      { class: "cw-hands" },
      button("Undo", () => this.change(() => this.strokes.undo())),
      button("Clear", () => this.change(() => this.strokes.clear())),
      el("span", { class: "cw-slider" }, keep, this.true),
      this.said
    );
    const place = (event) => inside(placeOf(this.canvas, event));
    listenTo(this.canvas, "pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.change(() => this.begin(place(event)), true);
    });
    listenTo(this.canvas, "pointermove", (event) => {
      if (!this.strokes.down || !event.buttons) return;
      const events = event.getCoalescedEvents?.() ?? [];
      this.change(() => [...events, event].forEach((one) => this.strokes.go(place(one))), true);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      listenTo(this.canvas, end, () => this.strokes.down && this.lift());
    }
    takeKeys(this.canvas, (key) => this.key(key));
  }
  /** A stroke begins; the first of one's own takes the place of an example. */
  begin(point) {
    if (this.model.get("example")) this.strokes.clear();
    this.strokes.begin(point);
  }
  key(key) {
    if (key === " ") {
      const { down, pen } = this.strokes;
      if (down) this.lift();
      else this.change(() => this.begin(pen), true);
      this.said.textContent = `Pen ${down ? "up" : "down"}.`;
    } else if (key === "Backspace") this.change(() => this.strokes.undo());
    else if (ARROWS[key]) {
      const [x, y] = this.strokes.pen;
      const [down, right] = ARROWS[key];
      this.strokes.pen = inside([x + right * STEP, y + down * STEP]);
      if (this.strokes.down) this.change(() => this.strokes.go(this.strokes.pen), true);
      this.paintPad();
    } else return false;
    return true;
  }
  // --- To the kernel: one request at a time while the pen draws, the newest strokes with each ---
  /** Change the strokes, paint them, and have them read. drawing: the pen is down. */
  change(act, drawing = false) {
    act();
    this.paintPad();
    this.changed = true;
    this.drawing = drawing;
    this.send();
  }
  /** The pen goes up: what has been sent already need not be read once more. */
  lift() {
    this.strokes.lift();
    this.drawing = false;
    this.paintPad();
    this.send();
    this.settle();
  }
  /** All is read: now the nearest digits, to find which takes longer than to read one. */
  settle() {
    const { model, strokes, frame } = this;
    if (strokes.down || this.changed || frame.pending(model.get("view"))) return;
    if (model.get("nearest") && model.get("drawing")) frame.ask({ drawing: false });
  }
  send() {
    clearTimeout(this.timer);
    if (!this.changed || this.drawing && this.frame.pending(this.model.get("view"))) return;
    const rest = this.drawing ? this.next - performance.now() : 0;
    if (rest > 0) {
      this.timer = setTimeout(() => this.send(), rest);
      return;
    }
    this.next = performance.now() + PACE;
    this.changed = false;
    if (this.frame.gone) return;
    const drawing = this.drawing || this.model.get("nearest");
    this.ask({ strokes: this.strokes.copy(), drawing, example: "" });
  }
  /** As the frame asks, but JupyterLab does not hold it back while an earlier change is under way. */
  ask(choice) {
    this.frame.wait("Computing…");
    const all = { ...choice, seq: this.frame.asked };
    for (const [name, value] of Object.entries(all)) this.model.set(name, value);
    this.model.send({ set: all });
  }
  /** Strokes that the kernel set: an example, a scene. */
  follow() {
    if (this.strokes.down || this.changed) return;
    this.strokes.all = structuredClone(this.model.get("strokes"));
    this.paintPad();
  }
  // --- What is shown ---
  paintPad() {
    const context = this.canvas.getContext("2d");
    context.fillStyle = "#000";
    context.fillRect(0, 0, PAD, PAD);
    context.strokeStyle = context.fillStyle = "#fff";
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = this.model.get("line") * PAD;
    for (const stroke of this.strokes.all) {
      context.beginPath();
      for (const [x2, y2] of [stroke[0], ...stroke]) context.lineTo(x2 * PAD, y2 * PAD);
      context.stroke();
    }
    if (!this.canvas.matches(":focus-visible")) return;
    const [x, y] = this.strokes.pen;
    context.lineWidth = 3;
    context.strokeStyle = this.strokes.down ? "#ff8a3d" : "#56b4e9";
    context.strokeRect(x * PAD - 9, y * PAD - 9, 18, 18);
  }
  show(view) {
    const { model } = this;
    this.frame.update(view, { network: this.frame.commonOptions().network });
    if (!this.frame.pending(view)) {
      this.example.value = model.get("example");
      this.line.value = model.get("line");
      this.centred.checked = model.get("centred");
      this.similar.checked = model.get("nearest");
      this.follow();
    }
    this.canvas.setAttribute("aria-label", `Pad to draw on. ${view.description}. ${TELL}`);
    const pixels = bytesOf(model, "pixels");
    this.seen.paint(new Grid(1, SIDE, SIDE), () => byLevel(pixels, GREYS), `the network gets ${SIDE} × ${SIDE} pixels`);
    this.showLayers(view);
    this.showShares(view);
    this.showNearest(view);
    this.send();
    this.settle();
  }
  showLayers({ layers }) {
    const names = layers.map(({ name, shape }) => `${name} ${shape}`).join();
    if (names !== this.shown) {
      this.shown = names;
      this.layers = layers.map(({ name, shape }) => layerPanel(name, shape));
      this.maps.replaceChildren(...this.layers.map(({ element }) => element));
      const maps = this.layers.filter(({ grid }) => grid.rows > 1);
      const high = maps.reduce((sum, { grid }) => sum + grid.height / grid.width, 0);
      this.maps.style.setProperty("--high", String(high || 0.01));
      this.maps.style.setProperty("--layers", String(layers.length));
    }
    const levels = bytesOf(this.model, "maps");
    let from = 0;
    for (const { panel, grid, text } of this.layers) {
      const size = grid.rows * grid.columns;
      const start = from;
      const part = (tile) => levels.subarray(start + tile * size, start + (tile + 1) * size);
      panel.paint(grid, (tile) => byLevel(part(tile), this.colours), text);
      from += grid.count * size;
    }
  }
  showShares({ shares, empty, trained }) {
    const best = shares.indexOf(Math.max(...shares));
    this.root.classList.toggle("cw-random", !trained);
    shares.forEach((share, digit) => {
      const [row, bar, text] = this.rows[digit];
      bar.style.setProperty("--share", String(empty ? 0 : share));
      text.textContent = empty ? "" : `${Math.round(100 * share)} %`;
      row.setAttribute("aria-current", String(!empty && digit === best));
    });
  }
  showNearest({ labels }) {
    this.alike.hidden = !labels.length;
    if (!labels.length) return;
    const pixels = bytesOf(this.model, "neighbours");
    const size = SIDE * SIDE;
    const tile = (i) => byLevel(pixels.subarray(i * size, (i + 1) * size), GREYS);
    const text = `digits of MNIST most like yours, pixel by pixel: ${labels.join(", ")}`;
    this.nearest.paint(new Grid(labels.length, SIDE, SIDE, labels.length, 2), tile, text);
    this.names.replaceChildren(...labels.map((label) => el("span", {}, String(label))));
  }
};
var inside = ([x, y]) => [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
function digitRow(digit) {
  const [bar, text] = [el("span", { class: "cw-bar" }), el("span", { class: "cw-share" })];
  return [el("li", {}, String(digit), bar, text), bar, text];
}
function layerPanel(name, [channels, rows, columns]) {
  const units = rows * columns === 1;
  const across = units ? channels : Math.min(channels, 8);
  const grid = new Grid(channels, rows, columns, across, units ? 0 : 1);
  const panel = new Panel(name);
  panel.element.title = `${name}: ${times([channels, rows, columns])}; white is 0, red above, blue below`;
  const element = el("div", { class: units ? "cw-layer cw-units" : "cw-layer" }, panel.element);
  return { panel, grid, element, text: `${name}, ${times([channels, rows, columns])}` };
}
var widget_default = {
  render(context) {
    const { frame } = new Draw(context);
    return () => frame.close();
  }
};
export {
  widget_default as default
};
