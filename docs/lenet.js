/**
 * draw() in a page: LeNet's forward pass, and the way from strokes to a digit. It is the one thing
 * that is computed twice, here and in Python; tests compare them.
 */

const SIDE = 28;
const PAD = 224;

const indices = (count) => [...Array(count).keys()];
const relu = (x) => x.map((value) => Math.max(0, value));

/** Maps `count` × n × n -> those of a convolution with kernels 5 × 5. */
function convolution(x, count, n, take, maps) {
  const [weights, bias, m] = [take(maps * count * 25), take(maps), n - 4];
  const steps = indices(count * 25).map((k) => (Math.floor(k / 25) * n + (Math.floor(k / 5) % 5)) * n + (k % 5));
  return Float32Array.from({ length: maps * m * m }, (_, i) => {
    const [map, at] = [Math.floor(i / (m * m)), (Math.floor(i / m) % m) * n + (i % m)];
    return steps.reduce((sum, step, k) => sum + weights[map * steps.length + k] * x[at + step], bias[map]);
  });
}

/** The largest of each 2 × 2 of maps n wide. */
function pooling(x, n) {
  const m = n / 2;
  return Float32Array.from({ length: x.length / 4 }, (_, i) => {
    const at = 2 * Math.floor(i / m) * n + 2 * (i % m); // of the rows of all maps, two become one
    return Math.max(x[at], x[at + 1], x[at + n], x[at + n + 1]);
  });
}

function linear(x, take, units) {
  const [weights, bias] = [take(units * x.length), take(units)];
  return bias.map((start, unit) => x.reduce((sum, value, i) => sum + value * weights[unit * x.length + i], start));
}

/** The layers of LeNet that draw() shows, for a digit of 28 × 28 levels; the last are the logits. */
function lenet(weights, digit) {
  let at = 0;
  const take = (count) => weights.subarray(at, (at += count));
  const x = new Float32Array(32 * 32).fill(-0.1307 / 0.3081);
  digit.forEach((level, i) => (x[(Math.floor(i / SIDE) + 2) * 32 + (i % SIDE) + 2] = (level / 255 - 0.1307) / 0.3081));
  const conv1 = convolution(x, 1, 32, take, 6);
  const pool1 = pooling(relu(conv1), 28);
  const conv2 = convolution(pool1, 6, 14, take, 16);
  const pool2 = pooling(relu(conv2), 10);
  const fc1 = linear(pool2, take, 120);
  const fc2 = linear(relu(fc1), take, 84);
  return [conv1, pool1, conv2, pool2, fc1, fc2, linear(relu(fc2), take, 10)];
}

/** For each of `to` pixels in a row which of `from` pixels it is the mean of: Pillow's BOX, in its own steps. */
function boxes(from, to) {
  const scale = from / to;
  const wide = Math.max(1, scale);
  const share = 1 / wide;
  return Array.from({ length: to }, (_, i) => {
    const middle = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - 0.5 * wide + 0.5));
    const end = Math.min(from, Math.trunc(middle + 0.5 * wide + 0.5));
    const within = (x) => (x - middle + 0.5) * share > -0.5 && (x - middle + 0.5) * share <= 0.5;
    return Array.from({ length: end - first }, (_, x) => first + x).filter(within);
  });
}

/** Rows of `width` levels, each made of `columns` means, as the columns of what comes out. */
function narrowed(levels, width, columns, round) {
  const [height, across] = [levels.length / width, boxes(width, columns)];
  const mean = (start, xs) => xs.reduce((sum, x) => sum + levels[start + x], 0) / xs.length;
  const at = (i) => round(mean((i % height) * width, across[Math.floor(i / height)]));
  return Float32Array.from({ length: height * columns }, (_, i) => at(i));
}

/** Levels of height × width pixels, made smaller; `round` what each of the two passes gives. */
const resized = (levels, height, width, rows, columns, round) =>
  narrowed(narrowed(levels, width, columns, round), height, rows, round);

/** As MNIST's digits were made, see `centred` in course_utils/images/digits.py. */
function centredDigit(ink) {
  const digit = new Uint8Array(SIDE * SIDE);
  const used = indices(ink.length).filter((i) => ink[i]);
  if (!used.length) return digit;
  const ys = used.map((i) => Math.floor(i / PAD)); // in order, as the pixels are
  const xs = used.map((i) => i % PAD).sort((a, b) => a - b);
  const [[height, width], [top, left]] = [[ys, xs].map((all) => all.at(-1) - all[0] + 1), [ys[0], xs[0]]];
  const cut = indices(height * width).map((i) => ink[(top + Math.floor(i / width)) * PAD + left + (i % width)]);
  const [rows, columns] = [height, width].map((side) => Math.max(1, evenly((20 / Math.max(height, width)) * side)));
  const small = resized(cut, height, width, rows, columns, Math.fround);
  const limit = Math.max(...small);
  const levels = Uint8Array.from(small, (value) => Math.fround(Math.fround(value / limit) * 255));
  const all = levels.reduce((a, b) => a + b, 0);
  const middle = (place) => levels.reduce((sum, level, i) => sum + level * (place(i) + 0.5), 0) / all;
  const down = Math.ceil(SIDE / 2 - middle((i) => Math.floor(i / columns)));
  const right = Math.ceil(SIDE / 2 - middle((i) => i % columns));
  levels.forEach((level, i) => {
    const [row, column] = [down + Math.floor(i / columns), right + (i % columns)];
    if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) digit[row * SIDE + column] = level;
  });
  return digit;
}

/** Rounded as Python does: a half to the even number. */
const evenly = (value) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

function inkOf(strokes, line) {
  const canvas = Object.assign(document.createElement("canvas"), { width: PAD, height: PAD });
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineCap: "round", lineJoin: "round", lineWidth: Math.round(line * PAD), strokeStyle: "#fff" });
  pen.fillRect(0, 0, PAD, PAD);
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of [stroke[0], ...stroke]) pen.lineTo(x * PAD, y * PAD);
    pen.stroke();
  }
  return pen.getImageData(0, 0, PAD, PAD).data.filter((_, i) => i % 4 === 0);
}

players.draw = class extends Model {
  /** An example is recorded; what somebody draws is computed. */
  async answer(changed) {
    const shown = await super.answer(changed);
    if (!shown) return null;
    const { line, centred, view, example } = { ...this.state, ...shown };
    if (example && line === this.first.line && centred === this.first.centred) return shown;
    const strokes = (example && shown.strokes) || this.state.strokes;
    const ink = inkOf(strokes, line);
    const digit = centred ? centredDigit(ink) : Uint8Array.from(resized(ink, PAD, PAD, SIDE, SIDE, Math.round));
    const { buffer, byteOffset, byteLength } = this.state.weights;
    const layers = lenet(new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength)), digit);
    const powers = layers.at(-1).map((logit) => Math.exp(logit - Math.max(...layers.at(-1))));
    const sum = powers.reduce((a, b) => a + b);
    const shares = [...powers].map((power) => Math.round((1e4 * power) / sum) / 1e4);
    const maps = layers.flatMap((layer) => {
      const limit = layer.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
      return [...layer.map((value) => Math.round((value / limit) * 127.5 + 127.5))];
    });
    const best = shares.indexOf(Math.max(...shares));
    const how = centred ? "centred and scaled" : "where it was drawn";
    const said = `${how}: ${view.title} reads ${best} (${Math.round(100 * shares[best])}%)`;
    const description = strokes.length ? said : "nothing is drawn yet";
    return {
      strokes,
      pixels: new DataView(digit.buffer),
      maps: new DataView(Uint8Array.from(maps).buffer),
      view: { ...view, shares, empty: !strokes.length, labels: [], description },
    };
  }
};
