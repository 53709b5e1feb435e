/** train(): a network learns; curves, what it sees, what it mistakes, and the controls of all that. */

import { mapColours } from "../shared/js/canvas.js";
import { button, el, fill, input, labelled, list, pair, short } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { Tabs } from "../shared/js/tabs.js";
import { Curves } from "./curves.js";
import { Inside } from "./inside.js";
import { Question } from "./question.js";
import { duration, present, withPoints } from "./runs.js";

const PRESSED = {
  ready: ["go", "Start"],
  running: ["pause", "Pause"],
  paused: ["go", "Resume"],
  stopped: ["go", "Start again"],
  finished: ["go", "Start again"],
};
const SIZES = [8, 16, 32, 64, 128, 256, 512, 1024];
const RATES = { min: -4, max: 1, step: 0.1 }; // powers of ten

class Train {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.runs = new Map(); // by their number
    this.frame = new Frame(model, root, "train");
    this.frame.controls.append(...this.controls());
    this.question = new Question((answer) => this.ask({ answer }));
    this.curves = new Curves();
    this.inside = new Inside(
      mapColours(model),
      (choice) => this.ask(choice),
      () => this.send("look"),
    );
    this.frame.body.classList.add("cw-grow");
    this.frame.body.append(this.question.element, this.progress(), ...this.panels());
    this.frame.listen("msg:custom", (content, buffers) => this.received(content, buffers));
    this.frame.listen("change:broken", () => (this.question.chosen = null));
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
    const order = (text, name) => button(text, () => this.send(name));
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
      labelled("Break it", this.broken),
    ];
  }

  setRate(rate) {
    this.frame.set({ learning_rate: Number(rate.toPrecision(2)) });
  }

  progress() {
    this.bar = el("progress", { max: 1, value: 0, "aria-label": "How much of the training is done" });
    this.facts = el("div", { class: "cw-line" });
    this.spoken = el("div", { class: "cw-spoken", role: "status" }); // once an epoch, not five times a second
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
      Numbers: el("section", { class: "cw-scrolls" }, curves.table),
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
  news({ about, state, words, outcome, runs }, points) {
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
    Object.assign(this, { runs: known, state, words, outcome });
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
    const sizes = [...new Set([...SIZES, get("batch_size")])].sort((a, b) => a - b);
    fill(
      this.size,
      sizes.map((size) => pair(String(size))),
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
    this.facts.replaceChildren(...this.line(run).map((text) => el("span", {}, text)));
    const epochs = Math.max(...this.now.map(({ checks }) => checks.length));
    const said = `${this.state}, ${epochs} epochs`;
    if (this.said !== said) this.spoken.textContent = `${this.state}. ${this.words}`;
    this.said = said;
  }

  /** How far a run is, and how fast all of them are. */
  line(run) {
    const left = this.now.reduce((sum, { left }) => sum + left, 0);
    const title = (name) => (this.now.length > 1 ? `${name}: ` : "");
    return [
      this.state,
      `epoch ${(run.images / run.epochLength).toFixed(2)} of ${run.epochs}`,
      `learning rate now ${short(run.rate, 2)}`,
      ...this.now.map(({ name, speed }) => `${title(name)}${short(speed, 3)} images/s`),
      ...(left ? [`${duration(left)} left`] : []),
    ];
  }
}

export default {
  render(context) {
    const train = new Train(context);
    return () => train.close();
  },
};
