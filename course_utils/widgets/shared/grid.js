// Maps or kernels side by side on one canvas: painting them, and finding one's way among them.

/** Maps of one size side by side: `count` of them, `across` in a row, `gap` pixels between. */
class Grid {
  constructor(count, rows, columns, across, gap) {
    Object.assign(this, { count, rows, columns, across, gap });
    this.width = across * (columns + gap) - gap;
    this.height = Math.ceil(count / across) * (rows + gap) - gap;
  }

  /** Where a map begins, in pixels of the whole. */
  corner(channel) {
    return {
      left: (channel % this.across) * (this.columns + this.gap),
      top: Math.floor(channel / this.across) * (this.rows + this.gap),
    };
  }

  /** The box of a map, for `mark`. */
  box(channel) {
    return { ...this.corner(channel), width: this.columns, height: this.rows };
  }

  /** The unit at a pixel, between two maps the one before the gap; null where there is no map. */
  at(x, y) {
    const [column, left] = split(x, this.columns, this.gap);
    const [row, top] = split(y, this.rows, this.gap);
    const channel = top * this.across + left;
    return channel >= 0 && channel < this.count && left < this.across ? { channel, row, column } : null;
  }

  /** Where a key leads from a unit; over the edge of a map into its neighbour. */
  step(cursor, key) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
    const jump = { PageUp: -1, PageDown: 1, Home: -this.count, End: this.count }[key];
    if (step) return this.walk(cursor, ...step);
    return jump ? { ...cursor, channel: clamp(cursor.channel + jump, this.count) } : null;
  }

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

  /** Paint all maps: `colour(channel)` gives a map's colours, row by row. Between maps: nothing. */
  paint(canvas, colours) {
    const image = new ImageData(this.width, this.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let channel = 0; channel < this.count; channel++) {
      const { left, top } = this.corner(channel);
      const map = colours(channel);
      for (let row = 0; row < this.rows; row++) {
        const part = map.subarray(row * this.columns, (row + 1) * this.columns);
        pixels.set(part, (top + row) * this.width + left);
      }
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }
}

/** A position in a row of maps -> [position in the map, number of the map]. */
function split(position, size, gap) {
  const place = position % (size + gap);
  return [Math.min(place, size - 1), Math.floor(position / (size + gap))];
}

/** Where an event is on a canvas, in the canvas's own pixels. */
function pixelAt(canvas, { clientX, clientY }) {
  const box = canvas.getBoundingClientRect();
  return [
    Math.floor(((clientX - box.left) / box.width) * canvas.width),
    Math.floor(((clientY - box.top) / box.height) * canvas.height),
  ];
}

/**
 * Call `point(event)` where the pointer moves over an element, `leave()` when it goes. Browsers say
 * so, too, when the page moves under a pointer at rest; nobody wants to hear that.
 */
function follow(element, point, leave) {
  let last = [];
  const moved = ({ type, clientX, clientY, movementX, movementY }) => {
    const [x, y] = last;
    last = [clientX, clientY];
    return type === "pointermove" ? movementX || movementY : x !== clientX || y !== clientY;
  };
  element.addEventListener("pointerenter", moved);
  element.addEventListener("pointermove", (event) => moved(event) && point(event));
  element.addEventListener("pointerleave", (event) => moved(event) && leave());
}
