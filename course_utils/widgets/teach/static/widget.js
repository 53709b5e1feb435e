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
function classBar(label, text, share) {
  const bar2 = el("span", { class: "cw-bar" });
  bar2.style.setProperty("--share", String(share));
  return el("li", {}, el("span", { class: "cw-label" }, label), el("span", { class: "cw-share" }, text), bar2);
}

// course_utils/widgets/teach/answer.js
var FOOL = "Show one class always before the same background, the other before another, and see how high the accuracy is. Then swap the backgrounds: does the answer follow the thing or the background? “Where it looks” says more.";
var NONE = "“None of these” means that even the nearest image that was taught is farther away (1 − the cosine of the features) than the limit, within which 95 % of your images have one of another burst.";
var Answer = class {
  constructor(teach) {
    this.teach = teach;
    this.colours = coloursOf(bytesOf(teach.model, "colours"));
    this.found = null;
    this.sees = this.makeSees();
    this.bars = el("ol", { class: "cw-classes" });
    this.nearest = el("img", { alt: "the nearest image that was taught", hidden: "" });
    this.distance = el("output", {});
    this.looks = input({ type: "checkbox" }, ({ checked }) => {
      teach.frame.set({ looks: checked });
      teach.again();
    });
    const ask = fileButton("Ask an image…", ([file]) => teach.askFile(file));
    const where = el("label", { class: "cw-slider" }, this.looks, "where it looks");
    const nearest = el("div", { class: "cw-nearest" }, this.nearest, this.distance);
    const beside = el("div", {}, this.bars, nearest);
    const below = el("div", { class: "cw-pair" }, ask, where);
    const all = el("div", { class: "cw-ask" }, this.sees, beside, below);
    this.element = el("section", { class: "cw-says", "aria-label": "What it says" }, all);
    this.report = this.makeReport();
  }
  makeSees() {
    this.picture = el("img", { alt: "", hidden: "" });
    this.places = el("canvas", { role: "img", "aria-label": "bright places speak for the answer", hidden: "" });
    this.empty = el("p", {}, "Switch the camera on, or drop an image here.");
    const { video } = this.teach.camera;
    video.hidden = true;
    return el("div", { class: "cw-sees" }, this.empty, video, this.picture, this.places);
  }
  makeReport() {
    this.rows = el("tbody");
    const caption = el("caption", {}, "Right, of images held out: not learned from");
    this.table = el("table", { class: "cw-table cw-answer", hidden: "" }, caption, this.rows);
    this.note = el("p", { class: "cw-answer" });
    const help = [folded("How to fool it", FOOL), folded("None of these?", NONE)];
    return el("section", { class: "cw-report", "aria-label": "What it is worth" }, this.table, this.note, ...help);
  }
  /** The camera, the image of a file, or neither. */
  see(element) {
    const { video } = this.teach.camera;
    for (const one of [this.empty, video, this.picture]) one.hidden = one !== (element || this.empty);
    this.places.hidden = true;
  }
  seeFile(file) {
    URL.revokeObjectURL(this.picture.src);
    this.picture.src = URL.createObjectURL(file);
    this.picture.alt = `the image ${file.name}`;
    this.see(this.picture);
  }
  // --- What is shown ---
  show(view) {
    this.names = view.names;
    this.limit = view.limit;
    this.sees.style.setProperty("--zoom", String(view.zoom));
    if (!view.names.length) this.found = null;
    if (!this.found) this.bars.replaceChildren(...view.names.map((name) => bar(name, "", 0, false)));
    this.showChoice();
    this.table.hidden = !view.report.length;
    this.note.textContent = view.note;
    this.rows.replaceChildren(...view.report.map(row));
  }
  /** @param {DataView} places levels of the map, row by row */
  answer(found, places) {
    const { shares, none, nearest, map } = found;
    const { thumbnails } = this.teach;
    this.found = found;
    const best = none ? -1 : shares.indexOf(Math.max(...shares));
    const bars = this.names.map((name, i) => bar(name, percent(shares[i]), shares[i], i === best));
    this.bars.replaceChildren(...bars, bar("none of these", "", Number(none), none));
    this.bars.classList.toggle("cw-far", none);
    this.places.hidden = !map;
    if (map) {
      const levels = new Uint8Array(places.buffer, places.byteOffset, places.byteLength);
      paint(this.places, byLevel(levels, this.colours), map[0], map[1]);
    }
    this.nearest.hidden = !thumbnails.has(nearest);
    if (!this.nearest.hidden) this.nearest.src = thumbnails.get(nearest);
    this.showChoice();
  }
  showChoice() {
    this.looks.checked = this.teach.model.get("looks");
    const distance = this.found ? `distance to the nearest ${this.found.distance.toFixed(2)}, ` : "";
    this.distance.textContent = this.names.length ? `${distance}limit ${this.limit.toFixed(2)}` : "";
  }
};
var percent = (share) => `${Math.round(100 * share)} %`;
function bar(name, text, share, best) {
  const line = classBar(name, text, share);
  line.setAttribute("aria-current", String(best));
  return line;
}
var folded = (title, ...parts) => el("details", {}, el("summary", KEEP_KEYS, title), ...parts);
function row({ what, share, low, high }) {
  const line = el("span", { class: "cw-bar cw-interval" });
  for (const [name, value] of Object.entries({ share, low, high })) line.style.setProperty(`--${name}`, String(value));
  const text = `${percent(share)} (${Math.round(100 * low)} to ${Math.round(100 * high)})`;
  return el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, line), el("td", {}, text));
}

// course_utils/widgets/teach/files.js
async function dropped(transfer) {
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const found = [];
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await walk(entry, "", found);
    else if (file) found.push(["", file]);
  }
  return visible(found);
}
async function walk(entry, folder, found) {
  if (entry.isFile) {
    found.push([folder, await new Promise((done, failed) => entry.file(done, failed))]);
    return;
  }
  const reader = entry.createReader();
  for (; ; ) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    for (const each of some) await walk(each, entry.name, found);
  }
}
var chosen = (files) => visible(files.map((file) => [file.webkitRelativePath.split("/").at(-2) ?? "", file]));
var visible = (found) => found.filter(([folder, { name }]) => !`${folder}/${name}`.match(/(^|\/)\./));

// course_utils/widgets/shared/js/pointer.js
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

// course_utils/widgets/teach/row.js
var Row = class {
  /** @param {string} name of the class */
  constructor(teach, name) {
    this.teach = teach;
    this.name = name;
    this.id = `cw-class-${Math.random().toString(36).slice(2)}`;
    this.at = 0;
    this.count = el("span", { class: "cw-count" });
    this.hold = holdable(name, (on) => on ? teach.record(name) : teach.release());
    this.strip = el("div", {
      class: "cw-strip",
      role: "listbox",
      "aria-label": `Images of ${name}. Arrow keys choose one, Delete removes it.`
    });
    takeKeys(this.strip, (key) => this.key(key));
    const take = (files2) => teach.keep(chosen(files2), name);
    const files = fileButton("Files…", take, { multiple: "" }, { "aria-label": `Files… for ${name}` });
    const head = el("div", { class: "cw-pair cw-head" }, el("h4", {}, name), this.count, this.hold, files);
    this.element = el("section", { class: "cw-class", "data-class": name }, head, this.strip);
    this.options = /* @__PURE__ */ new Map();
  }
  /** @param {{ count: number, groups: number, shown: string[] }} images the newest last */
  show({ count, groups, shown }) {
    this.count.textContent = numbered(count, "image") + (groups < count ? `, ${numbered(groups, "burst")}` : "");
    const keys = shown.toReversed();
    this.options = new Map(keys.map((key) => [key, this.options.get(key) ?? this.option(key)]));
    this.strip.replaceChildren(...this.options.values());
    this.strip.hidden = !keys.length;
    this.point(this.at);
  }
  option(key) {
    const file = key.slice(key.indexOf("/") + 1, key.lastIndexOf("@"));
    const image = el("img", { alt: "", src: this.teach.thumbnails.get(key) ?? "data:," });
    const option = el(
      "div",
      { role: "option", id: `${this.id}-${key}`, "aria-label": file, title: `${file}: remove` },
      image
    );
    listenTo(option, "click", () => this.remove(key));
    return option;
  }
  remove(key) {
    if (key) this.teach.model.send({ remove: key });
  }
  /** A thumbnail has come. */
  paint(key, address) {
    this.options.get(key)?.firstChild.setAttribute("src", address);
  }
  point(at) {
    const options = [...this.options.values()];
    this.at = clamp(at, Math.max(1, options.length));
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    this.strip.setAttribute("aria-activedescendant", options[this.at]?.id ?? "");
    if (this.strip.matches(":focus")) options[this.at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  key(key) {
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: Infinity }[key];
    if (to !== void 0) this.point(to);
    else if (key === "Delete" || key === "Backspace") this.remove([...this.options.keys()][this.at]);
    else return false;
    return true;
  }
};
var numbered = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
function holdable(name, act) {
  const element = button("Hold to record", () => {
  }, { "aria-label": `Hold to record ${name}`, "aria-pressed": false });
  const set = (on) => (event) => {
    if (![void 0, " ", "Enter"].includes(event.key)) return;
    if (event.key) event.preventDefault();
    if (event.type === "pointerdown") element.setPointerCapture(event.pointerId);
    if (element.getAttribute("aria-pressed") === String(on)) return;
    element.setAttribute("aria-pressed", String(on));
    act(on);
  };
  for (const event of ["pointerdown", "keydown"]) listenTo(element, event, set(true));
  for (const event of ["pointerup", "pointercancel", "keyup", "blur"]) listenTo(element, event, set(false));
  listenTo(element, "contextmenu", (event) => event.preventDefault());
  return element;
}

// course_utils/widgets/teach/widget.js
var SIDE = 400;
var LARGE = 3e5;
var EACH = 100;
var STAYS = "All images stay on the computer that runs this notebook, in the folder";
var Teach = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "teach", { network: "Backbone" });
    this.camera = new Camera(root);
    this.thumbnails = /* @__PURE__ */ new Map();
    this.rows = /* @__PURE__ */ new Map();
    this.asked = this.answered = 0;
    this.answer = new Answer(this);
    this.makeControls();
    this.classes = el("div", { class: "cw-own cw-scrolls" });
    const left = el("section", { class: "cw-taught", "aria-label": "Classes" }, this.classes, this.makeFoot());
    this.frame.body.classList.add("cw-grow", "cw-teach");
    this.frame.body.append(left, this.answer.element, this.answer.report);
    this.frame.acceptDrops((transfer, target) => this.drop(transfer, target));
    this.frame.listen("msg:custom", (content, buffers) => this.receive(content, buffers));
    this.frame.listen("change:looks", () => this.answer.showChoice());
    this.frame.views((view) => this.show(view));
    model.send({ hello: true });
  }
  close() {
    this.release();
    this.camera.close();
    for (const address of this.thumbnails.values()) URL.revokeObjectURL(address);
    this.frame.close();
  }
  // --- What it is made of ---
  makeControls() {
    this.name = input({ type: "text", maxlength: 40, placeholder: "cup" }, () => {
    });
    listenTo(this.name, "keydown", ({ key }) => key === "Enter" && this.add());
    const add = button("Add", () => this.add());
    this.switch = button("Camera on", () => this.camera.stream ? this.cameraOff() : this.cameraOn());
    const title = "A folder for each class, or of one class";
    const folder = fileButton("Folder…", (files) => this.keep(chosen(files)), { webkitdirectory: "" }, { title });
    const name = el("div", { class: "cw-pair" }, labelled("New class", this.name), add);
    this.frame.controls.append(name, folder, this.switch);
  }
  makeFoot() {
    const { model } = this;
    this.words = el("p", { role: "status" });
    this.progress = el("progress", { "aria-label": "Features made", max: 1, value: 0, hidden: "" });
    const stays = el("p", { class: "cw-stays" }, `${STAYS} ${model.get("folder")}.`);
    this.undo = button("Undo remove", () => model.send({ undo: true }));
    const sure = button("Delete them", () => {
      model.send({ delete: true });
      this.remover.open = false;
    });
    this.remover = folded("Delete all images…", "All of them? This cannot be undone. ", sure);
    const hands = el("div", { class: "cw-pair" }, this.undo, this.remover);
    return el("div", { class: "cw-foot" }, this.words, this.progress, stays, hands);
  }
  // --- Images come in ---
  add() {
    if (this.name.value.trim()) this.model.send({ new: this.name.value });
    this.name.value = "";
  }
  async cameraOn() {
    this.frame.showError("");
    const trouble = await this.camera.open();
    if (trouble) this.frame.showError(`${trouble} Images can also come from files and folders.`);
    this.file = null;
    this.answer.see(trouble ? null : this.camera.video);
    this.switch.textContent = trouble ? "Camera on" : "Camera off";
    const ask = (bytes) => this.ask(bytes, "camera");
    this.camera.each(SIDE, () => this.free, ask);
    return !trouble;
  }
  cameraOff() {
    this.release();
    this.camera.stop();
    this.switch.textContent = "Camera on";
    this.answer.see(this.file && this.answer.picture);
  }
  /** While the button is held: a burst. */
  async record(name) {
    const burst = {};
    this.burst = burst;
    if (!this.camera.stream && !await this.cameraOn()) return;
    for (let part = 0; this.burst === burst || part === 0; part++) {
      const start = performance.now();
      const bytes = await this.camera.image(SIDE);
      this.model.send({ add: name, part, burst: true, name: "" }, void 0, [bytes]);
      await new Promise((done) => setTimeout(done, EACH - (performance.now() - start)));
    }
  }
  release() {
    this.burst = null;
  }
  /**
   * Keep images in a class, that of the folder each lies in if no name is given.
   * @param {import("./files.js").Found[]} found
   */
  async keep(found, name = "") {
    let part = 0;
    for (const [folder, file] of found) {
      if (!name && !folder) continue;
      try {
        const bytes = await smallEnough(file, LARGE, 640);
        this.model.send({ add: name || folder, part: part++, burst: false, name: file.name }, void 0, [bytes]);
      } catch (error) {
        this.frame.showError(error.message);
      }
    }
  }
  /** Files on a class are for it, folders are classes; a loose file is asked about. */
  async drop(transfer, target) {
    const name = target.closest(".cw-class")?.dataset.class;
    const found = await dropped(transfer);
    this.keep(found, name);
    const loose = found.find(([folder]) => !name && !folder);
    if (loose) this.askFile(loose[1]);
  }
  // --- Asking ---
  /** Can an image of the camera be asked about? */
  get free() {
    return this.view.names.length > 0 && !this.burst && this.asked === this.answered && !this.frame.gone;
  }
  ask(bytes, name) {
    this.model.send({ ask: ++this.asked, name }, void 0, [bytes]);
  }
  async askFile(file) {
    this.file = file;
    this.cameraOff();
    this.answer.seeFile(file);
    this.again();
  }
  /** Ask once more about the image of a file: something else has changed. */
  async again() {
    const { file } = this;
    if (!file || !this.view.names.length) return;
    const bytes = await smallEnough(file);
    if (this.file === file) this.ask(bytes, file.name);
  }
  // --- What is shown ---
  receive({ thumbnail, answer, ...found }, buffers) {
    if (thumbnail) {
      const address = URL.createObjectURL(new Blob([buffers[0]], { type: "image/jpeg" }));
      this.thumbnails.set(thumbnail, address);
      for (const row2 of this.rows.values()) row2.paint(thumbnail, address);
    }
    if (answer === void 0) return;
    this.answered = answer;
    if (answer < this.asked || found.shares?.length !== this.view.names.length) return;
    this.answer.answer(found, buffers[0]);
    this.root.dataset.answers = String(Number(this.root.dataset.answers ?? 0) + 1);
  }
  show(view) {
    this.view = view;
    this.frame.update(view, { network: this.frame.commonOptions().network });
    const rows = view.classes.map(({ name }) => this.rows.get(name) ?? new Row(this, name));
    this.rows = new Map(rows.map((row2) => [row2.name, row2]));
    if (rows.length !== this.classes.childElementCount || rows.some(({ element }) => !element.isConnected)) {
      this.classes.replaceChildren(...rows.map(({ element }) => element));
    }
    rows.forEach((row2, i) => row2.show(view.classes[i]));
    this.words.textContent = view.words;
    const [done, of] = view.progress ?? [0, 0];
    this.progress.hidden = !of;
    this.progress.value = of ? done / of : 0;
    this.undo.hidden = !view.removed;
    this.remover.hidden = !rows.length;
    this.answer.show(view);
    if (view.version !== this.version) this.again();
    this.version = view.version;
  }
};
var widget_default = {
  render(context) {
    const teach = new Teach(context);
    return () => teach.close();
  }
};
export {
  widget_default as default
};
