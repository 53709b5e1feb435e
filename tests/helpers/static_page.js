/** The page of static.py: models with the interface of anywidget's, and the line to Python. */

/** @type {Map<string, Model>} */
const models = new Map();
let stops = []; // of the views that are shown

// --- The line to Python: a message is its length, JSON, and buffers ---

window.messages = 0; // in both directions

function packed(message, buffers) {
  const lengths = buffers.map((buffer) => buffer.byteLength);
  const head = new TextEncoder().encode(JSON.stringify({ ...message, lengths }));
  return new Blob([Uint32Array.of(head.length), head, ...buffers]);
}

function* unpacked(data) {
  for (let at = 0; at < data.byteLength; ) {
    const length = new DataView(data, at).getUint32(0, true);
    const message = JSON.parse(new TextDecoder().decode(new Uint8Array(data, at + 4, length)));
    at += 4 + length;
    message.buffers = message.lengths.map((size) => new DataView(data.slice(at, (at += size))));
    yield message;
  }
}

let line = Promise.resolve();

/** Send a message after all others; it is there once Python has dealt with it. */
function post(message, buffers = []) {
  window.messages++;
  line = line.then(() => fetch("message", { method: "POST", body: packed(message, buffers) }));
  return line;
}

/** Once Python has dealt with all that was sent. */
window.sent = async () => {
  for (let last; last !== line; await last) last = line;
};

let number = 0; // of the last message that has come

async function receive() {
  for (;;) {
    const answer = await fetch(`messages?after=${number}`);
    for (const message of unpacked(await answer.arrayBuffer())) {
      window.messages++;
      modelOf(message.id).receive(message);
      number = message.number;
    }
  }
}

/** Once the page has heard the messages up to this one. */
window.heard = async (last) => {
  while (number < last) await new Promise((done) => setTimeout(done, 5));
};

// --- Models ---

const modelOf = (id) => models.get(id) ?? models.set(id, new Model(id)).get(id);

class Model {
  constructor(id) {
    this.id = id;
    this.state = {};
    this.changed = {};
    this.listeners = new Map();
    this.ready = new Promise((known) => {
      this.known = known;
    });
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    const before = this.state[name];
    this.state[name] = this.changed[name] = value;
    if (!same(before, value)) this.emit(`change:${name}`);
  }

  /** As ipywidgets does: while one update is under way, the next ones become one. */
  save_changes() {
    if (this.busy || !Object.keys(this.changed).length) return;
    this.busy = true;
    const state = this.changed;
    this.changed = {};
    post({ id: this.id, method: "update", state }).then(() => {
      this.busy = false;
      this.save_changes();
    });
  }

  send(content, _callbacks, buffers) {
    post({ id: this.id, method: "custom", content }, buffers);
  }

  receive({ method, state, content, buffers, buffer_paths }) {
    if (method === "custom") this.emit("msg:custom", content, buffers);
    if (method !== "update") return;
    buffer_paths.forEach(([name], i) => {
      state[name] = buffers[i];
    });
    const changed = Object.keys(state).filter((name) => !same(this.state[name], state[name]));
    Object.assign(this.state, state);
    this.known();
    for (const name of changed) this.emit(`change:${name}`);
  }

  on(event, act) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), act]);
  }

  off(event, act) {
    this.listeners.set(event, (this.listeners.get(event) ?? []).filter((other) => other !== act));
  }

  emit(event, ...details) {
    for (const act of this.listeners.get(event) ?? []) act(...details);
  }
}

const same = (a, b) => !(b instanceof DataView) && JSON.stringify(a) === JSON.stringify(b);

// --- Views ---

window.clear = () => {
  for (const stop of stops) stop?.();
  stops = [];
  models.clear();
  document.querySelector("main").replaceChildren();
};

/** Show these models, below one another. */
window.show = async (ids) => {
  for (const id of ids) {
    const model = modelOf(id);
    await model.ready;
    const style = document.createElement("style");
    style.textContent = model.get("_css");
    const el = document.createElement("div");
    el.classList.add(...(model.get("_dom_classes") ?? []));
    document.querySelector("main").append(style, el);
    const address = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
    const widget = (await import(address)).default;
    stops.push(await widget.render({ model, el }));
  }
};

// --- JupyterLab's themes, and the keys that it would hear ---

const theme = document.head.appendChild(document.createElement("style"));

window.setTheme = async (name) => {
  theme.textContent = await (await fetch(`${name}.css`)).text();
  document.body.dataset.jpThemeLight = name === "light";
};

window.keysHeard = [];
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Tab" && !target.closest("[data-lm-suppress-shortcuts]")) window.keysHeard.push(key);
});

await window.setTheme("light");
receive();
