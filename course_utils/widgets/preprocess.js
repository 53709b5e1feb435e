// preprocess(): the picture after each step on its way into a network.

class Preprocess {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, {
      picture: "Picture",
      network: "Network",
      normalisation: "Normalisation",
    });
    this.steps = el("ol", { class: "cw-steps" });
    this.classes = new Classes();
    this.ways = el("tbody");
    this.frame.body.classList.add("cw-preprocess");
    this.frame.body.append(this.steps, el("div", { class: "cw-result" }, this.classes.element, this.table()));
    this.frame.listen("change:view", () => this.update());
    this.update();
  }

  table() {
    const head = ["Normalisation", "Class", "Probability"].map((text) => el("th", { scope: "col" }, text));
    return el(
      "table",
      { class: "cw-ways" },
      el("caption", {}, "Best class by normalisation"),
      el("thead", {}, el("tr", {}, ...head)),
      this.ways
    );
  }

  update() {
    const view = this.model.get("view");
    if (view.seq < this.painted) return; // an older answer that came late
    this.painted = view.seq;
    this.frame.update(view, {
      ...this.frame.commonOptions(),
      normalisation: view.ways.map(({ name, title }) => [name, title]),
    });
    const bytes = bytesOf(this.model, "pixels");
    const cards = [...this.steps.children];
    let from = 0;
    view.steps.forEach((step, i) => {
      cards[i] ??= card();
      const size = step.height * step.width * 3;
      showStep(cards[i], step, bytes.subarray(from, from + size), view);
      from += size;
    });
    this.steps.append(...cards.filter((item) => !item.isConnected));
    this.classes.show(view);
    this.ways.replaceChildren(...view.ways.map((way) => row(way, way.name === this.model.get("normalisation"))));
    this.root.dataset.seq = view.seq;
  }
}

function card() {
  const part = (tag, name, attributes = {}) => el(tag, { class: `cw-${name}`, ...attributes });
  const item = el(
    "li",
    {},
    part("h4", "name"),
    part("p", "does"),
    part("canvas", "thumbnail", { role: "img" }),
    svg("svg", { class: "cw-histogram", role: "img", viewBox: "0 0 480 160", preserveAspectRatio: "none" }),
    el("div", { class: "cw-ends" }, part("span", "black"), part("span", "white")),
    part("div", "facts")
  );
  item.find = (name) => item.querySelector(`.cw-${name}`);
  for (const fact of ["shape", "type", "values", "mean"]) {
    item.find("facts").append(el("span", {}, fact), part("span", fact));
  }
  return item;
}

function showStep(item, step, bytes, { picture }) {
  const values = `${step.min} to ${step.max}`;
  item.find("name").textContent = step.name;
  item.find("does").textContent = step.explanation;
  item.find("shape").textContent = step.shape;
  item.find("type").textContent = step.type;
  item.find("values").textContent = values;
  item.find("mean").textContent = step.mean;
  item.find("black").textContent = step.black;
  item.find("white").textContent = step.white;
  const thumbnail = item.find("thumbnail");
  thumbnail.setAttribute("aria-label", `${picture} after ${step.name}: ${step.shape}, values ${values}, mean ${step.mean}`);
  paintPicture(thumbnail, bytes, step.height, step.width);
  const histogram = item.find("histogram");
  histogram.setAttribute("aria-label", `histogram of red, green and blue from ${step.black} to ${step.white}, mean ${step.mean}`);
  drawHistogram(histogram, step);
}

/** One line a channel over the values from black to white; a thin line where zero is. */
function drawHistogram(drawing, { histogram, zero }) {
  // a few bins (sky, black borders) may tower over all others: the highest do not count
  const counts = histogram.flat().sort((a, b) => a - b);
  const top = counts[Math.max(0, counts.length - 4)] || counts.at(-1) || 1;
  const lines = histogram.map((bins, channel) => {
    const height = (count) => (156 - 150 * Math.min(1, count / top)).toFixed(1);
    const points = bins.map((count, i) => `${(((i + 0.5) * 480) / bins.length).toFixed(1)},${height(count)}`);
    return svg("polyline", { class: ["cw-red", "cw-green", "cw-blue"][channel], points: points.join(" ") });
  });
  const axis = zero === null ? [] : [svg("line", { x1: zero * 480, x2: zero * 480, y1: 0, y2: 160 })];
  drawing.replaceChildren(...axis, ...lines);
}

function row({ title, numbers, label, text }, chosen) {
  const name = el("th", { scope: "row" }, title, el("small", {}, numbers));
  return el("tr", chosen ? { "aria-current": "true" } : {}, name, el("td", {}, label), el("td", {}, text));
}

export default {
  render(context) {
    const preprocess = new Preprocess(context);
    return () => preprocess.frame.close();
  },
};
