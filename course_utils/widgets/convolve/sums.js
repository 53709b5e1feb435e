/** The sums of a convolution or a pooling, and how their numbers are written. */

/** A number: one decimal from 100 on, two from 1 on, otherwise three, with a true minus sign. */
export function shown(value) {
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  const rounded = Number(value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 3));
  return String(rounded || 0).replace("-", "−");
}

/** A weight: with up to four decimals as it is; else as a fraction, like 1/9; else rounded. */
export function written(value) {
  if (Number(value.toFixed(4)) === value) return String(value).replace("-", "−");
  for (let under = 2; under <= 5000; under++) {
    const over = Math.round(value * under);
    if (over && Math.abs(over / under - value) < 1e-12) return `${over}/${under}`.replace("-", "−");
  }
  return shown(value);
}

/** What someone types as a weight: −1, 0,5 or 1/9; NaN if it is no number. */
export function typed(text) {
  const plain = text.replace("−", "-").replace(",", ".").trim();
  const [, over, under] = plain.match(/^([^/]+)\/([^/]+)$/) ?? [null, plain, "1"];
  const value = over.trim() && under.trim() ? Number(over) / Number(under) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** Is there anything to compute? shape: of the image, [channels, height, width]. */
export function fits({ stride, padding, dilation, kernel, pooling }, [, height, width]) {
  const [tall, wide] = kernel.map((side) => dilation * (side - 1) + 1);
  const places = tall <= height + 2 * padding && wide <= width + 2 * padding;
  const pools = !pooling || (2 * padding <= tall && (pooling === "max" || dilation === 1));
  return stride >= 1 && padding >= 0 && dilation >= 1 && places && pools;
}

/** Height and width of the output: how many places there are, and how many pixels are left over. */
export function sidesOf({ stride, padding, dilation, kernel }, shape) {
  return [0, 1].map((i) => {
    const room = shape[1 + i] + 2 * padding - dilation * (kernel[i] - 1) - 1;
    return { count: Math.floor(room / stride) + 1, left: room % stride };
  });
}

/** The formula of the output's size, filled in. sides: as `sidesOf` gives them. */
export function sidesInWords({ stride, padding, dilation, kernel, sides }, shape) {
  const words = sides.map(({ count, left }, i) => {
    const sum = `⌊(${shape[1 + i]} + 2·${padding} − ${dilation}·(${kernel[i]} − 1) − 1) / ${stride}⌋ + 1 = ${count}`;
    const rest = left ? `, ${left} ${["row", "column"][i]}${left > 1 ? "s" : ""} left over` : "";
    return `${["height", "width"][i]} ${sum}${rest}`;
  });
  return words.join(" · ");
}

/**
 * All output maps, row by row.
 * settings: stride, padding, dilation, kernel [height, width], pooling "max", "average" or null.
 * tables: weights [map][channel][row][column] and bias [map]; values: the image, row by row.
 */
export function outputs(settings, { weights, bias }, values, shape) {
  const [height, width] = sidesOf(settings, shape).map(({ count }) => count);
  const planes = padded(values, shape, settings.padding, settings.pooling === "max" ? -Infinity : 0);
  const place = { ...settings, height, width, across: shape[2] + 2 * settings.padding };
  if (settings.pooling) return planes.map((plane) => pool(plane, place));
  return weights.map((tables, map) => convolution(planes, tables, bias[map], place));
}

/** The planes of the image in a ring of `empty`. */
function padded(values, [channels, height, width], padding, empty) {
  const across = width + 2 * padding;
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float64Array(across * (height + 2 * padding)).fill(empty);
    for (let row = 0; row < height; row++) {
      const from = (channel * height + row) * width;
      plane.set(values.subarray(from, from + width), (row + padding) * across + padding);
    }
    return plane;
  });
}

/** One output map: the same sum at every place, added up in the order plane, row, column. */
function convolution(planes, tables, bias, { stride, dilation, height, width, across }) {
  const map = new Float64Array(height * width);
  tables.forEach((table, channel) =>
    table.forEach((weights, i) =>
      weights.forEach((weight, j) => {
        if (weight === 0) return;
        const plane = planes[channel];
        for (let row = 0, to = 0; row < height; row++) {
          let from = (row * stride + i * dilation) * across + j * dilation;
          for (let column = 0; column < width; column++, from += stride) map[to++] += weight * plane[from];
        }
      }),
    ),
  );
  return bias ? map.map((value) => value + bias) : map;
}

/** One plane, pooled: the largest value of each window, or the mean with its padding. */
function pool(plane, { stride, dilation, height, width, across, kernel, pooling }) {
  const max = pooling === "max";
  const map = new Float64Array(height * width).fill(max ? -Infinity : 0);
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      for (let row = 0, to = 0; row < height; row++) {
        let from = (row * stride + i * dilation) * across + j * dilation;
        for (let column = 0; column < width; column++, to++, from += stride) {
          map[to] = max ? Math.max(map[to], plane[from]) : map[to] + plane[from];
        }
      }
    }
  }
  return max ? map : map.map((value) => value / (kernel[0] * kernel[1]));
}
