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
function button(text2, press, attributes = { class: "cw-button" }) {
  const element = el("button", { type: "button", ...KEEP_KEYS, ...attributes }, text2);
  element.addEventListener("click", press);
  return element;
}
function fill(select, options) {
  const same = select.length === options.length && options.every(([value, text2], i) => select.options[i].value === value && select.options[i].text === text2);
  if (!same) select.replaceChildren(...options.map(([value, text2]) => new Option(text2, value)));
}
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
var palette = coloursOf;
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

// course_utils/widgets/shared/js/panel.js
var Panel = class {
  /** @param {string} [caption] */
  constructor(caption = "") {
    this.caption = el("figcaption", {}, caption);
    this.canvas = el("canvas", { role: "img" });
    this.mark = el("div", { class: "cw-mark", hidden: "" });
    this.frame = el("div", { class: "cw-frame" }, this.canvas, this.mark);
    this.element = el("figure", {}, el("div", { class: "cw-caption" }, this.caption), this.frame);
  }
  /**
   * Give it a size in pixels and an alternative text.
   * @param {number} width
   * @param {number} height
   * @param {string} text
   */
  show(width, height, text2) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.setAttribute("aria-label", text2);
    this.canvas.classList.toggle("cw-fine", width > 1e3);
    this.frame.style.setProperty("--aspect", String(width / height));
  }
  /**
   * Show tiles; `colours(i)` gives those of a tile, row by row.
   * @param {Grid} grid
   * @param {(tile: number) => Uint32Array} colours
   * @param {string} text the alternative text
   */
  paint(grid, colours, text2) {
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

// course_utils/widgets/train/widget.js
var PRESSED = {
  ready: ["go", "Start"],
  running: ["pause", "Pause"],
  paused: ["go", "Resume"],
  stopped: ["go", "Start again"],
  finished: ["go", "Start again"]
};
var SIZES = [8, 16, 32, 64, 128, 256, 512, 1024];
var RATES = { low: -4, high: 1, step: 0.1 };
var PATIENCE = 1e4;
var Train = class {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.runs = /* @__PURE__ */ new Map();
    this.chosen = null;
    this.build();
    const traits = ["learning_rate", "batch_size", "layer", "image", "watched", "broken", "answer", "error"];
    this.stops = [
      hear(model, "msg:custom", (content, buffers) => this.received(content, buffers)),
      ...traits.map((name) => hear(model, `change:${name}`, () => this.showControls())),
      hear(model, "change:broken", () => this.chosen = null)
    ];
    this.presenter = new Presenter(model, root, (choice) => this.set(choice));
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.charts[0].svg);
    this.send("hello");
  }
  close() {
    this.presenter.close();
    this.resized.disconnect();
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
  }
  // --- What there is on the page ---
  build() {
    this.root.classList.add("course-widget", "cw-train");
    this.alert = el("div", { class: "cw-alert", role: "alert" });
    this.root.append(this.controls(), this.alert, this.question(), this.progress(), this.curves(), this.looks());
  }
  controls() {
    this.main = this.button("Start", () => this.send(PRESSED[this.state][0]));
    this.main.classList.add("cw-main");
    this.stop = this.button("Stop", () => this.send("stop"));
    const buttons = [
      this.main,
      this.button("One step", () => this.send("one_step")),
      this.button("One epoch", () => this.send("one_epoch")),
      this.stop,
      this.button("Reset", () => this.send("reset"), "First weights, first settings, no curves")
    ];
    this.rate = el("input", { type: "range", min: RATES.low, max: RATES.high, step: RATES.step, ...KEEP_KEYS });
    this.rate.addEventListener(
      "input",
      () => this.set({ learning_rate: Number((10 ** this.rate.value).toPrecision(2)) })
    );
    this.rateText = el("output", {});
    this.size = this.select("batch_size", (value) => this.set({ batch_size: Number(value) }));
    this.broken = this.select("broken", (value) => this.set({ broken: value }));
    return el(
      "div",
      { class: "cw-controls" },
      el("div", { class: "cw-buttons", role: "group", "aria-label": "Training" }, ...buttons),
      label("Learning rate", el("span", { class: "cw-slider" }, this.rate, this.rateText)),
      label("Batch size", this.size),
      label("Break it", this.broken)
    );
  }
  /** The question that comes with a switch, and what is said after the run. */
  question() {
    this.asks = el("legend", {});
    this.note = el("p", {});
    this.answers = el("div", { class: "cw-choices" });
    this.commit = this.button("That is my answer", () => this.set({ answer: this.chosen }));
    this.outcome = el("p", { class: "cw-outcome cw-answer", role: "status" });
    this.quiz = el(
      "fieldset",
      { class: "cw-quiz", hidden: "" },
      this.asks,
      this.note,
      this.answers,
      this.commit,
      this.outcome
    );
    return this.quiz;
  }
  progress() {
    this.bar = el("progress", { max: 1, value: 0, "aria-label": "How much of the training is done" });
    this.facts = el("div", { class: "cw-line" });
    this.spoken = el("div", { class: "cw-spoken", role: "status" });
    return el("div", { class: "cw-progress" }, this.bar, this.facts, this.spoken);
  }
  curves() {
    this.axis = this.select("axis", () => this.draw());
    fill(this.axis, [
      ["images", "epochs"],
      ["seconds", "seconds"]
    ]);
    this.charts = [
      new Chart(
        "Loss",
        2,
        (value) => short(value, 3),
        () => this.draw()
      ),
      new Chart(
        "Accuracy",
        3,
        (value) => `${Math.round(100 * value)} %`,
        () => this.draw()
      )
    ];
    this.readout = el("output", { class: "cw-readout" });
    this.table = el("tbody", {});
    const head = (text2, more) => el("th", { scope: "col", class: "cw-number", ...more }, text2);
    const both = { rowspan: 2 };
    const pair = { colspan: 2, scope: "colgroup" };
    const top = [head("network", { ...both, class: "" }), head("epochs", both), head("seconds", both)];
    const table = el(
      "table",
      { class: "cw-table cw-runs" },
      el(
        "thead",
        {},
        el("tr", {}, ...top, head("training", pair), head("validation", pair)),
        el("tr", {}, ...["loss", "accuracy", "loss", "accuracy"].map((text2) => head(text2)))
      ),
      this.table
    );
    return el(
      "section",
      { "aria-label": "Curves" },
      el("div", { class: "cw-charts" }, ...this.charts.map((chart) => chart.element)),
      el("div", { class: "cw-below" }, this.readout, label("Against", this.axis)),
      table
    );
  }
  looks() {
    this.watched = this.select("watched", (value) => this.set({ watched: Number(value) }));
    this.layer = this.select("layer", (value) => this.set({ layer: value }));
    const turn = (by) => () => this.set({ image: clamp(this.seen.image + by, this.seen.images) });
    this.back = this.button("‹", turn(-1), "Image before");
    this.next = this.button("›", turn(1), "Next image");
    this.which = el("span", {});
    this.plates = { image: new Panel(""), kernels: new Panel(""), maps: new Panel("") };
    for (const [name, { element }] of Object.entries(this.plates)) element.classList.add(`cw-${name}`);
    this.scale = new Scale();
    this.colours = palette(bytesOf(this.model, "colours"));
    this.scale.paint(this.colours);
    this.plates.maps.caption.after(this.scale.element);
    this.watchedLabel = label("Look into", this.watched);
    this.confusion = el("table", { class: "cw-table cw-confusion" });
    this.worst = new Panel("The mistakes that it is surest of");
    this.worst.element.classList.add("cw-worst");
    this.names = el("ol", {});
    this.worst.frame.after(this.names);
    return el(
      "section",
      { "aria-label": "Inside" },
      el(
        "div",
        { class: "cw-controls" },
        this.watchedLabel,
        label("Layer", this.layer),
        el("div", { class: "cw-turn", role: "group", "aria-label": "Image" }, this.back, this.which, this.next),
        this.button("Look at the mistakes now", () => this.send("look"))
      ),
      el("div", { class: "cw-inside" }, ...Object.values(this.plates).map(({ element }) => element)),
      el("div", { class: "cw-mistakes" }, this.confusion, this.worst.element)
    );
  }
  button(text2, act, title) {
    const named = title ? { title, "aria-label": text2.length > 1 ? text2 : title } : {};
    const button2 = el("button", { type: "button", class: "cw-button", ...named, ...KEEP_KEYS }, text2);
    button2.addEventListener("click", act);
    return button2;
  }
  select(name, act) {
    const select = el("select", { name, ...KEEP_KEYS });
    select.addEventListener("change", () => act(select.value));
    return select;
  }
  // --- To the kernel and back ---
  send(order) {
    this.model.send({ do: order });
    this.wait();
  }
  set(choice) {
    for (const [name, value] of Object.entries(choice)) this.model.set(name, value);
    this.model.save_changes();
    this.showControls();
    this.wait();
  }
  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.alert.textContent = "No answer: is the kernel busy, or gone? Then run the cell again.";
    }, PATIENCE);
  }
  received(content, buffers) {
    if (!["news", "inside", "mistakes"].includes(content.kind)) return;
    clearTimeout(this.timer);
    const bytes = buffers.map((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this[content.kind](content, bytes);
    this.root.dataset.seq = Number(this.root.dataset.seq ?? 0) + 1;
  }
  /** How the runs get on; the points that are new. A view that has missed some asks for all. */
  news(content, [bytes]) {
    if (content.about) {
      this.about = content.about;
      this.runs.clear();
    }
    if (!this.about) return;
    const values = new Float32Array(bytes.slice().buffer);
    let place = 0;
    const take = (count) => values.subarray(place, place += 4 * count);
    const known = /* @__PURE__ */ new Map();
    for (const facts of content.runs) {
      const run = this.runs.get(facts.number) ?? { points: [], checks: [] };
      ["points", "checks"].forEach((kind, i) => {
        if (run[kind].length < facts.from[i]) this.missed = true;
        run[kind].length = Math.min(run[kind].length, facts.from[i]);
        const fresh = take(facts.to[i] - facts.from[i]);
        for (let j = 0; j < fresh.length; j += 4) run[kind].push(fresh.subarray(j, j + 4));
      });
      known.set(facts.number, Object.assign(run, facts));
    }
    if (this.missed) {
      this.missed = false;
      this.send("hello");
      return;
    }
    const earlier = [...this.runs].filter(([number, run]) => run.earlier && !known.has(number));
    this.runs = new Map([...earlier, ...known]);
    this.state = content.state;
    this.words = content.words;
    this.result = content.outcome;
    this.showControls();
    this.showProgress();
    this.draw();
  }
  // --- Painting ---
  get now() {
    return [...this.runs.values()].filter((run) => !run.earlier);
  }
  showControls() {
    const { model } = this;
    const get = (name) => model.get(name);
    this.alert.textContent = get("error");
    this.rate.value = Math.log10(get("learning_rate"));
    this.rateText.textContent = short(get("learning_rate"));
    this.rate.setAttribute("aria-valuetext", this.rateText.textContent);
    const sizes = [.../* @__PURE__ */ new Set([...SIZES, get("batch_size")])].sort((a, b) => a - b);
    fill(
      this.size,
      sizes.map((size) => [String(size), String(size)])
    );
    this.size.value = get("batch_size");
    if (!this.about) return;
    fill(this.broken, [["", "nothing"], ...this.about.breaks.map(({ name, title }) => [name, title])]);
    this.broken.value = get("broken");
    this.main.textContent = PRESSED[this.state][1];
    this.stop.disabled = !["running", "paused"].includes(this.state);
    this.showQuestion();
  }
  showQuestion() {
    const [broken, answer] = [this.model.get("broken"), this.model.get("answer")];
    const asked = this.about.breaks.find(({ name }) => name === broken);
    this.quiz.hidden = !asked;
    const open = Boolean(asked) && answer < 0;
    const begins = !["running", "paused"].includes(this.state);
    for (const button2 of this.root.querySelectorAll(".cw-buttons button"))
      if (!["Stop", "Reset"].includes(button2.textContent)) button2.disabled = open && begins;
    if (!asked) return;
    this.asks.textContent = asked.question;
    this.note.textContent = asked.note;
    if (this.answers.dataset.name !== broken) this.offer(asked);
    this.answers.querySelectorAll("input").forEach((input, i) => {
      input.checked = i === (open ? this.chosen : answer);
      input.disabled = !open;
    });
    this.commit.hidden = !open;
    this.commit.disabled = this.chosen === null;
    const right = this.result && answer === this.result.right;
    const letter = this.result && "abc"[this.result.right];
    this.outcome.textContent = open ? "Commit to an answer, then start." : this.result ? `${right ? "Right" : "Not so"}: (${letter}). ${this.result.text}` : "Now start it. What happened is explained at the end.";
    this.outcome.classList.toggle("cw-answer", Boolean(this.result));
  }
  offer({ name, answers }) {
    this.answers.dataset.name = name;
    const group = `answer-${Math.random()}`;
    this.answers.replaceChildren(
      ...answers.map((text2, i) => {
        const input = el("input", { type: "radio", name: group, ...KEEP_KEYS });
        input.addEventListener("change", () => {
          this.chosen = i;
          this.commit.disabled = false;
        });
        return el("label", {}, input, `(${"abc"[i]}) ${text2}`);
      })
    );
  }
  showProgress() {
    const runs = this.now;
    const [run] = runs;
    if (!run) {
      this.bar.value = 0;
      this.facts.textContent = `${this.about.names.join(" against ")}, untrained. ${this.about.data}`;
      this.spoken.textContent = "";
      return;
    }
    const total = run.epochs * run.epochLength;
    const left = runs.reduce((sum, { left: left2 }) => sum + left2, 0);
    this.bar.value = run.images / total;
    const pieces = [
      this.state,
      `epoch ${(run.images / run.epochLength).toFixed(2)} of ${run.epochs}`,
      `learning rate now ${short(run.rate, 2)}`,
      ...runs.map(({ name, speed }) => `${runs.length > 1 ? `${name}: ` : ""}${short(speed, 3)} images/s`),
      ...left ? [`${duration(left)} left`] : []
    ];
    this.facts.replaceChildren(...pieces.map((text2) => el("span", {}, text2)));
    const passed = Math.max(...runs.map(({ checks }) => checks.length));
    const said = `${this.state}, ${passed} epochs`;
    if (this.said !== said) this.spoken.textContent = `${this.state}. ${this.words}`;
    this.said = said;
  }
  draw() {
    if (!this.about) return;
    const runs = [...this.runs.values()];
    const x = this.axis.value;
    const cursor = this.charts.map((chart) => chart.cursor).find((place) => place !== null) ?? null;
    const guess = [this.about.guess, 1 / this.about.classes.length];
    this.charts.forEach((chart, i) => {
      chart.draw({ runs, now: this.now, x, guess: guess[i], epochs: this.about.epochs, cursor, words: this.words });
    });
    const ends = (points) => [points.at(-1)?.[2], points.at(-1)?.[3]];
    this.table.replaceChildren(
      ...[...this.now, ...runs.filter((run) => run.earlier).reverse()].map((run) => {
        const seconds = run.points.at(-1)?.[1] ?? 0;
        const numbers = [...ends(run.points), ...ends(run.checks)].map(
          (value, i) => value === void 0 ? "–" : i % 2 ? `${(100 * value).toFixed(1)} %` : value.toFixed(2)
        );
        const cells = [(run.images / run.epochLength).toFixed(2), seconds.toFixed(1), ...numbers];
        const name = el("th", { scope: "row" }, swatch(look(run, this.now)), run.name);
        return el("tr", {}, name, ...cells.map((text2) => el("td", { class: "cw-number" }, text2)));
      })
    );
    this.readout.textContent = cursor === null ? "Thin lines: training. Lines with dots: validation." : this.charts[0].read(runs, cursor);
  }
  inside(content, [image, maps, kernels]) {
    this.seen = content;
    const [height, width] = content.side;
    fill(
      this.watched,
      (this.now.length ? this.now.map(({ name }) => name) : this.about.names).map((name, i) => [String(i), name])
    );
    this.watched.value = this.model.get("watched");
    this.watchedLabel.hidden = this.watched.length < 2;
    fill(
      this.layer,
      content.layers.map(({ name, text: text2 }) => [name, text2])
    );
    this.layer.value = content.layer;
    this.which.textContent = `image ${content.image + 1} of ${content.images}`;
    this.back.disabled = content.image === 0;
    this.next.disabled = content.image === content.images - 1;
    const { plates } = this;
    const said = content.said ? `; it says ${content.said}` : "";
    plates.image.show(width, height, `Validation image ${content.image + 1}: ${content.label}${said}`);
    plates.image.caption.textContent = `${content.label}${said}`;
    paint(plates.image.canvas, coloursOf(image), height, width);
    this.showKernels(content, kernels);
    const { shape, across, gap, low, high } = content.maps;
    const of = `of layer ${content.layer} of ${content.name}`;
    plates.maps.caption.textContent = `What ${content.layer} makes of it: ${times(shape)}`;
    paintTiles(
      plates.maps,
      { shape, across, gap },
      (i) => this.colours[maps[i]],
      `${shape[0]} feature maps ${of}, values ${short(low)} to ${short(high)}`
    );
    this.scale.show({ low, high });
  }
  showKernels({ kernels, layer, name }, rgb) {
    const { element, caption } = this.plates.kernels;
    element.hidden = !kernels;
    if (!kernels) return;
    const { shape, shown, across, limit } = kernels;
    const coloured = shape[1] === 3;
    const some = coloured ? "" : `, ${shown[0]} of them`;
    const key = coloured ? "grey is 0" : "blue below 0, red above";
    caption.textContent = `Kernels: ${times(shape)}${some}. −${short(limit)} to ${short(limit)}, ${key}`;
    paintTiles(
      this.plates.kernels,
      { shape: shown, across, gap: 1 },
      colourOf(rgb),
      `Kernels of layer ${layer} of ${name}, weights −${short(limit)} to ${short(limit)}`
    );
  }
  mistakes({ name, classes, counts, right, total, worst, side }, [rgb]) {
    const share = (count, row) => count / Math.max(
      1,
      row.reduce((sum, value) => sum + value, 0)
    );
    const cell = (count, row, wrong) => {
      const td = el("td", { class: wrong ? "" : "cw-right" }, count ? String(count) : "");
      td.style.setProperty("--share", (0.5 * share(count, row)).toFixed(3));
      return td;
    };
    const head = el(
      "tr",
      {},
      el("th", { scope: "col" }, "true"),
      ...classes.map((text2) => el("th", { scope: "col" }, el("span", {}, text2)))
    );
    const rows = counts.map(
      (row, i) => el("tr", {}, el("th", { scope: "row" }, classes[i]), ...row.map((count, j) => cell(count, row, i !== j)))
    );
    const caption = `${name}: ${right} of ${total} validation images right`;
    this.confusion.replaceChildren(el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, ...rows));
    this.worst.element.hidden = !worst.length;
    if (!worst.length) return;
    const [height, width] = side;
    const words = worst.map(({ label: label2, said, share: share2 }) => `${label2}: said ${said}, ${share2}`);
    paintTiles(
      this.worst,
      { shape: [worst.length, height, width], across: 4, gap: 2 },
      colourOf(rgb),
      `The worst mistakes: ${words.join("; ")}`
    );
    this.names.replaceChildren(...words.map((text2) => el("li", {}, text2)));
  }
};
var Chart = class {
  /** value: which number of a point; format: of the numbers at the axis; moved: the cursor did. */
  constructor(title, value, format, moved) {
    Object.assign(this, { title, value, format, moved, cursor: null });
    this.svg = svg("svg", { class: "cw-chart", role: "img", tabindex: "0", ...KEEP_KEYS });
    this.element = el("figure", {}, el("figcaption", {}, title), this.svg);
    const place = (share) => {
      this.cursor = share === null ? null : Math.max(0, Math.min(1, share));
      moved();
    };
    this.svg.addEventListener("pointermove", ({ clientX }) => {
      const box = this.svg.getBoundingClientRect();
      place((clientX - box.left - this.left) / (this.right - this.left));
    });
    this.svg.addEventListener("pointerleave", () => place(null));
    this.svg.addEventListener("blur", () => place(null));
    this.svg.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      place((this.cursor ?? 0.5) + by);
    });
  }
  draw({ runs, now, x, guess, epochs, cursor, words }) {
    const { svg: root, value } = this;
    const [width, height] = [root.clientWidth, root.clientHeight];
    if (!width) return;
    const em = parseFloat(getComputedStyle(root).fontSize);
    [this.left, this.right] = [3.8 * em, width - 0.8 * em];
    const [top, bottom] = [0.5 * em, height - 2.4 * em];
    this.x = x;
    const along = (run, point) => x === "seconds" ? point[1] : point[0] / run.epochLength;
    const shown = now.length ? now : runs;
    this.width = x === "seconds" ? Math.max(1, ...shown.map((run) => (run.points.at(-1)?.[1] ?? 0) + run.left)) : Math.max(...shown.map((run) => run.epochs), shown.length ? 0 : epochs);
    const high = value === 3 ? 1 : this.highest(runs, guess);
    const px = (v) => this.left + (this.right - this.left) * v / this.width;
    const py = (v) => bottom - (bottom - top) * Math.min(v, high) / high;
    const parts = [];
    for (const tick of ticks(high)) {
      parts.push(svg("line", { class: "cw-grid", x1: this.left, x2: this.right, y1: py(tick), y2: py(tick) }));
      parts.push(text(this.left - 0.4 * em, py(tick) + 0.35 * em, this.format(tick), "end"));
    }
    for (const tick of ticks(this.width)) parts.push(text(px(tick), bottom + 1.2 * em, short(tick), "middle"));
    parts.push(text(this.right, bottom + 2.2 * em, x === "seconds" ? "seconds of its own" : "epochs", "end"));
    parts.push(svg("line", { class: "cw-guess", x1: this.left, x2: this.right, y1: py(guess), y2: py(guess) }));
    parts.push(text(this.right, py(guess) - 0.3 * em, "guessing", "end"));
    for (const run of runs) {
      const kind = look(run, now);
      for (const [points, what] of [
        [run.points, "cw-training"],
        [run.checks, "cw-validation"]
      ]) {
        const places = thinned(points, this.right - this.left).filter((point) => Number.isFinite(point[value])).map((point) => [px(along(run, point)), py(point[value])].map((v) => v.toFixed(1)));
        if (!places.length) continue;
        parts.push(svg("polyline", { class: `${what} ${kind}`, points: places.join(" ") }));
        if (what === "cw-validation" && places.length <= 30)
          for (const [cx, cy] of places) parts.push(svg("circle", { class: kind, cx, cy, r: 0.28 * em }));
      }
    }
    if (cursor !== null) {
      const at = px(cursor * this.width);
      parts.push(svg("line", { class: "cw-cursor", x1: at, x2: at, y1: top, y2: bottom }));
    }
    root.setAttribute("aria-label", `${this.title} against ${x === "seconds" ? "seconds" : "epochs"}. ${words}`);
    root.replaceChildren(...parts);
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
    const place = (run, point) => this.x === "seconds" ? point[1] : point[0] / run.epochLength;
    const words = runs.flatMap((run) => {
      const point = run.points.findLast((p) => place(run, p) <= at);
      const check = run.checks.findLast((p) => place(run, p) <= at);
      if (!point) return [];
      const validated = check ? `, validation ${check[2].toFixed(2)}, ${(100 * check[3]).toFixed(1)} %` : "";
      return [`${run.name}: ${point[2].toFixed(2)}, ${(100 * point[3]).toFixed(1)} %${validated}`];
    });
    return `${this.x === "seconds" ? "second" : "epoch"} ${short(at)}: ${words.join(" · ") || "nothing yet"}`;
  }
};
function label(text2, control) {
  return el("label", { class: "cw-choice" }, el("span", {}, text2), control);
}
function text(x, y, content, anchor) {
  return svg("text", { x, y, "text-anchor": anchor }, content);
}
function look(run, now) {
  return run.earlier ? `cw-past cw-past${run.number % 4}` : `cw-run${now.indexOf(run)}`;
}
function swatch(kind) {
  const line = svg("line", { class: `cw-validation ${kind}`, x1: 0, x2: 28, y1: 6, y2: 6 });
  return svg("svg", { class: "cw-swatch", viewBox: "0 0 28 12", "aria-hidden": "true" }, line);
}
function ticks(high) {
  const rough = high / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((n) => n * power >= rough);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}
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
function duration(seconds) {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
function colourOf(rgb) {
  return (i) => 4278190080 | rgb[3 * i + 2] << 16 | rgb[3 * i + 1] << 8 | rgb[3 * i];
}
function paintTiles(plate, { shape: [count, rows, columns], across, gap }, colour, words) {
  const lines = Math.ceil(count / across);
  const width = across * (columns + gap) - gap;
  const height = lines * (rows + gap) - gap;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let tile = 0, i = 0; tile < count; tile++) {
    const left = tile % across * (columns + gap);
    const top = Math.floor(tile / across) * (rows + gap);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) pixels[(top + row) * width + left + column] = colour(i++);
  }
  plate.show(width, height, words);
  plate.canvas.getContext("2d").putImageData(image, 0, 0);
}
var widget_default = {
  render(context) {
    const train = new Train(context);
    return () => train.close();
  }
};
export {
  widget_default as default
};
