/**
 * explore(): a network, an image, a layer; its feature maps as one mosaic, and a second such
 * side to compare. Layers that the page has seen need no kernel.
 */

import { bytesOf, mapColours } from "../shared/js/canvas.js";
import { el, input, pair } from "../shared/js/dom.js";
import { Frame } from "../shared/js/frame.js";
import { Photographs } from "./camera.js";
import { Cards } from "./cards.js";
import { NONE, Side } from "./side.js";

const LISTS = { network: "Network", image: "Image", layer: "Layer", other: "Compare with" };

export class Explore {
  constructor({ model, el: root }) {
    this.model = model;
    this.root = root;
    this.frame = new Frame(model, root, "explore", LISTS);
    this.camera = new Photographs(this.frame);
    this.cards = new Cards();
    this.colours = mapColours(model);
    this.answer = this.ahead = 0; // numbers of what is shown: the kernel's last answer, a layer shown before its answer
    this.sides = ["", "other_"].map((prefix) => new Side(this, prefix));
    this.buildSwitches();
    this.frame.body.classList.add("cw-sides", "cw-grow");
    this.frame.body.append(this.sides[0].element);
    this.listen();
    this.update();
  }

  /** Each map on its own scale; how much of the open map covers the image. */
  buildSwitches() {
    this.ownScale = input({ type: "checkbox" }, ({ checked }) => this.frame.set({ own_scale: checked }));
    this.ownLabel = el("label", {}, this.ownScale, "each map on its own scale");
    const range = { type: "range", min: 0, max: 100, value: 60 };
    this.cover = input(range, ({ value }) => this.showCover(value), "input");
    this.slider = el("label", { class: "cw-cover", hidden: "" }, "Over the image", this.cover);
    this.showCover(this.cover.value);
    this.sides[0].below.append(this.ownLabel);
    this.sides[0].image.element.append(this.slider);
  }

  showCover(percent) {
    this.cover.value = percent;
    this.root.style.setProperty("--cover", String(percent / 100));
  }

  listen() {
    const { layer } = this.frame.selects;
    // before the frame sends the choice, and after
    layer.addEventListener("change", () => this.model.set("known", this.has(layer.value)), true);
    layer.addEventListener("change", () => this.showAhead(layer.value));
    this.frame.body.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.model.get("channel") < 0) return;
      event.preventDefault(); // it closes the map, not presenter mode
      this.enlarge(NONE);
    });
    this.root.addEventListener("cw-keep", ({ detail }) => (detail.cover = this.cover.value));
    this.root.addEventListener("cw-recall", ({ detail }) => this.showCover(detail.cover ?? this.cover.value));
    this.frame.listen("change:view", () => this.update());
    this.frame.listen("change:own_scale", () => this.paint());
    this.frame.listen("change:channel", () => this.paint());
    this.frame.listen("msg:custom", ({ card }, buffers) => this.receive(card, buffers?.[0]));
  }

  close() {
    clearTimeout(this.timer);
    this.camera.close();
    this.frame.close();
  }

  // --- What the kernel sends ---

  update() {
    const view = this.model.get("view");
    if (view.seq < Math.max(this.answer, this.ahead)) return; // overtaken
    this.answer = view.seq;
    this.views = view.other ? [view, view.other] : [view];
    this.frame.update(view, {
      ...this.frame.commonOptions(),
      layer: this.layers(0).map(({ name, shape }) => pair(name, `${name} · ${shape}`)),
      other: this.model.get("others").map(({ name, title }) => pair(name, title)),
    });
    this.views.forEach((side, i) => {
      this.sides[i].show(side);
      if (view.sent) this.cards.put(side, bytesOf(this.model, `${this.sides[i].prefix}maps`));
    });
    this.root.classList.remove("cw-random"); // each side says it for itself
    this.arrange(view);
    this.paint();
  }

  /** What a diagram says about the layers of a side. */
  layers(side) {
    return this.model.get(`${this.sides[side].prefix}layers`);
  }

  /** One side or two. */
  arrange({ other }) {
    this.root.classList.toggle("cw-two", Boolean(other));
    for (const side of this.sides) {
      if (other) side.element.prepend(side.heading);
      else side.heading.remove(); // the controls say it
    }
    if (other) this.frame.body.append(this.sides[1].element);
    else this.sides[1].element.remove();
  }

  /** A layer that the page asked for. */
  receive(card, bytes) {
    const awaited = this.awaited;
    if (!card || this.cards.name(card.key, card.layer) === awaited) this.awaited = null;
    if (!card) return; // the side has changed, and its view comes
    this.cards.put(card, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (this.behind) this.paint();
    else if (awaited && !this.awaited) this.askAhead(); // what another view asked for changes nothing
  }

  /** Show all of the present views, once the page has what it takes. */
  paint() {
    const cards = this.views.map(({ key, layer }) => this.cards.get(key, layer));
    const missing = cards.indexOf(undefined);
    this.behind = missing >= 0;
    if (this.behind) {
      this.want(this.views[missing].key, this.views[missing].layer);
      return;
    }
    cards.forEach((card, i) => this.sides[i].paint(card));
    this.views.forEach(({ title, input: shape, layer }, i) => {
      this.sides[i].diagram.show(title, this.layers(i), shape, layer);
    });
    this.ownScale.checked = this.model.get("own_scale");
    this.ownLabel.hidden = this.sides[0].flat;
    this.open();
    this.place(this.sides[0], this.sides[0].cursor);
    this.root.dataset.layer = this.views[0].layer;
    this.root.dataset.seq = Math.max(this.answer, this.ahead);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.askAhead(), 100);
  }

  // --- Layers that the page has, or will want ---

  /** Choose a layer in a diagram; in the second, the first one that stands for it. */
  choose(layer, side) {
    if (side === 1) layer = this.counterpart(layer);
    const { layer: select } = this.frame.selects;
    select.value = layer;
    select.dispatchEvent(new Event("change"));
  }

  /** The layer of the first network that stands for one of the second, or for the nearest. */
  counterpart(layer) {
    const places = this.layers(1).map(({ name }) => name);
    const distance = ([, other]) => Math.abs(places.indexOf(other) - places.indexOf(layer));
    const pairs = Object.entries(this.model.get("view").other.match);
    return pairs.reduce((best, pair) => (distance(pair) < distance(best) ? pair : best))[0];
  }

  /** What each side shows when the first shows `layer`. */
  layersWith(layer) {
    return this.views.map((view, i) => (i ? view.match[layer] : layer));
  }

  has(layer) {
    return this.layersWith(layer).every((name, i) => this.cards.has(this.views[i].key, name));
  }

  /** Show a layer before the kernel has answered, if its maps are here. */
  showAhead(layer) {
    if (!this.has(layer)) return;
    this.ahead = this.frame.asked;
    this.layersWith(layer).forEach((name, i) => {
      this.views[i] = { ...this.views[i], layer: name };
    });
    this.paint();
  }

  want(key, layer) {
    const name = this.cards.name(key, layer);
    if (name === this.awaited) return;
    this.awaited = name;
    this.model.send({ want: layer, key });
  }

  /** Nothing else to do: ask for one more layer, the nearest that is small and not here. */
  askAhead() {
    this.root.dataset.kept = this.cards.kept.size;
    if (this.awaited || this.root.hasAttribute("aria-busy")) return;
    for (const [i, { key, layer }] of this.views.entries()) {
      const missing = this.cards.missing(key, this.layers(i), layer);
      if (!missing) continue;
      this.want(key, missing);
      return;
    }
  }

  // --- Both sides move together ---

  place(side, cursor) {
    for (const each of this.sides.slice(0, this.views.length)) {
      each.place(each === side ? cursor : each.from(side, cursor));
    }
  }

  /** Open a channel, here and in the kernel. */
  enlarge(channel) {
    if (channel === NONE && this.sides.some((side) => side.large.element.contains(document.activeElement))) {
      this.sides[0].mosaic.canvas.focus();
    }
    this.frame.set({ channel });
    this.open();
  }

  open() {
    const channel = this.model.get("channel");
    const shown = this.sides.slice(0, this.views.length);
    for (const side of shown) side.enlarge(channel);
    const open = shown.some((side) => side.open !== NONE);
    this.root.classList.toggle("cw-open", open);
    this.slider.hidden = !open;
  }
}

export default {
  render(context) {
    const explore = new Explore(context);
    return () => explore.close();
  },
};
