/** train(): a network learns; curves, what it sees, what it mistakes, and the controls of all that. */

import { bytesOf, coloursOf, paint, palette } from "../shared/js/canvas.js";
import { clamp, el, fill, KEEP_KEYS, short, svg, times } from "../shared/js/dom.js";
import { Panel, Scale } from "../shared/js/panel.js";
import { hear, Presenter } from "../shared/js/presenter.js";

const PRESSED = {
  ready: ["go", "Start"],
  running: ["pause", "Pause"],
  paused: ["go", "Resume"],
  stopped: ["go", "Start again"],
  finished: ["go", "Start again"],
};
const SIZES = [8, 16, 32, 64, 128, 256, 512, 1024];
const RATES = { low: -4, high: 1, step: 0.1 }; // powers of ten
const PATIENCE = 10000; // ms without an answer of the kernel

class Train {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.runs = new Map(); // number -> what is known of it
    this.chosen = null; // the answer that is ticked, not yet given
    this.build();
    const traits = ["learning_rate", "batch_size", "layer", "image", "watched", "broken", "answer", "error"];
    this.stops = [
      hear(model, "msg:custom", (content, buffers) => this.received(content, buffers)),
      ...traits.map((name) => hear(model, `change:${name}`, () => this.showControls())),
      hear(model, "change:broken", () => (this.chosen = null)),
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
      this.button("Reset", () => this.send("reset"), "First weights, first settings, no curves"),
    ];
    this.rate = el("input", { type: "range", min: RATES.low, max: RATES.high, step: RATES.step, ...KEEP_KEYS });
    this.rate.addEventListener("input", () =>
      this.set({ learning_rate: Number((10 ** this.rate.value).toPrecision(2)) }),
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
      label("Break it", this.broken),
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
      this.outcome,
    );
    return this.quiz;
  }

  progress() {
    this.bar = el("progress", { max: 1, value: 0, "aria-label": "How much of the training is done" });
    this.facts = el("div", { class: "cw-line" });
    this.spoken = el("div", { class: "cw-spoken", role: "status" }); // once a pass, not five times a second
    return el("div", { class: "cw-progress" }, this.bar, this.facts, this.spoken);
  }

  curves() {
    this.axis = this.select("axis", () => this.draw());
    fill(this.axis, [
      ["images", "epochs"],
      ["seconds", "seconds"],
    ]);
    this.charts = [
      new Chart(
        "Loss",
        2,
        (value) => short(value, 3),
        () => this.draw(),
      ),
      new Chart(
        "Accuracy",
        3,
        (value) => `${Math.round(100 * value)} %`,
        () => this.draw(),
      ),
    ];
    this.readout = el("output", { class: "cw-readout" });
    this.table = el("tbody", {});
    const head = (text, more) => el("th", { scope: "col", class: "cw-number", ...more }, text);
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
        el("tr", {}, ...["loss", "accuracy", "loss", "accuracy"].map((text) => head(text))),
      ),
      this.table,
    );
    return el(
      "section",
      { "aria-label": "Curves" },
      el("div", { class: "cw-charts" }, ...this.charts.map((chart) => chart.element)),
      el("div", { class: "cw-below" }, this.readout, label("Against", this.axis)),
      table,
    );
  }

  looks() {
    this.watched = this.select("watched", (value) => this.set({ watched: Number(value) }));
    this.layer = this.select("layer", (value) => this.set({ layer: value }));
    const turn = (by) => () => this.set({ image: clamp(this.seen.image + by, this.seen.images) });
    this.back = this.button("‹", turn(-1), "Image before");
    this.next = this.button("›", turn(+1), "Next image");
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
        this.button("Look at the mistakes now", () => this.send("look")),
      ),
      el("div", { class: "cw-inside" }, ...Object.values(this.plates).map(({ element }) => element)),
      el("div", { class: "cw-mistakes" }, this.confusion, this.worst.element),
    );
  }

  button(text, act, title) {
    const named = title ? { title, "aria-label": text.length > 1 ? text : title } : {};
    const button = el("button", { type: "button", class: "cw-button", ...named, ...KEEP_KEYS }, text);
    button.addEventListener("click", act);
    return button;
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
    const take = (count) => values.subarray(place, (place += 4 * count));
    const known = new Map();
    for (const facts of content.runs) {
      const run = this.runs.get(facts.number) ?? { points: [], checks: [] };
      ["points", "checks"].forEach((kind, i) => {
        if (run[kind].length < facts.from[i]) this.missed = true;
        run[kind].length = Math.min(run[kind].length, facts.from[i]); // the last one may be better known
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
    const sizes = [...new Set([...SIZES, get("batch_size")])].sort((a, b) => a - b);
    fill(
      this.size,
      sizes.map((size) => [String(size), String(size)]),
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
    for (const button of this.root.querySelectorAll(".cw-buttons button"))
      if (!["Stop", "Reset"].includes(button.textContent)) button.disabled = open && begins;
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
    this.outcome.textContent = open
      ? "Commit to an answer, then start."
      : this.result
        ? `${right ? "Right" : "Not so"}: (${letter}). ${this.result.text}`
        : "Now start it. What happened is explained at the end.";
    this.outcome.classList.toggle("cw-answer", Boolean(this.result));
  }

  offer({ name, answers }) {
    this.answers.dataset.name = name;
    const group = `answer-${Math.random()}`;
    this.answers.replaceChildren(
      ...answers.map((text, i) => {
        const input = el("input", { type: "radio", name: group, ...KEEP_KEYS });
        input.addEventListener("change", () => {
          this.chosen = i;
          this.commit.disabled = false;
        });
        return el("label", {}, input, `(${"abc"[i]}) ${text}`);
      }),
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
    const left = runs.reduce((sum, { left }) => sum + left, 0);
    this.bar.value = run.images / total;
    const pieces = [
      this.state,
      `epoch ${(run.images / run.epochLength).toFixed(2)} of ${run.epochs}`,
      `learning rate now ${short(run.rate, 2)}`,
      ...runs.map(({ name, speed }) => `${runs.length > 1 ? `${name}: ` : ""}${short(speed, 3)} images/s`),
      ...(left ? [`${duration(left)} left`] : []),
    ];
    this.facts.replaceChildren(...pieces.map((text) => el("span", {}, text)));
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
        const numbers = [...ends(run.points), ...ends(run.checks)].map((value, i) =>
          value === undefined ? "–" : i % 2 ? `${(100 * value).toFixed(1)} %` : value.toFixed(2),
        );
        const cells = [(run.images / run.epochLength).toFixed(2), seconds.toFixed(1), ...numbers];
        const name = el("th", { scope: "row" }, swatch(look(run, this.now)), run.name);
        return el("tr", {}, name, ...cells.map((text) => el("td", { class: "cw-number" }, text)));
      }),
    );
    this.readout.textContent =
      cursor === null ? "Thin lines: training. Lines with dots: validation." : this.charts[0].read(runs, cursor);
  }

  inside(content, [image, maps, kernels]) {
    this.seen = content;
    const [height, width] = content.side;
    fill(
      this.watched,
      (this.now.length ? this.now.map(({ name }) => name) : this.about.names).map((name, i) => [String(i), name]),
    );
    this.watched.value = this.model.get("watched");
    this.watchedLabel.hidden = this.watched.length < 2;
    fill(
      this.layer,
      content.layers.map(({ name, text }) => [name, text]),
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
      `${shape[0]} feature maps ${of}, values ${short(low)} to ${short(high)}`,
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
      `Kernels of layer ${layer} of ${name}, weights −${short(limit)} to ${short(limit)}`,
    );
  }

  mistakes({ name, classes, counts, right, total, worst, side }, [rgb]) {
    const share = (count, row) =>
      count /
      Math.max(
        1,
        row.reduce((sum, value) => sum + value, 0),
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
      ...classes.map((text) => el("th", { scope: "col" }, el("span", {}, text))),
    );
    const rows = counts.map((row, i) =>
      el("tr", {}, el("th", { scope: "row" }, classes[i]), ...row.map((count, j) => cell(count, row, i !== j))),
    );
    const caption = `${name}: ${right} of ${total} validation images right`;
    this.confusion.replaceChildren(el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, ...rows));
    this.worst.element.hidden = !worst.length;
    if (!worst.length) return;
    const [height, width] = side;
    const words = worst.map(({ label, said, share }) => `${label}: said ${said}, ${share}`);
    paintTiles(
      this.worst,
      { shape: [worst.length, height, width], across: 4, gap: 2 },
      colourOf(rgb),
      `The worst mistakes: ${words.join("; ")}`,
    );
    this.names.replaceChildren(...words.map((text) => el("li", {}, text)));
  }
}

/** Loss or accuracy of all runs over epochs or seconds. Pointer and arrow keys put a cursor on it. */
class Chart {
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
    const along = (run, point) => (x === "seconds" ? point[1] : point[0] / run.epochLength);
    const shown = now.length ? now : runs;
    this.width =
      x === "seconds"
        ? Math.max(1, ...shown.map((run) => (run.points.at(-1)?.[1] ?? 0) + run.left))
        : Math.max(...shown.map((run) => run.epochs), shown.length ? 0 : epochs);
    const high = value === 3 ? 1 : this.highest(runs, guess);
    const px = (v) => this.left + ((this.right - this.left) * v) / this.width;
    const py = (v) => bottom - ((bottom - top) * Math.min(v, high)) / high;
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
        [run.checks, "cw-validation"],
      ]) {
        const places = thinned(points, this.right - this.left)
          .filter((point) => Number.isFinite(point[value]))
          .map((point) => [px(along(run, point)), py(point[value])].map((v) => v.toFixed(1)));
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
    const place = (run, point) => (this.x === "seconds" ? point[1] : point[0] / run.epochLength);
    const words = runs.flatMap((run) => {
      const point = run.points.findLast((p) => place(run, p) <= at);
      const check = run.checks.findLast((p) => place(run, p) <= at);
      if (!point) return [];
      const validated = check ? `, validation ${check[2].toFixed(2)}, ${(100 * check[3]).toFixed(1)} %` : "";
      return [`${run.name}: ${point[2].toFixed(2)}, ${(100 * point[3]).toFixed(1)} %${validated}`];
    });
    return `${this.x === "seconds" ? "second" : "epoch"} ${short(at)}: ${words.join(" · ") || "nothing yet"}`;
  }
}

function label(text, control) {
  return el("label", { class: "cw-choice" }, el("span", {}, text), control);
}

function text(x, y, content, anchor) {
  return svg("text", { x, y, "text-anchor": anchor }, content);
}

/** The class of a run's lines: cw-run0, cw-run1; cw-past0 … of earlier ones. */
function look(run, now) {
  return run.earlier ? `cw-past cw-past${run.number % 4}` : `cw-run${now.indexOf(run)}`;
}

function swatch(kind) {
  const line = svg("line", { class: `cw-validation ${kind}`, x1: 0, x2: 28, y1: 6, y2: 6 });
  return svg("svg", { class: "cw-swatch", viewBox: "0 0 28 12", "aria-hidden": "true" }, line);
}

/** Values from 0 to `high` in steps of 1, 2 or 5. */
function ticks(high) {
  const rough = high / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((n) => n * power >= rough);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** No more points than can be told apart: means of neighbours. */
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

/** The colour of a pixel of RGB bytes, as a canvas holds it in memory. */
function colourOf(rgb) {
  return (i) => 0xff000000 | (rgb[3 * i + 2] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i];
}

/** Paint tiles `[count, rows, columns]` side by side; colour(i) is that of value i. */
function paintTiles(plate, { shape: [count, rows, columns], across, gap }, colour, words) {
  const lines = Math.ceil(count / across);
  const width = across * (columns + gap) - gap;
  const height = lines * (rows + gap) - gap;
  const image = new ImageData(width, height); // transparent where there is no tile
  const pixels = new Uint32Array(image.data.buffer);
  for (let tile = 0, i = 0; tile < count; tile++) {
    const left = (tile % across) * (columns + gap);
    const top = Math.floor(tile / across) * (rows + gap);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) pixels[(top + row) * width + left + column] = colour(i++);
  }
  plate.show(width, height, words);
  plate.canvas.getContext("2d").putImageData(image, 0, 0);
}

export default {
  render(context) {
    const train = new Train(context);
    return () => train.close();
  },
};
