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
function button(text2, press, attributes = {}) {
  const element = el("button", { type: "button", ...KEEP_KEYS, ...attributes }, text2);
  element.addEventListener("click", press);
  return element;
}
function fileButton(text2, take, kind = {}, attributes = {}) {
  const chooser = el("input", { ...kind, type: "file", hidden: "" });
  chooser.addEventListener("change", () => {
    const files = [...chooser.files ?? []];
    chooser.value = "";
    if (files.length) take(files);
  });
  return el(
    "span",
    {},
    button(text2, () => chooser.click(), attributes),
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
function labelled(text2, control) {
  return el("label", { class: "cw-choice" }, el("span", {}, text2), control);
}
function fill(select, options) {
  const same = select.length === options.length && options.every(([value, text2], i) => select.options[i].value === value && select.options[i].text === text2);
  if (!same) select.replaceChildren(...options.map(([value, text2]) => new Option(text2, value)));
}
var pair = (value, text2 = value) => [value, text2];
function listenTo(element, event, act) {
  element.addEventListener(event, act);
  return () => element.removeEventListener(event, act);
}
var times = (numbers) => [...numbers].join(" × ");
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  const text2 = value === 0 ? "0" : String(Number(value.toPrecision(digits)));
  return text2.replace("-", "−");
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
function byLevel(levels, colours) {
  const painted = new Uint32Array(levels.length);
  for (let i = 0; i < painted.length; i++) painted[i] = colours[levels[i]];
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
  wait(text2) {
    if (this.gone) return;
    this.asked = Math.max(this.asked, this.model.get("seq") ?? 0) + 1;
    clearTimeout(this.timer);
    this.root.setAttribute("aria-busy", "true");
    this.timer = setTimeout(() => {
      this.waiting.textContent = text2;
      this.timer = setTimeout(() => {
        this.waiting.textContent = `${text2} No answer yet: is the kernel busy, or gone? Then run the cell again.`.trim();
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
  showError(text2) {
    this.alert.textContent = text2;
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
      const panel2 = panels[this.names[i]];
      panel2.setAttribute("role", "tabpanel");
      panel2.setAttribute("aria-label", this.names[i]);
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

// course_utils/widgets/train/runs.js
function withPoints(runs, told, bytes) {
  const values = new Float32Array(bytes.slice().buffer);
  const known = /* @__PURE__ */ new Map();
  let place = 0;
  for (const facts of told) {
    const { points, checks } = runs.get(facts.number) ?? { points: [], checks: [] };
    for (const [i, kept] of [points, checks].entries()) {
      if (kept.length < facts.from[i]) return null;
      kept.length = facts.from[i];
      for (let n = facts.from[i]; n < facts.to[i]; n++) kept.push(values.subarray(place, place += 4));
    }
    known.set(facts.number, { ...facts, points, checks });
  }
  const earlier = [...runs].filter(([number, run]) => run.earlier && !known.has(number));
  return new Map([...earlier, ...known]);
}
var present = (runs) => [...runs.values()].filter((run) => !run.earlier);
function thinned(points, width) {
  const each = Math.ceil(points.length / (width / 2));
  if (each < 2) return points;
  const groups = [];
  for (let i = 0; i < points.length; i += each) {
    const group = points.slice(i, i + each);
    groups.push([0, 1, 2, 3].map((k) => group.reduce((sum, point) => sum + point[k], 0) / group.length));
  }
  return groups;
}
function ticks(high) {
  const rough = high / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}
function duration(seconds) {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

// course_utils/widgets/train/chart.js
var STEPS = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 };
var Chart = class {
  /**
   * value: which number of a point, from 0; format: of the numbers at the axis; moved: is called
   * when the cursor is.
   */
  constructor(title, value, format, moved) {
    Object.assign(this, { title, value, format, moved, cursor: null });
    this.svg = svg("svg", { class: "cw-chart", role: "img" });
    this.element = el("figure", {}, el("figcaption", {}, title), this.svg);
    const point = (event) => {
      const [x] = placeOf(this.svg, event, this.svg.clientWidth);
      this.place((x - this.left) / (this.right - this.left));
    };
    follow(this.svg, point, () => this.place(null));
    this.svg.addEventListener("blur", () => this.place(null));
    takeKeys(this.svg, (key) => {
      if (key in STEPS) this.place((this.cursor ?? 0.5) + STEPS[key]);
      return key in STEPS;
    });
  }
  /** Put the cursor at a share (0..1) of the axis; null: away. */
  place(share) {
    this.cursor = share === null ? null : Math.max(0, Math.min(1, share));
    this.moved();
  }
  draw({ runs, now, x, guess, epochs, cursor, words }) {
    const [width, height] = [this.svg.clientWidth, this.svg.clientHeight];
    if (!width) return;
    this.em = parseFloat(getComputedStyle(this.svg).fontSize);
    [this.left, this.right] = [3.8 * this.em, width - 0.8 * this.em];
    [this.top, this.bottom] = [0.5 * this.em, height - 2.4 * this.em];
    this.x = x;
    const shown = now.length ? now : runs;
    const epochsShown = Math.max(...shown.map((run) => run.epochs), shown.length ? 0 : epochs);
    const ends = shown.map((run) => (run.points.at(-1)?.[1] ?? 0) + run.left);
    this.width = x === "seconds" ? Math.max(1, ...ends) : epochsShown;
    this.high = this.value === 3 ? 1 : this.highest(runs, guess);
    const lines = runs.flatMap((run) => this.lines(run, look(run, now)));
    this.svg.setAttribute("aria-label", `${this.title} against ${x === "seconds" ? "seconds" : "epochs"}. ${words}`);
    this.svg.replaceChildren(...this.axes(guess), ...lines, ...this.cursorAt(cursor));
  }
  /** Pixels of a value on the axis below, and on the axis at the left. */
  px(value) {
    return this.left + (this.right - this.left) * value / this.width;
  }
  py(value) {
    return this.bottom - (this.bottom - this.top) * Math.min(value, this.high) / this.high;
  }
  across(name, value) {
    const y = this.py(value);
    return svg("line", { class: name, x1: this.left, x2: this.right, y1: y, y2: y });
  }
  axes(guess) {
    const { em, left, right, bottom } = this;
    const rows = ticks(this.high).flatMap((tick) => [
      this.across("cw-grid", tick),
      text(left - 0.4 * em, this.py(tick) + 0.35 * em, this.format(tick), "end")
    ]);
    return [
      ...rows,
      ...ticks(this.width).map((tick) => text(this.px(tick), bottom + 1.2 * em, short(tick), "middle")),
      text(right, bottom + 2.2 * em, this.x === "seconds" ? "seconds of its own" : "epochs", "end"),
      this.across("cw-guess", guess),
      text(right, this.py(guess) + (this.py(guess) < this.top + em ? 1.1 : -0.3) * em, "guessing", "end")
    ];
  }
  /** Where a point of a run is on the axis below. */
  along(run, point) {
    return this.x === "seconds" ? point[1] : point[0] / run.epochLength;
  }
  /** A thin line for the training; a line with dots for the validation, as long as they are few. */
  lines(run, kind) {
    const width = this.right - this.left;
    const line = (points, what) => {
      const places = thinned(points, width).filter((point) => Number.isFinite(point[this.value])).map((point) => [this.px(this.along(run, point)), this.py(point[this.value])].map((v) => v.toFixed(1)));
      if (!places.length) return [];
      const dots = what === "cw-validation" && places.length <= 30 ? places : [];
      return [
        svg("polyline", { class: `${what} ${kind}`, points: places.join(" ") }),
        ...dots.map(([cx, cy]) => svg("circle", { class: kind, cx, cy, r: 0.28 * this.em }))
      ];
    };
    return [...line(run.points, "cw-training"), ...line(run.checks, "cw-validation")];
  }
  cursorAt(share) {
    if (share === null) return [];
    const x = this.px(share * this.width);
    return [svg("line", { class: "cw-cursor", x1: x, x2: x, y1: this.top, y2: this.bottom })];
  }
  /** The top of the axis: what is learned must be seen, also beside a loss that exploded. */
  highest(runs, guess) {
    const all = runs.flatMap((run) => [...run.points, ...run.checks].map((point) => point[2]));
    const most = all.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), guess);
    return Math.min(1.05 * most, 3 * guess);
  }
  /** What all runs had reached at a share (0..1) of the axis. */
  read(runs, share) {
    const at = share * this.width;
    const words = runs.flatMap((run) => {
      const point = run.points.findLast((p) => this.along(run, p) <= at);
      const check = run.checks.findLast((p) => this.along(run, p) <= at);
      const validated = check ? `, validation ${reached(check)}` : "";
      return point ? [`${run.name}: ${reached(point)}${validated}`] : [];
    });
    return `${this.x === "seconds" ? "second" : "epoch"} ${short(at)}: ${words.join(" · ") || "nothing yet"}`;
  }
};
var reached = (point) => `${point[2].toFixed(2)}, ${(100 * point[3]).toFixed(1)} %`;
function text(x, y, content, anchor) {
  return svg("text", { x, y, "text-anchor": anchor }, content);
}
function look(run, now) {
  return run.earlier ? `cw-past cw-past${run.number % 4}` : `cw-run${now.indexOf(run)}`;
}

// course_utils/widgets/train/curves.js
var HINT = "Thin lines: training. Lines with dots: validation.";
var Curves = class {
  constructor() {
    const draw = () => this.last && this.draw(this.last);
    this.axis = list("axis", draw);
    fill(this.axis, [pair("images", "epochs"), pair("seconds")]);
    const percent = (value) => `${Math.round(100 * value)} %`;
    this.charts = [new Chart("Loss", 2, short, draw), new Chart("Accuracy", 3, percent, draw)];
    this.readout = el("output", { class: "cw-readout" });
    this.rows = el("tbody", {});
    this.against = labelled("Against", this.axis);
    const charts = this.charts.map((chart) => chart.element);
    this.element = el("section", { class: "cw-charts", "aria-label": "Curves" }, ...charts);
    this.table = el("table", { class: "cw-table cw-runs" }, heads(), this.rows);
    this.resized = new ResizeObserver(draw);
    this.resized.observe(this.charts[0].svg);
  }
  close() {
    this.resized.disconnect();
  }
  /** guess: loss and accuracy of a network that guesses; words: the alternative text. */
  draw(shown) {
    this.last = shown;
    const { runs, now, guess } = shown;
    const cursor = this.charts.map((chart) => chart.cursor).find((place) => place !== null) ?? null;
    for (const [i, chart] of this.charts.entries()) {
      chart.draw({ ...shown, x: this.axis.value, guess: guess[i], cursor });
    }
    const earlier = runs.filter((run) => run.earlier).reverse();
    this.rows.replaceChildren(...[...now, ...earlier].map((run) => row(run, look(run, now))));
    this.readout.textContent = cursor === null ? HINT : this.charts[0].read(runs, cursor);
  }
};
function heads() {
  const head = (text2, more) => el("th", { scope: "col", class: "cw-number", ...more }, text2);
  const both = { rowspan: 2 };
  const two = { colspan: 2, scope: "colgroup" };
  const top = [head("network", { ...both, class: "" }), head("epochs", both), head("seconds", both)];
  const below = ["loss", "accuracy", "loss", "accuracy"].map((text2) => head(text2));
  return el("thead", {}, el("tr", {}, ...top, head("training", two), head("validation", two)), el("tr", {}, ...below));
}
function row(run, kind) {
  const [point, check] = [run.points.at(-1), run.checks.at(-1)];
  const last = [point, check].flatMap(
    (values) => values ? [values[2].toFixed(2), `${(100 * values[3]).toFixed(1)} %`] : ["–", "–"]
  );
  const cells = [(run.images / run.epochLength).toFixed(2), (point?.[1] ?? 0).toFixed(1), ...last];
  const name = el("th", { scope: "row" }, swatch(kind), run.name);
  return el("tr", {}, name, ...cells.map((text2) => el("td", { class: "cw-number" }, text2)));
}
function swatch(kind) {
  const line = svg("line", { class: `cw-validation ${kind}`, x1: 0, x2: 28, y1: 6, y2: 6 });
  return svg("svg", { class: "cw-swatch", viewBox: "0 0 28 12", "aria-hidden": "true" }, line);
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
  show(width, height, text2) {
    resize(this.canvas, width, height);
    this.canvas.setAttribute("aria-label", text2);
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
  paint(grid, colours, text2) {
    this.grid = grid;
    this.canvas.dataset.across = String(grid.across);
    this.show(grid.width, grid.height, text2);
    grid.paint(this.canvas, colours);
  }
};
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

// course_utils/widgets/train/inside.js
var Inside = class {
  /** colours: of feature maps; ask({trait: value}) and look(): the user wants to see something. */
  constructor(colours, ask, look2) {
    this.colours = colours;
    this.watched = list("watched", (value) => ask({ watched: Number(value) }));
    this.layer = list("layer", (value) => ask({ layer: value }));
    const turn = (text2, by, label) => button(text2, () => ask({ image: clamp(this.image + by, this.images) }), {
      title: label,
      "aria-label": label
    });
    this.back = turn("‹", -1, "Image before");
    this.next = turn("›", 1, "Next image");
    this.which = el("span", {});
    this.choice = labelled("Look into", this.watched);
    const image = { class: "cw-turn", role: "group", "aria-label": "Image" };
    this.controls = el(
      "div",
      { class: "cw-look" },
      this.choice,
      labelled("Layer", this.layer),
      el("div", image, this.back, this.which, this.next)
    );
    this.element = this.panels();
    this.mistakes = this.wrong(button("Look at the mistakes now", look2));
  }
  panels() {
    this.seen = panel("cw-image");
    this.kernels = panel("cw-kernels");
    this.maps = panel("cw-maps");
    this.scale = new Scale();
    this.maps.caption.after(this.scale.element);
    return el(
      "section",
      { class: "cw-inside", "aria-label": "Inside" },
      this.seen.element,
      this.kernels.element,
      this.maps.element
    );
  }
  /** @param {HTMLElement} look */
  wrong(look2) {
    this.confusion = el("table", { class: "cw-table cw-confusion" });
    this.worst = panel("cw-worst", "The mistakes that it is surest of");
    this.names = el("ol", {});
    this.worst.element.append(this.names);
    const scrolled = el(
      "div",
      { class: "cw-scrolls", tabindex: "0", "aria-label": "Confusion", ...KEEP_KEYS },
      this.confusion
    );
    return el("section", { class: "cw-mistakes" }, el("div", {}, look2, scrolled), this.worst.element);
  }
  /** names: the networks that one can look into. */
  show(content, [image, maps, kernels], names, watched) {
    this.showControls(content, names, watched);
    const [height, width] = content.side;
    const said = content.said ? `; it says ${content.said}` : "";
    this.seen.show(width, height, `Validation image ${content.image + 1}: ${content.label}${said}`);
    this.seen.caption.textContent = `${content.label}${said}`;
    paint(this.seen.canvas, coloursOf(image), height, width);
    this.showKernels(content, kernels);
    this.showMaps(content, maps);
  }
  showControls({ image, images, layer, layers }, names, watched) {
    [this.image, this.images] = [image, images];
    fill(
      this.watched,
      names.map((name, i) => pair(String(i), name))
    );
    this.watched.value = watched;
    this.choice.hidden = this.watched.length < 2;
    fill(
      this.layer,
      layers.map(({ name, text: text2 }) => pair(name, text2))
    );
    this.layer.value = layer;
    this.which.textContent = `image ${image + 1} of ${images}`;
    this.back.disabled = image === 0;
    this.next.disabled = image === images - 1;
  }
  showMaps({ maps: { shape, across, gap, low, high }, layer, name }, levels) {
    this.maps.caption.textContent = `What ${layer} makes of it: ${times(shape)}`;
    const scale = scaleOf({ low, high }, this.colours);
    const colours = byLevel(levels, scale.colours);
    const words = `${shape[0]} feature maps of layer ${layer} of ${name}, values ${short(low)} to ${short(high)}`;
    tiles(this.maps, shape, across, gap, colours, words);
    this.scale.paint(scale.colours);
    this.scale.show(scale.ends);
  }
  showKernels({ kernels, layer, name }, rgb) {
    this.kernels.element.hidden = !kernels;
    if (!kernels) return;
    const { shape, shown, across, limit } = kernels;
    const coloured = shape[1] === 3;
    const some = coloured || shown[0] === shape[0] * shape[1] ? "" : `, ${shown[0]} of them`;
    const key = coloured ? "grey is 0" : "white is 0";
    const range = `−${short(limit)} to ${short(limit)}`;
    this.kernels.caption.textContent = `Kernels: ${times(shape)}${some}. ${range}, ${key}`;
    tiles(this.kernels, shown, across, 1, coloursOf(rgb), `Kernels of layer ${layer} of ${name}, weights ${range}`);
  }
  showMistakes({ name, classes, counts, right, total, worst, side }, [rgb]) {
    const caption = el("caption", {}, `${name}: ${right} of ${total} validation images right`);
    const heads2 = classes.map((text2) => el("th", { scope: "col" }, el("span", {}, text2)));
    const top = el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "true"), ...heads2));
    const rows = counts.map((row2, i) => confusionRow(classes[i], row2, i));
    this.confusion.replaceChildren(caption, top, el("tbody", {}, ...rows));
    this.worst.element.hidden = !worst.length;
    if (!worst.length) return;
    const words = worst.map(({ label, said, share }) => `${label}: said ${said}, ${share.replace(" ", " ")}`);
    tiles(this.worst, [worst.length, ...side], 4, 2, coloursOf(rgb), `The worst mistakes: ${words.join("; ")}`, true);
    this.names.replaceChildren(...words.map((text2) => el("li", {}, text2)));
  }
};
function panel(name, caption = "") {
  const made = new Panel(caption);
  made.element.classList.add(name, "cw-grow");
  made.whenResized(() => made.again?.());
  return made;
}
function tiles(shown, [count, rows, columns], across, gap, colours, words, fixed = false) {
  const size = rows * columns;
  const colour = (tile) => colours.subarray(tile * size, (tile + 1) * size);
  shown.again = () => {
    const alone = fixed || size === 1 && across === count;
    const grid = alone ? new Grid(count, rows, columns, across, gap) : shown.tiles([count, rows, columns], across, gap);
    shown.paint(grid, colour, words);
  };
  shown.again();
}
function confusionRow(name, counts, right) {
  const all = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0)
  );
  const cells = counts.map((count, i) => {
    const cell = el("td", { class: i === right ? "cw-right" : "" }, count ? String(count) : "");
    cell.style.setProperty("--share", (count / all / 2).toFixed(3));
    return cell;
  });
  return el("tr", {}, el("th", { scope: "row" }, name), ...cells);
}

// course_utils/widgets/train/question.js
var Question = class {
  /** answer(number): is called with the answer that is given, from 0. */
  constructor(answer) {
    this.chosen = null;
    this.text = el("legend", {});
    this.note = el("p", {});
    this.answers = el("div", { class: "cw-choices" });
    this.commit = button("That is my answer", () => answer(this.chosen));
    this.outcome = el("p", { class: "cw-outcome cw-answer", role: "status" });
    const parts = [this.text, this.note, this.answers, this.commit, this.outcome];
    this.element = el("fieldset", { class: "cw-quiz", hidden: "" }, ...parts);
  }
  /** asked: the switch, if one is chosen; answer: −1 for none yet; result: once the run is over. */
  show(asked, answer, result) {
    this.element.hidden = !asked;
    if (!asked) return;
    const open = answer < 0;
    this.text.textContent = asked.question;
    this.note.textContent = open ? asked.note : "";
    if (this.answers.dataset.name !== asked.name) this.offer(asked);
    this.answers.querySelectorAll("input").forEach((input2, i) => {
      input2.checked = i === (open ? this.chosen : answer);
      input2.disabled = !open;
    });
    this.commit.hidden = !open;
    this.commit.disabled = this.chosen === null;
    this.outcome.textContent = open ? "Commit to an answer, then start." : outcome(answer, result);
    this.outcome.classList.toggle("cw-answer", Boolean(result));
  }
  offer({ name, answers }) {
    this.answers.dataset.name = name;
    const group = `answer-${Math.random()}`;
    const choices = answers.map((text2, i) => {
      const input2 = el("input", { type: "radio", name: group, ...KEEP_KEYS });
      input2.addEventListener("change", () => {
        this.chosen = i;
        this.commit.disabled = false;
      });
      return el("label", {}, input2, `(${"abc"[i]}) ${text2}`);
    });
    this.answers.replaceChildren(...choices);
  }
};
function outcome(answer, result) {
  if (!result) return "Now start it. What happened is explained at the end.";
  return `${answer === result.right ? "Right" : "Not so"}: (${"abc"[result.right]}). ${result.text}`;
}

// course_utils/widgets/train/widget.js
var PRESSED = {
  ready: ["go", "Start"],
  running: ["pause", "Pause"],
  paused: ["go", "Resume"],
  stopped: ["go", "Start again"],
  finished: ["go", "Start again"]
};
var SIZES = [8, 16, 32, 64, 128, 256, 512, 1024];
var RATES = { min: -4, max: 1, step: 0.1 };
var Train = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.runs = /* @__PURE__ */ new Map();
    this.frame = new Frame(model, root, "train");
    this.frame.controls.append(...this.controls());
    this.question = new Question((answer) => this.ask({ answer }));
    this.curves = new Curves();
    this.inside = new Inside(
      mapColours(model),
      (choice) => this.ask(choice),
      () => this.send("look")
    );
    this.frame.body.classList.add("cw-grow");
    this.frame.body.append(this.question.element, this.progress(), ...this.panels());
    this.frame.listen("msg:custom", (content, buffers) => this.received(content, buffers));
    this.frame.listen("change:broken", () => this.question.chosen = null);
    for (const name of ["learning_rate", "batch_size", "layer", "image", "watched", "broken", "answer"]) {
      this.frame.listen(`change:${name}`, () => this.showControls());
    }
    this.send("hello");
  }
  close() {
    this.frame.close();
    this.curves.close();
  }
  // --- What there is on the page ---
  controls() {
    const order = (text2, name) => button(text2, () => this.send(name));
    this.main = button("Start", () => this.send(PRESSED[this.state][0]), { class: "cw-main" });
    this.begins = [this.main, order("One step", "one_step"), order("One epoch", "one_epoch")];
    this.stop = order("Stop", "stop");
    const hint = "First weights, first settings, no curves";
    const reset = button("Reset", () => this.send("reset"), { title: hint, "aria-label": "Reset" });
    const buttons = [...this.begins, this.stop, reset];
    this.rate = input({ type: "range", ...RATES }, ({ value }) => this.setRate(10 ** Number(value)), "input");
    this.rateText = el("output", {});
    this.size = list("batch_size", (value) => this.frame.set({ batch_size: Number(value) }));
    this.broken = list("broken", (value) => this.ask({ broken: value }));
    return [
      el("div", { class: "cw-buttons", role: "group", "aria-label": "Training" }, ...buttons),
      labelled("Learning rate", el("span", { class: "cw-slider" }, this.rate, this.rateText)),
      labelled("Batch size", this.size),
      labelled("Break it", this.broken)
    ];
  }
  setRate(rate) {
    this.frame.set({ learning_rate: Number(rate.toPrecision(2)) });
  }
  progress() {
    this.bar = el("progress", { max: 1, value: 0, "aria-label": "How much of the training is done" });
    this.facts = el("div", { class: "cw-line" });
    this.spoken = el("div", { class: "cw-spoken", role: "status" });
    const line = el("div", { class: "cw-head" }, this.facts, this.spoken);
    return el("div", { class: "cw-progress" }, this.bar, line);
  }
  /** The training, on one screen; mistakes and numbers stand beside it. */
  panels() {
    const { curves, inside } = this;
    const between = el("div", { class: "cw-between" }, curves.readout, inside.controls);
    const shown = {
      Training: el("section", { class: "cw-grow cw-training-now" }, curves.element, between, inside.element),
      Mistakes: inside.mistakes,
      Numbers: el("section", { class: "cw-scrolls" }, curves.table)
    };
    this.tabs = new Tabs(this.root, "What is shown", shown);
    this.facts.after(curves.against, this.tabs.element);
    return Object.values(shown);
  }
  // --- To the kernel and back ---
  send(order) {
    this.model.send({ do: order });
    this.frame.wait("");
  }
  /** Send a choice that is answered by a message. */
  ask(choice) {
    this.frame.wait("");
    this.frame.set(choice);
  }
  received(content, buffers) {
    if (!["news", "inside", "mistakes"].includes(content.kind)) return;
    this.frame.answered();
    const bytes = buffers.map((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    if (content.kind === "news") this.news(content, bytes[0]);
    else if (content.kind === "mistakes") this.inside.showMistakes(content, bytes);
    else this.inside.show(content, bytes, this.names, this.model.get("watched"));
    this.root.dataset.seq = Number(this.root.dataset.seq ?? 0) + 1;
  }
  /** How the runs get on; the points that are new. A view that has missed some asks for all. */
  news({ about, state, words, outcome: outcome2, runs }, points) {
    if (about) {
      this.about = about;
      this.runs.clear();
    }
    if (!this.about) return;
    const known = withPoints(this.runs, runs, points);
    if (!known) {
      this.send("hello");
      return;
    }
    Object.assign(this, { runs: known, state, words, outcome: outcome2 });
    this.showControls();
    this.showProgress();
    const { guess, classes, epochs } = this.about;
    const all = [...known.values()];
    this.curves.draw({ runs: all, now: this.now, guess: [guess, 1 / classes.length], epochs, words });
  }
  // --- What is shown ---
  get now() {
    return present(this.runs);
  }
  /** The networks that one can look into. */
  get names() {
    const now = this.now.map(({ name }) => name);
    return now.length ? now : this.about.names;
  }
  showControls() {
    const get = (name) => this.model.get(name);
    this.rate.value = Math.log10(get("learning_rate"));
    this.rateText.textContent = short(get("learning_rate"));
    this.rate.setAttribute("aria-valuetext", this.rateText.textContent);
    const sizes = [.../* @__PURE__ */ new Set([...SIZES, get("batch_size")])].sort((a, b) => a - b);
    fill(
      this.size,
      sizes.map((size) => pair(String(size)))
    );
    this.size.value = get("batch_size");
    if (!this.about) return;
    const { breaks } = this.about;
    fill(this.broken, [pair("", "nothing"), ...breaks.map(({ name, title }) => pair(name, title))]);
    this.broken.value = get("broken");
    this.main.textContent = PRESSED[this.state][1];
    const begun = ["running", "paused"].includes(this.state);
    this.stop.disabled = !begun;
    const asked = breaks.find(({ name }) => name === get("broken"));
    for (const each of this.begins) each.disabled = Boolean(asked) && get("answer") < 0 && !begun;
    this.question.show(asked, get("answer"), this.outcome);
  }
  showProgress() {
    const [run] = this.now;
    if (!run) {
      this.bar.value = 0;
      this.facts.textContent = `${this.about.names.join(" against ")}, untrained. ${this.about.data}`;
      this.spoken.textContent = "";
      return;
    }
    this.bar.value = run.images / (run.epochs * run.epochLength);
    this.facts.replaceChildren(...this.line(run).map((text2) => el("span", {}, text2)));
    const epochs = Math.max(...this.now.map(({ checks }) => checks.length));
    const said = `${this.state}, ${epochs} epochs`;
    if (this.said !== said) this.spoken.textContent = `${this.state}. ${this.words}`;
    this.said = said;
  }
  /** How far a run is, and how fast all of them are. */
  line(run) {
    const left = this.now.reduce((sum, { left: left2 }) => sum + left2, 0);
    const title = (name) => this.now.length > 1 ? `${name}: ` : "";
    return [
      this.state,
      `epoch ${(run.images / run.epochLength).toFixed(2)} of ${run.epochs}`,
      `learning rate now ${short(run.rate, 2)}`,
      ...this.now.map(({ name, speed }) => `${title(name)}${short(speed, 3)} images/s`),
      ...left ? [`${duration(left)} left`] : []
    ];
  }
};
var widget_default = {
  render(context) {
    const train = new Train(context);
    return () => train.close();
  }
};
export {
  widget_default as default
};
