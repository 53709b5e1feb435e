/** What a unit can see of the image, along its rows and columns. */

import { clamp } from "../shared/js/dom.js";

/**
 * One side of a layer, as the kernel describes it: a unit sees `size` pixels, the next one begins `jump` later,
 * the first one begins at `start`; null: there is no such rule. spans: for each unit [first, end) inside the image.
 * @typedef {{ size: number | null, jump: number | null, start: number | null, spans: [number, number][] }} Axis
 */

/** The pixel in the middle of what a unit can see. @type {(axis: Axis, unit: number) => number} */
export function middle({ size, jump, start, spans }, unit) {
  return size ? start + unit * jump + size / 2 : (spans[unit][0] + spans[unit][1]) / 2;
}

/** The unit that looks at a pixel of so many. @type {(axis: Axis, pixel: number, pixels: number) => number} */
export function nearestUnit({ size, jump, start, spans }, pixel, pixels) {
  const unit = size ? Math.round((pixel - start - size / 2) / jump) : Math.floor((pixel / pixels) * spans.length);
  return clamp(unit, spans.length);
}

/** Is it cut off [before the first pixel, after the last one]? @type {(axis: Axis, unit: number) => boolean[]} */
function cut({ size, jump, start, spans }, unit) {
  if (!size) return [false, false];
  const first = start + unit * jump;
  return [first < spans[unit][0], first + size > spans[unit][1]];
}

/** The box inside the image, and which of its sides are cut off; null: not known, or none. */
export function boxOf({ rows, columns }, { row, column }) {
  if (!rows) return null;
  const [top, bottom] = rows.spans[row];
  const [left, right] = columns.spans[column];
  if (top === bottom || left === right) return null;
  const [above, below] = cut(rows, row);
  const [before, after] = cut(columns, column);
  const sides = { top: above, bottom: below, left: before, right: after };
  return { left, top, width: right - left, height: bottom - top, cut: sides };
}

/** What can reach a unit, in words. box: as `boxOf` gives it. */
export function inWords({ rows, columns, row }, box) {
  if (!rows) return "what can reach it is not known, the layers before it do not stand in a row";
  if (row.at(-1) === "whole image") return "the whole image can reach it";
  if (!box) return "no pixel can reach it, it sees padding only";
  const [inside, full] = [`${box.height} × ${box.width}`, `${rows.size} × ${columns.size}`];
  if (!rows.size || !columns.size || inside === full) return `${inside} pixels can reach it`;
  return `${full} pixels can reach it, ${inside} of them inside the image (it is clipped at the border)`;
}
