/**
 * Plays what recordings.py recorded: the widgets of a page answer without a kernel, from file://
 * too. It is a classic script, as modules are not loaded from there.
 */

const OFF = "This choice was not recorded for this page. In JupyterLab it works: make lab.";
const KEPT = 150; // files

/** @type {Record<string, { render(context: object): unknown }>} the front ends, by kind */
const kinds = {};
/** @type {Record<string, typeof Model>} models that do more than look up answers */
const players = {};

// --- Files ---

const files = new Map(); // name -> a promise of its head and buffers; those used last
const texts = new Map(); // name -> [the size of its bytes, the characters that hold them]

window.recorded = (name, ...text) => texts.set(name, text);

function script(address) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement("script"), { src: address });
    element.onload = () => done(element.remove());
    element.onerror = () => failed(new Error(`${address} is missing: copy the whole folder of the site.`));
    document.head.append(element);
  });
}

/** The head of a file, its buffers in `head.buffers`. */
function file(name) {
  const known = files.get(name) ?? fetched(name);
  files.delete(name);
  files.set(name, known); // it is the last one used
  if (files.size > KEPT) files.delete(files.keys().next().value);
  return known;
}

async function fetched(name) {
  await script(`recordings/${name}.js`);
  const stream = new Blob([bytesOf(...texts.get(name))]).stream().pipeThrough(new DecompressionStream("deflate"));
  texts.delete(name);
  const data = await new Response(stream).arrayBuffer();
  const length = new DataView(data).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
  let at = 4 + length;
  head.buffers = head.sizes.map((size) => new DataView(data, (at += size) - size, size));
  return head;
}

/** What a text holds, 15 bits in each character. */
function bytesOf(size, text) {
  const bytes = new Uint8Array(size);
  for (let i = 0, at = 0, bits = 0, count = 0; i < text.length; i++) {
    bits = (bits << 15) | (text.charCodeAt(i) - 256); // of which the last `count` are still to come
    for (count += 15; count >= 8; ) bytes[at++] = bits >> (count -= 8);
  }
  return bytes;
}

/** Traits with their bytes; `home` is the file that they stand in. */
async function withBytes(traits, home) {
  const values = Object.entries(traits).map(async ([name, value]) => [name, await bytesFor(value, home)]);
  return Object.fromEntries(await Promise.all(values));
}

async function bytesFor(value, home) {
  if (!value?.$) return value;
  const parts = await Promise.all(value.$.map(async ([name, i]) => (name ? await file(name) : home).buffers[i]));
  if (parts.length === 1) return parts[0];
  return new DataView(await new Blob(parts).arrayBuffer());
}

// --- A model with the interface of anywidget's ---

const same = (a, b) => a === b || (!(b instanceof DataView) && JSON.stringify(a) === JSON.stringify(b));

class Model {
  constructor(head, state) {
    this.state = state;
    this.told = { ...state }; // what "the kernel" knows
    this.changed = {};
    this.listeners = [];
    this.asked = 0;
    this.tables = head.tables.map((table) => new Table(table));
    this.first = { ...state };
    this.keys = new Set(head.tables.flatMap(({ keys }) => keys));
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    const before = this.state[name];
    this.state[name] = this.changed[name] = value;
    if (!same(before, value)) this.emit(`change:${name}`);
  }

  save_changes() {
    const { changed } = this;
    this.changed = {};
    if ("seq" in changed || Object.keys(changed).some((name) => this.keys.has(name))) this.ask(changed);
    else Object.assign(this.told, changed);
  }

  /** What only a kernel can do does nothing; "set" only hurries what is set already. */
  send({ set }) {
    if (set) this.save_changes();
  }

  on(event, act) {
    this.listeners.push({ event, act });
  }

  off(event, act) {
    this.listeners = this.listeners.filter((one) => one.event !== event || one.act !== act);
  }

  emit(event, ...details) {
    for (const one of [...this.listeners]) if (one.event === event) one.act(...details);
  }

  /** Show the recorded answer, or say that there is none; of requests that overtake one another the last. */
  async ask(changed) {
    const number = ++this.asked;
    const answer = await this.answer(changed).catch((error) => ({ error: error.message }));
    if (number !== this.asked) return;
    if (!answer || answer.error) this.refuse(changed, answer?.error ?? OFF);
    else this.take({ error: "", ...answer }, changed);
  }

  async answer(changed) {
    const found = this.tables.map((table) => table.find(this.state, this.told));
    if (found.includes(undefined)) return null;
    const answers = found.map(async ([name, i]) => {
      const home = await file(name);
      return withBytes(home.answers[i], home);
    });
    const parts = await Promise.all(answers);
    return Object.assign({}, ...parts.map((part, i) => this.tables[i].partFor(part, changed, this.told)));
  }

  take(answer, changed = {}) {
    const traits = { ...answer };
    const view = traits.view ?? this.state.view;
    if (view && this.state.seq !== undefined) traits.view = { ...view, seq: this.state.seq };
    const different = Object.keys(traits).filter((name) => !same(this.state[name], traits[name]));
    Object.assign(this.state, traits);
    Object.assign(this.told, changed, traits);
    for (const name of different) this.emit(`change:${name}`);
  }

  refuse(changed, error) {
    const before = Object.keys(changed).filter((name) => name !== "seq");
    this.take({ ...Object.fromEntries(before.map((name) => [name, this.told[name]])), error });
  }

  /** Is there an answer with this value of a trait in place of the present one? */
  has(name, value) {
    const choice = { ...this.state, [name]: value };
    return this.tables.every((table) => !table.keys.includes(name) || table.find(choice, this.told));
  }
}

/** The answers to one group of traits. */
class Table {
  constructor(table) {
    Object.assign(this, table);
    this.free = this.keys.map((name) => this.nearest.includes(name));
    this.groups = new Map(); // rows that differ in what is free: there the nearest is taken
    for (const row of this.nearest.length ? Object.keys(this.answers).map((key) => JSON.parse(key)) : [])
      this.groups.set(this.rest(row), [...(this.groups.get(this.rest(row)) ?? []), row]);
  }

  rest = (row) => JSON.stringify(row.filter((_, i) => !this.free[i]));

  /** Where the answer to a choice is: [file, number in it]. */
  find(choice, told) {
    const [wanted, before] = [choice, told].map((traits) => this.keys.map((name) => traits[name]));
    const answer = (row) => this.answers[JSON.stringify(row)];
    return answer(wanted) ?? answer(this.near(wanted, before));
  }

  /** The row nearest to what is wanted; a step that ends where it began goes on to the next one. */
  near(wanted, before) {
    const sum = (row, term) => row.reduce((all, value, i) => all + (this.free[i] ? term(value, i) : 0), 0);
    const away = (row, from) => sum(row, (value, i) => Math.abs(value - from[i]));
    const rows = [...(this.groups.get(this.rest(wanted)) ?? [])].sort((a, b) => away(a, wanted) - away(b, wanted));
    const on = (row) => sum(row, (value, i) => (value - before[i]) * (wanted[i] - before[i]) > 0);
    return (rows.length && !away(rows[0], before) && rows.find(on)) || rows[0];
  }

  /** The traits of an answer that hold after this change. */
  partFor(answer, changed, told) {
    const holds = ([name]) => !this.once[name]?.every((key) => same(changed[key] ?? told[key], told[key]));
    return Object.fromEntries(Object.entries(answer).filter(holds));
  }
}

// --- The places of a page ---

const BUTTONS =
  /^(Your own…|Camera…|Keep as|Save|Ask again|‹ Back|Next ›|One step|One epoch|Stop|Look at the mistakes now)$/;
const LABELS = /^(Learning rate|Batch size|Break it|nearest in MNIST)/;

/** What was not recorded cannot be chosen. */
function switchOff(root, model) {
  for (const select of root.querySelectorAll("select[name]")) {
    const { name } = select;
    const number = typeof model.get(name) === "number";
    for (const option of select.options) {
      const value = number ? Number(option.value) : option.value;
      if (model.keys.has(name)) option.disabled = !model.has(name, value);
    }
  }
  const off = (element) => Object.assign(element, { disabled: true, title: "In JupyterLab: make lab" });
  for (const button of root.querySelectorAll("button")) if (BUTTONS.test(button.textContent)) off(button);
  for (const label of root.querySelectorAll("label")) {
    if (LABELS.test(label.textContent)) off(label.querySelector("input, select"));
  }
}

async function start(place) {
  const { kind, start } = place.dataset;
  const href = `widgets/${kind}.css`;
  if (!document.querySelector(`link[href="${href}"]`))
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  const [head] = await Promise.all([file(start), kinds[kind] ?? script(`widgets/${kind}.js`)]);
  const model = new (players[kind] ?? Model)(head, await withBytes(head.state, head));
  const el = document.createElement("div");
  place.append(el);
  await kinds[kind].render({ model, el });
  for (const still of [...place.childNodes]) if (still !== el) still.remove();
  let due = 0;
  const mark = () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => switchOff(el, model));
  };
  new MutationObserver(mark).observe(el, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  mark();
  if (model.get("first")) model.on("change:chosen", () => unfold(place)); // a prediction
  place.model = model;
}

const soon = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      soon.unobserve(target);
      start(target).catch((error) => target.append(`This widget could not be shown: ${error.message}`));
    }
  },
  { rootMargin: "300px" },
);
for (const place of document.querySelectorAll(".recorded")) soon.observe(place);

// --- Dark and light ---

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.body.dataset.jpThemeLight = String(!dark.matches));
dark.addEventListener("change", follow);
follow();

// --- What answers a prediction is folded until one has chosen ---

function unfold(place) {
  const parts = [...document.querySelectorAll(".recorded[data-kind=questions], h2, details")];
  const after = parts.slice(parts.indexOf(place) + 1);
  const end = after.findIndex((part) => !part.matches("details"));
  for (const details of after.slice(0, end < 0 ? after.length : end)) details.open = true;
}

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
