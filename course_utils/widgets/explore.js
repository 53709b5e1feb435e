// explore(): a network, a picture, a layer; the feature maps as one mosaic.

const HINT = {
  maps: "Point at a map, or use the arrow keys. Click or Enter shows it large.",
  units: "Point at a unit, or use the arrow keys.",
};

class Explore {
  constructor({ model, el: root }) {
    this.model = model;
    this.frame = new Frame(model, root, { network: "Network", picture: "Picture", layer: "Layer" });
    this.root = root;
    this.cursor = null; // { channel, row, column } under the pointer or the arrow keys
    this.open = null; // the channel that is shown large
    this.build();
    this.colours = palette(bytesOf(model, "colours"));
    this.scale.paint(this.colours);
    this.frame.listen("change:view", () => this.update());
    this.update();
  }

  build() {
    this.picture = new Plate("What the network sees");
    this.large = new Plate("");
    this.large.element.classList.add("cw-large");
    this.large.element.hidden = true;
    const close = el("button", { type: "button", class: "cw-button", ...KEEP_KEYS }, "Close");
    close.addEventListener("click", () => this.enlarge(null));
    this.large.caption.after(close);
    this.classes = new Classes();
    this.mosaic = new Plate("");
    this.mosaic.element.classList.add("cw-maps");
    this.tile = el("div", { class: "cw-mark", hidden: "" }); // the map under the pointer
    this.chosen = el("div", { class: "cw-chosen", hidden: "" }); // the map that is shown large
    this.mosaic.frame.append(this.chosen, this.tile);
    const { canvas } = this.mosaic;
    for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) canvas.setAttribute(name, value);
    this.readout = el("output", { class: "cw-readout" });
    this.mosaic.element.append(el("div", { class: "cw-below" }, this.readout, this.scaleSwitch()));
    this.scale = new Scale();
    this.mosaic.caption.after(this.scale.element);
    this.frame.body.classList.add("cw-explore");
    this.frame.body.append(this.picture.element, this.large.element, this.classes.element, this.mosaic.element);

    canvas.addEventListener("pointerenter", (event) => this.moved(event));
    canvas.addEventListener("pointermove", (event) => this.moved(event) && this.point(event));
    canvas.addEventListener("pointerleave", (event) => this.moved(event) && this.place(null));
    canvas.addEventListener("click", (event) => {
      this.point(event);
      this.toggle();
    });
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.place(this.cursor ?? this.start());
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.open !== null) {
        if (this.large.element.contains(document.activeElement)) canvas.focus();
        this.enlarge(null);
      }
    });
  }

  scaleSwitch() {
    this.ownScale = el("input", { type: "checkbox", ...KEEP_KEYS });
    this.ownScale.addEventListener("change", () => {
      this.model.set("own_scale", this.ownScale.checked);
      this.model.save_changes();
    });
    this.frame.listen("change:own_scale", () => this.update());
    return el("label", {}, this.ownScale, "each map on its own scale");
  }

  showScale() {
    const { low, high } = this.view;
    const own = this.model.get("own_scale") && !this.flat;
    this.ownScale.checked = own;
    this.ownScale.parentElement.hidden = this.flat;
    this.scale.show(own ? {} : { low, high });
  }

  // --- What the kernel sends ---

  update() {
    const view = this.model.get("view");
    if (view.seq < this.painted) return; // an older answer that came late
    this.painted = view.seq;
    this.view = view;
    [this.channels, this.rows, this.columns] = view.shape;
    this.flat = this.rows === 1 && this.columns === 1;
    const layers = this.model.get("layers").map(({ name, shape }) => [name, `${name} · ${shape}`]);
    this.frame.update(view, { ...this.frame.commonOptions(), layer: layers });
    const [, height, width] = view.input;
    this.picture.show(width, height, `${view.picture} as ${view.title} sees it`);
    paintPicture(this.picture.canvas, bytesOf(this.model, "pixels"), height, width);
    this.picture.caption.textContent = `Input: ${times(view.input)}`;
    this.paintMaps();
    this.classes.show(view);
    this.showScale();
    this.enlarge(this.flat || this.open >= this.channels ? null : this.open);
    this.place(this.cursor && this.cursor.channel < this.channels ? this.cursor : null);
    this.root.dataset.seq = view.seq;
  }

  paintMaps() {
    const { view } = this;
    const bytes = bytesOf(this.model, "maps");
    this.values = view.exact ? new Float32Array(bytes.slice().buffer) : bytes;
    this.ends = this.ranges();
    const lines = Math.ceil(this.channels / view.across);
    const width = view.across * (this.columns + view.gap) - view.gap;
    const height = lines * (this.rows + view.gap) - view.gap;
    const image = new ImageData(width, height); // transparent where there is no map
    const pixels = new Uint32Array(image.data.buffer);
    for (let channel = 0, i = 0; channel < this.channels; channel++) {
      const { left, top } = this.corner(channel);
      const ends = this.ends[channel];
      for (let row = 0; row < this.rows; row++) {
        let to = (top + row) * width + left;
        for (let column = 0; column < this.columns; column++) pixels[to++] = this.colour(i++, ends);
      }
    }
    this.mosaic.show(width, height, view.description);
    this.mosaic.caption.textContent = `${view.layer}: ${times(view.shape)}`;
    this.mosaic.canvas.getContext("2d").putImageData(image, 0, 0);
  }

  /** Where a map begins in the mosaic, in pixels of the mosaic. */
  corner(channel) {
    const { across, gap } = this.view;
    return {
      left: (channel % across) * (this.columns + gap),
      top: Math.floor(channel / across) * (this.rows + gap),
    };
  }

  /** For each channel [low, high]: what the first and the last colour stand for. */
  ranges() {
    const { low, high, exact } = this.view;
    const all = exact ? [low, high] : [0, 255];
    if (!this.model.get("own_scale") || this.flat) return Array(this.channels).fill(all);
    const size = this.rows * this.columns;
    return Array.from({ length: this.channels }, (_, channel) =>
      extent(this.values.subarray(channel * size, (channel + 1) * size))
    );
  }

  /** The colour of value `i` on its channel's scale. */
  colour(i, [low, high]) {
    const level = high > low ? Math.floor((this.values[i] - low) * (255 / (high - low)) + 0.5) : 0;
    return this.colours[level];
  }

  value({ channel, row, column }) {
    const i = (channel * this.rows + row) * this.columns + column;
    const { low, high, exact } = this.view;
    return exact ? short(this.values[i], 4) : `≈ ${short(low + (this.values[i] * (high - low)) / 255)}`;
  }

  // --- Pointing ---

  /** Did the pointer move? Browsers say so, too, when the page moves under a pointer at rest. */
  moved({ type, clientX, clientY, movementX, movementY }) {
    const [x, y] = this.pointer ?? [];
    this.pointer = [clientX, clientY];
    return type === "pointermove" ? movementX || movementY : x !== clientX || y !== clientY;
  }

  /** The unit under the pointer; between two maps the one before the gap. */
  point(event) {
    const { canvas } = this.mosaic;
    const box = canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    const [column, left] = split(x, this.columns, this.view.gap);
    const [row, top] = split(y, this.rows, this.view.gap);
    const channel = top * this.view.across + left;
    this.readout.setAttribute("aria-live", "off"); // nobody wants every step of a mouse read out
    this.place(channel >= 0 && channel < this.channels ? { channel, row, column } : null);
  }

  start() {
    return {
      channel: this.view.brightest,
      row: Math.floor(this.rows / 2),
      column: Math.floor(this.columns / 2),
    };
  }

  key(event) {
    const { across } = this.view;
    const step = {
      ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
    }[event.key];
    const jump = { PageUp: -1, PageDown: 1, Home: -this.channels, End: this.channels }[event.key];
    const cursor = this.cursor ?? this.start();
    if (step) this.place(this.walk(cursor, ...step, across));
    else if (jump) this.place({ ...cursor, channel: clamp(cursor.channel + jump, this.channels) });
    else if (event.key === "Enter" || event.key === " ") {
      this.place(cursor);
      this.toggle();
    } else return;
    event.preventDefault();
    this.readout.setAttribute("aria-live", "polite");
  }

  /** One unit further; over the edge of a map into its neighbour. */
  walk({ channel, row, column }, down, right, across) {
    let [y, x] = [row + down, column + right];
    let next = channel;
    if (x < 0 || x >= this.columns) {
      next += right;
      x -= right * this.columns;
    }
    if (y < 0 || y >= this.rows) {
      next += down * across;
      y -= down * this.rows;
    }
    const inside = next >= 0 && next < this.channels;
    return inside ? { channel: next, row: y, column: x } : { channel, row, column };
  }

  /** Mark a unit in the mosaic, in the large map and in the picture, and say its value. */
  place(cursor) {
    if (cursor) {
      cursor = { ...cursor, row: clamp(cursor.row, this.rows), column: clamp(cursor.column, this.columns) };
    }
    this.cursor = cursor;
    const inMap = cursor && { left: cursor.column, top: cursor.row, width: 1, height: 1 };
    const corner = cursor && this.corner(cursor.channel);
    const size = [this.mosaic.canvas.width, this.mosaic.canvas.height];
    mark(this.tile, corner && { ...corner, width: this.columns, height: this.rows }, ...size);
    mark(
      this.mosaic.mark,
      !this.flat && corner && { ...inMap, left: corner.left + cursor.column, top: corner.top + cursor.row },
      ...size
    );
    mark(this.picture.mark, !this.flat && inMap, this.columns, this.rows);
    mark(this.large.mark, cursor?.channel === this.open && inMap, this.columns, this.rows);
    this.readout.textContent = cursor ? this.words(cursor) : HINT[this.flat ? "units" : "maps"];
  }

  words(cursor) {
    const { channel, row, column } = cursor;
    const name = this.view.units[channel];
    if (this.flat) return `unit ${channel}${name ? ` (${name})` : ""}: ${this.value(cursor)}`;
    return `channel ${channel}, row ${row}, column ${column}: ${this.value(cursor)}`;
  }

  // --- One map, large ---

  toggle() {
    if (this.cursor && !this.flat) this.enlarge(this.cursor.channel === this.open ? null : this.cursor.channel);
    this.place(this.cursor);
  }

  enlarge(channel) {
    this.open = channel;
    this.large.element.hidden = channel === null;
    this.root.classList.toggle("cw-open", channel !== null);
    const corner = channel !== null && this.corner(channel);
    const { canvas } = this.mosaic;
    mark(this.chosen, corner && { ...corner, width: this.columns, height: this.rows }, canvas.width, canvas.height);
    if (channel === null) return;
    const image = new ImageData(this.columns, this.rows);
    const pixels = new Uint32Array(image.data.buffer);
    const first = channel * pixels.length;
    for (let i = 0; i < pixels.length; i++) pixels[i] = this.colour(first + i, this.ends[channel]);
    this.large.show(this.columns, this.rows, `channel ${channel} of layer ${this.view.layer}, large`);
    this.large.caption.textContent = `Channel ${channel}`;
    this.large.canvas.getContext("2d").putImageData(image, 0, 0);
  }
}

/** A position in the mosaic -> [position in the map, number of the map]. */
function split(position, size, gap) {
  const place = position % (size + gap);
  return [Math.min(place, size - 1), Math.floor(position / (size + gap))];
}

export default {
  render(context) {
    const explore = new Explore(context);
    return () => explore.frame.close();
  },
};
