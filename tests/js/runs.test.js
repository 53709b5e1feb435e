import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, present, thinned, ticks, withPoints } from "../../course_utils/widgets/train/runs.js";

const bytes = (...values) => new Uint8Array(new Float32Array(values).buffer);
const told = (number, from, to, earlier = false) => ({ number, from, to, earlier });

test("points are added, and the last one may be known better", () => {
  let runs = withPoints(new Map(), [told(0, [0, 0], [2, 0])], bytes(1, 1, 1, 1, 2, 2, 2, 2));
  runs = withPoints(runs, [told(0, [1, 0], [2, 1])], bytes(3, 3, 3, 3, 4, 4, 4, 4));
  assert.deepEqual(
    runs.get(0).points.map(([images]) => images),
    [1, 3],
  );
  assert.equal(runs.get(0).checks[0][0], 4);
});

test("a page that has missed points says so", () => {
  assert.equal(withPoints(new Map(), [told(0, [1, 0], [2, 0])], bytes(1, 1, 1, 1)), null);
});

test("earlier runs stay when a message does not speak of them", () => {
  const first = withPoints(new Map(), [told(0, [0, 0], [0, 0], true), told(1, [0, 0], [0, 0])], bytes());
  const runs = withPoints(first, [told(2, [0, 0], [0, 0])], bytes());
  assert.deepEqual([...runs.keys()], [0, 2]);
  assert.deepEqual(
    present(runs).map(({ number }) => number),
    [2],
  );
});

test("thinned: means of neighbours, none lost", () => {
  const points = [1, 2, 3, 4].map((n) => [n, 0, 0, 0]);
  assert.equal(thinned(points, 100), points);
  assert.deepEqual(
    thinned(points, 4).map(([images]) => images),
    [1.5, 3.5],
  );
});

test("ticks: steps of 1, 2 or 5", () => {
  assert.deepEqual(ticks(3), [0, 1, 2, 3]);
  assert.deepEqual(ticks(10), [0, 2, 4, 6, 8, 10]);
});

test("duration: in the unit that suits", () => {
  assert.deepEqual([1.2, 120, 7200].map(duration), ["2 s", "2 min", "2.0 h"]);
});
