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

// course_utils/widgets/shared/js/tabs.js
var Tabs = class {
  /**
   * @param {HTMLElement} root of the widget
   * @param {string} label what the tabs are for
   * @param {Record<string, HTMLElement>} panels {name: part}; the first is shown
   */
  constructor(root, label, panels) {
    this.panels = panels;
    this.names = Object.keys(panels);
    this.tabs = this.names.map((name) => button(name, () => this.show(name), { role: "tab" }));
    this.element = el("div", { class: "cw-tabs", role: "tablist", "aria-label": label }, ...this.tabs);
    for (const [i, tab] of this.tabs.entries()) {
      const panel = panels[this.names[i]];
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-label", this.names[i]);
      takeKeys(tab, (key) => this.step(i, key));
    }
    this.show(this.names[0]);
    listenTo(root, "cw-keep", ({ detail }) => detail.tab = this.shown);
    listenTo(root, "cw-recall", ({ detail }) => detail?.tab in panels && this.show(detail.tab));
  }
  /** @param {string} name */
  show(name) {
    this.shown = name;
    this.names.forEach((other, i) => {
      this.panels[other].hidden = other !== name;
      this.tabs[i].setAttribute("aria-selected", String(other === name));
    });
  }
  /**
   * @param {number} from
   * @param {string} key
   */
  step(from, key) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!by) return false;
    const to = (from + by + this.tabs.length) % this.tabs.length;
    this.show(this.names[to]);
    this.tabs[to].focus();
    return true;
  }
};

// course_utils/widgets/browse/draws.js
var Draws = class {
  /** @param {Frame} frame */
  constructor(frame) {
    this.model = frame.model;
    this.padding = input({ type: "range", name: "padding", min: 0 }, () => this.ask(frame), "input");
    this.pixels = el("output", {});
    const again = button("Draw again", () => frame.ask({ draw: this.model.get("draw") + 1 }));
    this.list = el("ol", { class: "cw-draws" });
    this.element = el(
      "section",
      { class: "cw-augmented" },
      el(
        "div",
        { class: "cw-caption" },
        el("h4", {}, "Augmentation"),
        el("label", { class: "cw-slider" }, "Padding", this.padding, this.pixels),
        again
      ),
      this.list
    );
  }
  ask(frame) {
    this.say();
    frame.ask({ padding: Number(this.padding.value) });
  }
  say() {
    const { value } = this.padding;
    this.pixels.textContent = `${value} pixel${value === "1" ? "" : "s"}`;
  }
  /** current: does the view know the last request? Else the slider stays where it is. */
  show({ changes, side, widest }, current) {
    const [rows, columns] = side;
    const size = rows * columns;
    const colours = coloursOf(bytesOf(this.model, "draws"));
    if (this.list.children.length !== changes.length) this.list.replaceChildren(...changes.map(draw));
    [...this.list.children].forEach((item, i) => {
      const [canvas, signs, mirrored] = (
        /** @type {any} */
        item.children
      );
      canvas.setAttribute("aria-label", `draw ${i + 1}: ${changes[i].words}`);
      paint(canvas, colours.subarray(i * size, (i + 1) * size), rows, columns);
      signs.textContent = changes[i].signs;
      mirrored.textContent = changes[i].mirrored ? "mirrored" : "";
    });
    this.padding.max = widest;
    if (current) this.padding.value = this.model.get("padding");
    this.say();
  }
};
var draw = () => el("li", {}, el("canvas", { role: "img" }), el("span", {}), el("span", {}));

// course_utils/widgets/browse/pairs.js
var Pairs = class {
  /** @param {Frame} frame */
  constructor(frame) {
    this.frame = frame;
    this.line = el("h4", {});
    this.note = el("p", { class: "cw-warning" });
    this.again = button("Ask again", () => this.askAgain());
    this.whole = button("All images", () => frame.ask({ pair: "" }));
    this.list = el("ol", { class: "cw-pairs cw-answer cw-scrolls", "aria-label": "Most confused pairs" });
    this.element = el(
      "section",
      { class: "cw-confused" },
      el("div", { class: "cw-caption" }, this.line, el("span", {}, this.whole, " ", this.again)),
      this.note,
      this.list
    );
  }
  askAgain() {
    const { frame } = this;
    frame.wait("Asking…");
    frame.set({ seq: frame.asked });
    frame.model.send({ do: "look" });
  }
  show({ line, note, pairs, again }) {
    this.line.textContent = pairs.length ? `Most confused by ${line}` : line;
    this.note.textContent = note;
    this.note.hidden = !note;
    this.again.hidden = !again;
    this.whole.hidden = !this.chosen;
    this.pairs = pairs;
    const same = pairs.length === this.list.children.length;
    if (!same) this.list.replaceChildren(...pairs.map((_, i) => el("li", {}, this.choice(i))));
    this.list.querySelectorAll("button").forEach((choice, i) => this.showPair(choice, pairs[i]));
  }
  get chosen() {
    return this.frame.model.get("pair");
  }
  showPair(choice, { name, text, share }) {
    const [label, count, bar] = (
      /** @type {any} */
      choice.children
    );
    choice.setAttribute("aria-pressed", String(name === this.chosen));
    label.textContent = name;
    count.textContent = text;
    bar.style.setProperty("--share", share);
  }
  /** A pair that one can choose; once more, and all images are back. */
  choice(i) {
    const choice = button("", () => {
      const { name } = this.pairs[i];
      this.frame.ask({ pair: name === this.chosen ? "" : name });
    });
    choice.append(...["cw-label", "cw-share", "cw-bar"].map((name) => el("span", { class: name })));
    return choice;
  }
};

// course_utils/widgets/browse/widget.js
var HINT = "Point at an image. Click or arrow keys: large. Page Up, Page Down: another page.";
var Browse = class {
  /** @param {Context} context */
  constructor({ model, el: root }) {
    this.model = model;
    this.frame = new Frame(model, root, "browse", { split: "Images", chosen: "Class", network: "Network" });
    this.frame.controls.append(this.turns());
    this.at = model.get("place");
    this.large = new Panel();
    this.classes = new Classes();
    this.draws = new Draws(this.frame);
    this.pairs = new Pairs(this.frame);
    this.frame.body.classList.add("cw-browse");
    this.large.element.classList.add("cw-grow");
    this.tabs = new Tabs(root, "Below the page", { Augmentation: this.draws.element, Confused: this.pairs.element });
    this.tabs.element.hidden = true;
    const below = el("div", { class: "cw-more" }, this.tabs.element, this.draws.element, this.pairs.element);
    this.frame.body.append(
      el("div", { class: "cw-grow" }, this.page(), below),
      el("section", { class: "cw-single cw-grow" }, this.large.element, this.classes.element)
    );
    root.addEventListener("cw-keep", ({ detail }) => detail.place = this.at);
    root.addEventListener("cw-recall", ({ detail }) => this.move(detail.place ?? this.at));
    this.frame.views((view) => this.show(view));
  }
  // --- What it is made of ---
  turns() {
    this.back = button("‹ Back", () => this.turn(-1));
    this.next = button("Next ›", () => this.turn(1));
    this.number = el("span", { role: "status" });
    return el("div", { class: "cw-turns" }, this.back, this.number, this.next);
  }
  page() {
    this.all = new Panel();
    this.tile = el("div", { class: "cw-mark", hidden: "" });
    this.chosen = el("div", { class: "cw-chosen", hidden: "" });
    this.all.frame.append(this.chosen, this.tile);
    this.readout = el("output", { class: "cw-readout" });
    this.all.element.append(this.readout);
    this.all.element.classList.add("cw-page", "cw-grow");
    this.all.whenResized(() => this.view && this.arrange());
    interactive(this.all.canvas, {
      point: (x, y) => this.point(this.tileAt(x, y)),
      leave: () => this.point(-1),
      press: (x, y) => {
        const tile = this.tileAt(x, y);
        if (tile >= 0) this.move(this.view.first + tile);
      },
      key: (key) => this.key(key)
    });
    return this.all.element;
  }
  // --- Moving ---
  /** The image at a pixel of the page; −1: none. */
  tileAt(x, y) {
    const tile = this.grid.at(x, y)?.channel ?? -1;
    return tile < this.view.indices.length ? tile : -1;
  }
  turn(pages) {
    this.move((Math.floor(this.at / this.grid.count) + pages) * this.grid.count);
  }
  /** Make another image large: at once if the page has it. */
  move(place) {
    const { count } = this.view;
    if (!count) return;
    this.at = clamp(place, count);
    this.showLarge();
    if (this.at !== this.model.get("place")) this.frame.ask({ place: this.at });
  }
  key(key) {
    const { first, indices } = this.view;
    const { across, count } = this.grid;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, PageUp: -count, PageDown: count };
    const to = { Home: first, End: first + indices.length - 1 }[key] ?? this.at + by[key];
    if (Number.isNaN(to)) return false;
    this.move(to);
    return true;
  }
  /** Mark what is under the pointer, and say what it is. */
  point(tile) {
    this.under = tile;
    mark(this.tile, tile >= 0 && this.grid.box(tile), this.grid.width, this.grid.height);
    this.readout.textContent = tile >= 0 ? this.name(tile) : HINT;
  }
  name(tile) {
    const { name, indices, labels } = this.view;
    return `${name}[${indices[tile]}]: ${labels[tile]}`;
  }
  // --- What the kernel sends ---
  show(view) {
    this.view = view;
    const current = !this.frame.pending(view);
    if (current) this.at = this.model.get("place");
    this.frame.update(view, {
      split: Object.entries(view.splits),
      chosen: view.choices.map((name) => pair(name)),
      network: this.frame.commonOptions().network
    });
    this.frame.badge.hidden = true;
    this.showPage();
    this.showLarge();
    this.showClasses(view.best);
    this.draws.show(view, current);
    this.pairs.show(view);
    const asked = Boolean(view.line);
    if (asked === this.tabs.element.hidden) this.tabs.show(asked ? "Confused" : "Augmentation");
    this.tabs.element.hidden = !asked;
    this.point(this.under < view.indices.length ? this.under : -1);
  }
  showPage() {
    const { first, columns, rows, pages, side, gap, description, title } = this.view;
    const [height, width] = side;
    this.grid = this.all.tiles([columns * rows, height, width], columns, gap);
    this.pixels = coloursOf(bytesOf(this.model, "pixels"));
    this.all.paint(this.grid, (tile) => this.colours(tile), description);
    this.all.caption.textContent = title;
    const number = first / this.grid.count + 1;
    this.back.disabled = first === 0;
    this.next.disabled = number >= pages;
    this.number.textContent = `page ${number.toLocaleString("en")} of ${pages.toLocaleString("en")}`;
  }
  /** The room has changed. */
  arrange() {
    this.showPage();
    this.showLarge();
    this.point(this.under);
  }
  /** The colours of one image; nothing after the last one. */
  colours(tile) {
    const size = this.grid.rows * this.grid.columns;
    return this.pixels.subarray(tile * size, (tile + 1) * size);
  }
  showLarge() {
    const tile = this.at - this.view.first;
    const here = tile >= 0 && tile < this.view.indices.length;
    mark(this.chosen, here && this.grid.box(tile), this.grid.width, this.grid.height);
    if (!here) return;
    const { rows, columns } = this.grid;
    this.large.show(columns, rows, `${this.name(tile)}, large`);
    this.large.caption.textContent = this.name(tile);
    paint(this.large.canvas, this.colours(tile), rows, columns);
  }
  showClasses(best) {
    this.classes.element.hidden = !best;
    if (best) this.classes.show({ ...best, trained: true });
    if (best && !best.outputs) this.classes.heading.textContent = "It was not asked about this one";
  }
};
var widget_default = {
  /** @param {Context} context */
  render(context) {
    const browse = new Browse(context);
    return () => browse.frame.close();
  }
};
export {
  widget_default as default
};
