/** What one sees of a network while it learns: an image, kernels, feature maps, mistakes. */

import { byLevel, coloursOf, Grid, paint, scaleOf } from "../shared/js/canvas.js";
import { button, clamp, el, fill, KEEP_KEYS, labelled, list, pair, short, times } from "../shared/js/dom.js";
import { Panel, Scale } from "../shared/js/panel.js";

export class Inside {
  /** colours: of feature maps; ask({trait: value}) and look(): the user wants to see something. */
  constructor(colours, ask, look) {
    this.colours = colours;
    this.watched = list("watched", (value) => ask({ watched: Number(value) }));
    this.layer = list("layer", (value) => ask({ layer: value }));
    const turn = (text, by, label) =>
      button(text, () => ask({ image: clamp(this.image + by, this.images) }), {
        title: label,
        "aria-label": label,
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
      el("div", image, this.back, this.which, this.next),
    );
    this.element = this.panels();
    this.mistakes = this.wrong(button("Look at the mistakes now", look));
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
      this.maps.element,
    );
  }

  /** @param {HTMLElement} look */
  wrong(look) {
    this.confusion = el("table", { class: "cw-table cw-confusion" });
    this.worst = panel("cw-worst", "The mistakes that it is surest of");
    this.names = el("ol", {});
    this.worst.element.append(this.names);
    const scrolled = el(
      "div",
      { class: "cw-scrolls", tabindex: "0", "aria-label": "Confusion", ...KEEP_KEYS },
      this.confusion,
    );
    return el("section", { class: "cw-mistakes" }, el("div", {}, look, scrolled), this.worst.element);
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
      names.map((name, i) => pair(String(i), name)),
    );
    this.watched.value = watched;
    this.choice.hidden = this.watched.length < 2;
    fill(
      this.layer,
      layers.map(({ name, text }) => pair(name, text)),
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
    const heads = classes.map((text) => el("th", { scope: "col" }, el("span", {}, text)));
    const top = el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "true"), ...heads));
    const rows = counts.map((row, i) => confusionRow(classes[i], row, i));
    this.confusion.replaceChildren(caption, top, el("tbody", {}, ...rows));
    this.worst.element.hidden = !worst.length;
    if (!worst.length) return;
    const words = worst.map(({ label, said, share }) => `${label}: said ${said}, ${share.replace(" ", "\u00a0")}`);
    tiles(this.worst, [worst.length, ...side], 4, 2, coloursOf(rgb), `The worst mistakes: ${words.join("; ")}`, true);
    this.names.replaceChildren(...words.map((text) => el("li", {}, text)));
  }
}

function panel(name, caption = "") {
  const made = new Panel(caption);
  made.element.classList.add(name, "cw-grow");
  made.whenResized(() => made.again?.());
  return made;
}

/** Show tiles `[count, rows, columns]` side by side, given all their colours; fixed: `across` of them. */
function tiles(shown, [count, rows, columns], across, gap, colours, words, fixed = false) {
  const size = rows * columns;
  const colour = (tile) => colours.subarray(tile * size, (tile + 1) * size);
  shown.again = () => {
    const alone = fixed || (size === 1 && across === count); // a few units stand in one row
    const grid = alone ? new Grid(count, rows, columns, across, gap) : shown.tiles([count, rows, columns], across, gap);
    shown.paint(grid, colour, words);
  };
  shown.again();
}

/** The images of one class: how many of them were taken for which class. */
function confusionRow(name, counts, right) {
  const all = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  const cells = counts.map((count, i) => {
    const cell = el("td", { class: i === right ? "cw-right" : "" }, count ? String(count) : "");
    cell.style.setProperty("--share", (count / all / 2).toFixed(3));
    return cell;
  });
  return el("tr", {}, el("th", { scope: "row" }, name), ...cells);
}
