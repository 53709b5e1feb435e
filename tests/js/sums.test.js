import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fits,
  outputs,
  shown,
  sidesInWords,
  sidesOf,
  typed,
  written,
} from "../../course_utils/widgets/convolve/sums.js";

const IMAGE = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]); // 3 × 3
const SETTINGS = { stride: 1, padding: 0, dilation: 1, kernel: [2, 2], pooling: null };
const SHAPE = [1, 3, 3];

test("numbers are short and have a true minus sign", () => {
  const written = [0, -0, 1 / 9, -0.0004, 113.4444, -1020, 12.345678, -Infinity].map(shown);
  assert.deepEqual(written, ["0", "0", "0.111", "0", "113.4", "−1020", "12.35", "−∞"]);
});

test("a weight is a fraction where decimals would say less", () => {
  const weights = [0, -1, 0.5, 1 / 9, -5 / 27, 1 / 4096, Math.PI, 0.1234].map(written);
  assert.deepEqual(weights, ["0", "−1", "0.5", "1/9", "−5/27", "1/4096", "3.14", "0.1234"]);
});

test("a weight can be typed as a fraction, with a comma, with either minus sign", () => {
  assert.deepEqual(["−1", "0,5", "1/4", " 2 "].map(typed), [-1, 0.5, 0.25, 2]);
  for (const text of ["", "-", "1/", "x", "1/0"]) assert.ok(Number.isNaN(typed(text)), text);
});

test("a convolution adds products and the bias", () => {
  const tables = {
    weights: [
      [
        [
          [1, 0],
          [0, -1],
        ],
      ],
    ],
    bias: [10],
  };
  assert.deepEqual([...outputs(SETTINGS, tables, IMAGE, SHAPE)[0]], [6, 6, 6, 6]);
});

test("pooling takes the largest value or the mean, padding included", () => {
  const nothing = { weights: [], bias: [] };
  const settings = { ...SETTINGS, stride: 2, padding: 1 };
  assert.deepEqual([...outputs({ ...settings, pooling: "max" }, nothing, IMAGE, SHAPE)[0]], [1, 3, 7, 9]);
  assert.deepEqual([...outputs({ ...settings, pooling: "average" }, nothing, IMAGE, SHAPE)[0]], [0.25, 1.25, 2.75, 7]);
});

test("the size of the output counts places that fit, and says what is left over", () => {
  const settings = { ...SETTINGS, stride: 2 };
  const sides = sidesOf(settings, [1, 5, 4]);
  assert.deepEqual(sides, [
    { count: 2, left: 1 },
    { count: 2, left: 0 },
  ]);
  assert.match(sidesInWords({ ...settings, sides }, [1, 5, 4]), /height .* = 2, 1 row left over · width .* = 2$/);
  assert.ok(fits(settings, [1, 2, 2]));
  assert.ok(!fits(settings, [1, 1, 2]));
  assert.ok(!fits({ ...settings, dilation: 2, pooling: "average" }, [1, 5, 5]));
});
