import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp, extent, short, times } from "../../course_utils/widgets/shared/js/dom.js";

test("short: three digits, a true minus sign", () => {
  assert.equal(short(0), "0");
  assert.equal(short(-0.123456), "−0.123");
  assert.equal(short(1234.5), "1230");
  assert.equal(short(1234.5, 4), "1235");
  assert.equal(short(Infinity), "Infinity");
});

test("times: a shape as people read it", () => {
  assert.equal(times([3, 224, 224]), "3 × 224 × 224");
  assert.equal(times([10]), "10");
});

test("clamp: the nearest place there is", () => {
  assert.deepEqual(
    [-1, 0, 4, 5].map((value) => clamp(value, 5)),
    [0, 0, 4, 4],
  );
});

test("extent: lowest and highest", () => {
  assert.deepEqual(extent(new Float32Array([2, -1, 0.5])), [-1, 2]);
  assert.deepEqual(extent([]), [Infinity, -Infinity]);
});
