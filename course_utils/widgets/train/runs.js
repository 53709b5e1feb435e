/** What the page knows of all runs: their points come in pieces, see messages.py. */

/**
 * A point is (images, seconds, loss, accuracy), float32.
 * @typedef {object} Run
 * @property {Float32Array[]} points of the training
 * @property {Float32Array[]} checks of the validation, one for each epoch
 * @property {number} number
 * @property {string} name
 * @property {boolean} earlier
 * @property {number} images
 * @property {number} epochLength
 * @property {number} epochs
 * @property {number} left
 * @property {number} speed
 * @property {number} rate
 */

/**
 * The runs with the points of a message added; null if the page has missed some before them.
 * @param {Map<number, Run>} runs by their number
 * @param {any[]} told what the message says of each run
 * @param {Uint8Array} bytes its points
 * @returns {Map<number, Run> | null}
 */
export function withPoints(runs, told, bytes) {
  const values = new Float32Array(bytes.slice().buffer);
  /** @type {Map<number, Run>} */
  const known = new Map();
  let place = 0;
  for (const facts of told) {
    const { points, checks } = runs.get(facts.number) ?? { points: [], checks: [] };
    for (const [i, kept] of [points, checks].entries()) {
      if (kept.length < facts.from[i]) return null;
      kept.length = facts.from[i]; // the last one may be better known now
      for (let n = facts.from[i]; n < facts.to[i]; n++) kept.push(values.subarray(place, (place += 4)));
    }
    known.set(facts.number, { ...facts, points, checks });
  }
  const earlier = [...runs].filter(([number, run]) => run.earlier && !known.has(number));
  return new Map([...earlier, ...known]);
}

/**
 * Runs that are not earlier ones.
 * @param {Map<number, Run>} runs
 */
export const present = (runs) => [...runs.values()].filter((run) => !run.earlier);

/**
 * No more points than can be told apart: means of neighbours.
 * @param {Float32Array[]} points
 * @param {number} width pixels
 * @returns {ArrayLike<number>[]}
 */
export function thinned(points, width) {
  const each = Math.ceil(points.length / (width / 2));
  if (each < 2) return points;
  const groups = [];
  for (let i = 0; i < points.length; i += each) {
    const group = points.slice(i, i + each);
    groups.push([0, 1, 2, 3].map((k) => group.reduce((sum, point) => sum + point[k], 0) / group.length));
  }
  return groups;
}

/**
 * Values from 0 to `high` in steps of 1, 2 or 5.
 * @param {number} high
 */
export function ticks(high) {
  const rough = high / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
