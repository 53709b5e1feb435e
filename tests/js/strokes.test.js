import assert from "node:assert/strict";
import { test } from "node:test";

import { Strokes } from "../../course_utils/widgets/draw/strokes.js";

test("a stroke takes points while the pen moves, none that says nothing new", () => {
  const strokes = new Strokes();
  strokes.begin([0.1, 0.2]);
  strokes.go([0.1, 0.201]);
  strokes.go([0.5, 0.2]);
  assert.equal(strokes.down, true);
  strokes.lift();
  assert.equal(strokes.down, false);
  assert.deepEqual(strokes.copy(), [
    [
      [0.1, 0.2],
      [0.5, 0.2],
    ],
  ]);
});

test("undo takes the last stroke, clear all, with the pen up afterwards", () => {
  const strokes = new Strokes();
  strokes.begin([0.1, 0.1]);
  strokes.begin([0.123456, 0.9]);
  strokes.undo();
  assert.equal(strokes.down, false);
  assert.deepEqual(strokes.copy(), [[[0.1, 0.1]]]);
  strokes.clear();
  assert.deepEqual(strokes.all, []);
  strokes.undo();
  assert.deepEqual(strokes.all, []);
});
