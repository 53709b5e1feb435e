/** The input, one output channel, and all of them: the images on which the window is moved. */

import { coloursOf, GREYS, Grid, onScale, scaleOf } from "../shared/js/canvas.js";
import { el, extent, fill, input, labelled, list, pair, svg, times } from "../shared/js/dom.js";
import { mark, Panel, Scale } from "../shared/js/panel.js";
import { interactive } from "../shared/js/pointer.js";
import { shown } from "./sums.js";

const CHEQUERS = [0xff484848, 0xff303030]; // padding is no part of the image

/** The image in its ring of padding, with the window over it. */
export class InputView extends Panel {
  constructor(moves) {
    super();
    interactive(this.canvas, moves);
    this.mark.remove();
    this.taps = svg("path", { class: "cw-taps" });
    this.edge = svg("rect", { class: "cw-edge" });
    this.overlay = svg("svg", { class: "cw-overlay", "aria-hidden": "true" }, this.edge, this.taps);
    this.frame.append(this.overlay);
  }

  /** pixels: RGB bytes; padding: width of the ring. */
  showImage({ image, shape }, pixels, padding) {
    const [, height, width] = shape;
    const [wide, tall] = [width + 2 * padding, height + 2 * padding];
    const ring = padding ? ` with a padding of ${padding}` : "";
    const colours = coloursOf(pixels);
    const painted = Uint32Array.from({ length: wide * tall }, (_, i) => {
      const [y, x] = [Math.floor(i / wide) - padding, (i % wide) - padding];
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      return inside ? colours[y * width + x] : CHEQUERS[(x + y) & 1];
    });
    this.paint(new Grid(1, tall, wide), () => painted, `${image}: ${times(shape)} values${ring}`);
    this.caption.textContent = `Input: ${times(shape)}`;
    this.overlay.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    const edge = { x: padding, y: padding, width, height };
    for (const [name, value] of Object.entries(edge)) this.edge.setAttribute(name, String(value));
    this.edge.style.display = padding ? "" : "none";
  }

  /**
   * Frame the squares that the kernel lies on.
   * @param {number} top in pixels of the padded image
   * @param {number} left
   * @param {number[]} kernel
   * @param {number} dilation
   */
  showWindow(top, left, [rows, columns], dilation) {
    let path = `M${left} ${top}h${columns}v${rows}h${-columns}z`;
    if (dilation > 1) {
      const square = (_, i) =>
        `M${left + (i % columns) * dilation} ${top + Math.floor(i / columns) * dilation}h1v1h-1z`;
      path = Array.from({ length: rows * columns }, square).join("");
    }
    this.taps.setAttribute("d", path);
  }
}

/** One output channel with its scale. */
export class OutputView extends Panel {
  constructor(moves, colours, asImage) {
    super();
    interactive(this.canvas, moves);
    this.colours = colours;
    this.scale = new Scale();
    this.asImage = input({ type: "checkbox" }, ({ checked }) => asImage(checked));
    this.switch = labelled("as an image", this.asImage);
    this.caption.after(this.scale.element);
  }

  /**
   * The colours of an output: in grey, 0 is black and 255 white; else from its lowest value to its highest, or as far
   * below zero as above if there are values below it.
   * @param {number[]} range
   * @param {boolean} grey
   */
  colouring([low, high], grey) {
    return grey ? { ends: { low: 0, high: 255 }, colours: GREYS } : scaleOf({ low, high }, this.colours);
  }

  showMap({ maps, height, width }, map, grey, view) {
    const range = extent(maps[map]);
    const { ends, colours } = this.colouring(range, grey);
    const at = maps[map].indexOf(range[1]);
    const [low, high] = range.map(shown);
    const text =
      `output channel ${map} (${view.names[map]}) for ${view.image}: values ${low} to ${high}, ` +
      `the highest in row ${Math.floor(at / width)}, column ${at % width}`;
    this.paint(new Grid(1, height, width), () => onScale(maps[map], ends, colours), text);
    this.caption.textContent = `Output: ${times([maps.length, height, width])}`;
    this.asImage.checked = grey;
    this.switch.hidden = !view.bright;
    this.scale.paint(colours);
    this.scale.show(ends);
  }
}

/** All output channels side by side, if there are several. */
export class ChannelsView extends Panel {
  constructor(choose) {
    super();
    this.element.classList.add("cw-channels");
    this.grid = new Grid(0, 1, 1);
    this.channel = list("channel", (value) => choose(Number(value)));
    const label = el("label", { class: "cw-channel" }, "Output channel ", this.channel);
    this.element.querySelector(".cw-caption").replaceChildren(label);
    interactive(this.canvas, {
      press: (x, y) => {
        const unit = this.grid.at(x, y);
        if (unit) choose(unit.channel);
      },
    });
  }

  showAll({ maps, height, width }, map, names, { ends, colours }) {
    this.element.hidden = maps.length < 2;
    fill(
      this.channel,
      names.map((name, i) => pair(String(i), `${i} · ${name}`)),
    );
    this.channel.value = String(map);
    const across = maps.length < 5 ? Math.min(2, maps.length) : Math.ceil(Math.sqrt(maps.length));
    const gap = Math.max(1, Math.round(width / 20));
    this.grid = this.tiles([maps.length, height, width], across, gap);
    const text = `${maps.length} output channels: ${names.join(", ")}`;
    this.paint(this.grid, (i) => onScale(maps[i], ends, colours), text);
    mark(this.mark, this.grid.box(map), this.grid.width, this.grid.height);
  }
}
