/** Images on a canvas: bytes, colours, tiles side by side. */

import { clamp } from "./dom.js";

/** @typedef {import("./model.d.ts").Model} Model */
/** @typedef {{ channel: number, row: number, column: number }} Unit a pixel of one tile */

// --- Bytes and colours ---

/**
 * Bytes of a trait; none if it has no value yet.
 * @param {Model} model
 * @param {string} name
 */
export function bytesOf(model, name) {
  const data = model.get(name); // a DataView
  return data?.buffer ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}

/**
 * float32 values of a trait.
 * @param {Model} model
 * @param {string} name
 */
export const floatsOf = (model, name) => new Float32Array(bytesOf(model, name).slice().buffer); // from a multiple of 4

/**
 * RGB bytes, three for each pixel -> the numbers by which a canvas holds colours.
 * @param {Uint8Array} rgb
 */
export function coloursOf(rgb) {
  const colours = new Uint32Array(rgb.length / 3);
  for (let i = 0, from = 0; i < colours.length; i++, from += 3) {
    colours[i] = 0xff000000 | (rgb[from + 2] << 16) | (rgb[from + 1] << 8) | rgb[from];
  }
  return colours;
}

/** 256 greys, from black to white. */
export const GREYS = coloursOf(Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)));

/**
 * The colours of levels 0..255, by a table of 256.
 * @param {Uint8Array} levels
 * @param {Uint32Array} colours
 */
export function byLevel(levels, colours) {
  const painted = new Uint32Array(levels.length);
  for (let i = 0; i < painted.length; i++) painted[i] = colours[levels[i]];
  return painted;
}

/**
 * Values on a scale: `low` has the first of 256 colours, `high` the last, what lies beyond has theirs.
 * @param {ArrayLike<number>} values
 * @param {{ low: number, high: number }} scale
 * @param {Uint32Array} colours
 */
export function onScale(values, { low, high }, colours) {
  const factor = high > low ? 255 / (high - low) : 0;
  const painted = new Uint32Array(values.length);
  for (let i = 0; i < painted.length; i++) {
    const level = (values[i] - low) * factor + 0.5;
    painted[i] = colours[level < 0 ? 0 : level > 255 ? 255 : level | 0];
  }
  return painted;
}

/**
 * The colours of maps from a widget's traits: of values from 0 up, and of values on both sides of 0, which is white.
 * @param {any} model
 */
export function mapColours(model) {
  return { plain: coloursOf(bytesOf(model, "colours")), diverging: coloursOf(bytesOf(model, "diverging")) };
}

/**
 * Colours and ends of the scale for values from `low` to `high`: as far below 0 as above if there are values below it.
 * @param {{ low: number, high: number }} range
 * @param {{ plain: Uint32Array, diverging: Uint32Array }} maps
 */
export function scaleOf({ low, high }, { plain, diverging }) {
  if (!(low < 0)) return { ends: { low, high }, colours: plain };
  const most = Math.max(-low, high);
  return { ends: { low: -most, high: most }, colours: diverging };
}

// --- Painting ---

/**
 * Give a canvas its pixels. One that has as many is neither emptied nor laid out anew, which takes longer than to paint it.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function resize(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** Tiles of one size side by side: `count` of them, `across` in a row, `gap` pixels between. */
export class Grid {
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
      left: (channel % this.across) * (this.columns + this.gap),
      top: Math.floor(channel / this.across) * (this.rows + this.gap),
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
    /** @type {Record<string, number>} */
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
    resize(canvas, this.width, this.height);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}

/**
 * How many tiles stand in a row, so that all of them are as large as fits into an area; rows that
 * are full are worth a tenth of the size.
 * @param {number} count
 * @param {number} rows
 * @param {number} columns
 * @param {number} gap
 * @param {{ clientWidth: number, clientHeight: number }} area
 */
export function fitting(count, rows, columns, gap, { clientWidth, clientHeight }) {
  let [best, largest] = [1, 0];
  for (let across = 1; across <= count; across++) {
    const { width, height } = new Grid(count, rows, columns, across, gap);
    const size = Math.min(clientWidth / width, clientHeight / height) * (count % across ? 0.9 : 1);
    if (size > largest) [best, largest] = [across, size];
  }
  return best;
}

/** Steps [down, right]. @type {Record<string, [number, number]>} */
export const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * A position in a row of tiles -> [position in the tile, number of the tile].
 * @param {number} position
 * @param {number} size
 * @param {number} gap
 */
function split(position, size, gap) {
  const place = position % (size + gap);
  return [Math.min(place, size - 1), Math.floor(position / (size + gap))];
}

/**
 * Paint one image, row by row.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint32Array} colours
 * @param {number} height
 * @param {number} width
 */
export function paint(canvas, colours, height, width) {
  new Grid(1, height, width).paint(canvas, () => colours);
}

/**
 * The bytes of a picture as a JPEG, its longer side at most `side` pixels.
 * @param {CanvasImageSource} picture
 * @param {number} width
 * @param {number} height
 * @param {number} side
 */
export async function jpegOf(picture, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = new OffscreenCanvas(width * scale, height * scale);
  const paper = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  paper.fillStyle = "white"; // JPEG knows no transparency
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })).arrayBuffer();
}
