import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, coloursOf, floatsOf, Grid, onScale } from "../../course_utils/widgets/shared/js/canvas.js";

/** A model that has these traits. */
const modelWith = (traits) => ({ get: (name) => traits[name] });

test("bytes of a trait: those of its view, none before it has a value", () => {
  const all = new Uint8Array([9, 1, 2, 3, 9]);
  const model = modelWith({ pixels: new DataView(all.buffer, 1, 3) });
  assert.deepEqual([...bytesOf(model, "pixels")], [1, 2, 3]);
  assert.equal(bytesOf(model, "maps").length, 0);
});

test("floats of a trait: also where they begin at no multiple of four", () => {
  const all = new Uint8Array(9);
  all.set(new Uint8Array(new Float32Array([0.5, -2]).buffer), 1);
  const model = modelWith({ weights: new DataView(all.buffer, 1) });
  assert.deepEqual([...floatsOf(model, "weights")], [0.5, -2]);
});

test("colours: alpha, blue, green, red, as a canvas holds them", () => {
  const colours = coloursOf(new Uint8Array([1, 2, 3, 255, 0, 16]));
  assert.deepEqual([...colours], [0xff030201, 0xff1000ff]);
});

test("values on a scale: rounded to the nearest colour, and kept within it", () => {
  const colours = Uint32Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual([...onScale([-1, 0, 0.5, 1, 2], { low: 0, high: 1 }, colours)], [0, 0, 128, 255, 255]);
  assert.deepEqual([...onScale([3, 3], { low: 3, high: 3 }, colours)], [0, 0]);
});

test("a grid: its size, and where a tile begins", () => {
  const grid = new Grid(5, 2, 3, 2, 1);
  assert.deepEqual([grid.width, grid.height], [7, 8]);
  assert.deepEqual(grid.corner(3), { left: 4, top: 3 });
  assert.deepEqual(grid.unit({ channel: 4, row: 1, column: 2 }), { left: 2, top: 7, width: 1, height: 1 });
});

test("a grid: every pixel of a tile is found, a gap belongs to the tile before it", () => {
  const grid = new Grid(5, 2, 3, 2, 1);
  for (let channel = 0; channel < 5; channel++)
    for (let row = 0; row < 2; row++)
      for (let column = 0; column < 3; column++) {
        const { left, top } = grid.unit({ channel, row, column });
        assert.deepEqual(grid.at(left + 0.5, top + 0.9), { channel, row, column });
      }
  assert.deepEqual(grid.at(3, 2), { channel: 0, row: 1, column: 2 });
  assert.equal(grid.at(5, 7), null); // where a sixth tile would be
  assert.equal(grid.at(-1, 0), null);
});

test("a grid: keys lead from unit to unit, from tile to tile, and not out of it", () => {
  const grid = new Grid(5, 2, 3, 2, 1);
  const from = { channel: 0, row: 0, column: 2 };
  assert.deepEqual(grid.step(from, "ArrowRight"), { channel: 1, row: 0, column: 0 });
  assert.deepEqual(grid.step(from, "ArrowUp"), from);
  assert.deepEqual(grid.step({ ...from, row: 1 }, "ArrowDown"), { channel: 2, row: 0, column: 2 });
  assert.deepEqual(grid.step(from, "PageDown"), { ...from, channel: 1 });
  assert.deepEqual(grid.step(from, "End"), { ...from, channel: 4 });
  assert.deepEqual(grid.step({ ...from, channel: 3 }, "Home"), from);
  assert.equal(grid.step(from, "x"), null);
});
