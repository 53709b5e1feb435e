/** The window, the weights and their products as tables of numbers, for one plane of the image. */

import { clamp, el, input } from "../shared/js/dom.js";
import { shown, typed, written } from "./sums.js";

export class PlaneTables {
  /**
   * @param {import("./widget.js").Convolve} widget
   * @param {string} plane its name
   * @param {number} channel of the weights
   * @param {number[]} kernel rows and columns
   * @param {string | null} pooling
   */
  constructor(widget, plane, channel, [rows, columns], pooling) {
    this.widget = widget;
    this.pooling = pooling;
    this.rows = rows;
    this.columns = columns;
    this.window = this.cells(() => "");
    this.partial = el("span", { class: "cw-partial cw-answer" });
    /** @type {HTMLElement[]} */
    const parts = [numberTable(`window: ${plane}`, this.window, columns)];
    if (!pooling) parts.push(...this.weightsAndProducts(plane, channel));
    this.element = el("div", { class: "cw-plane" }, ...parts);
  }

  /** A cell for each pixel of the window. content(row, column): what it holds. */
  cells(content) {
    const cell = (_, i) => el("td", {}, content(Math.floor(i / this.columns), i % this.columns));
    return Array.from({ length: this.rows * this.columns }, cell);
  }

  weightsAndProducts(plane, channel) {
    this.weights = [];
    const weights = this.cells((row, column) => {
      const name = `the weight for ${plane}, row ${row}, column ${column}`;
      const field = editable(this.widget, name, (value) => this.widget.changeWeights([channel, row, column], value));
      field.setAttribute("aria-label", name);
      field.addEventListener("keydown", (event) => this.walk(event, row, column));
      this.weights.push(field);
      return field;
    });
    this.products = this.cells(() => "");
    const sign = (text) => el("span", { class: "cw-sign" }, text);
    const kernel = numberTable(`kernel: ${plane}`, weights, this.columns);
    return [sign("×"), kernel, sign("="), numberTable(`products: ${plane}`, this.products, this.columns)];
  }

  /** Up, down and Enter go from cell to cell. */
  walk(event, row, column) {
    const to = { ArrowUp: row - 1, ArrowDown: row + 1, Enter: row + 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.weights[clamp(to, this.rows) * this.columns + column].focus();
  }

  showWeights(weights) {
    this.numbers = weights;
    const text = this.widget.view.bright ? written : shown; // what a network has learned is no fraction
    weights.forEach((weight, i) => {
      keepTyping(this.weights[i], weight, text);
      this.weights[i].style.backgroundColor = this.widget.tint(weight, this.widget.limit);
    });
  }

  /** Fill the window whose first pixel is at (top, left); the sum of its values or products. */
  showWindow(channel, top, left, dilation) {
    const { view, limit } = this.widget;
    const strongest = limit * (view.bright ? 255 : 3);
    let [sum, high, highest] = [0, -Infinity, 0];
    for (let i = 0; i < this.window.length; i++) {
      const row = top + Math.floor(i / this.columns) * dilation;
      const { value, inside } = this.pixel(channel, row, left + (i % this.columns) * dilation);
      if (value > high) [high, highest] = [value, i];
      showPixel(this.window[i], value, inside, view.bright);
      const product = this.pooling ? value : this.numbers[i] * value;
      sum += product;
      if (!this.pooling) write(this.products[i], shown(product), this.widget.tint(product, strongest));
    }
    if (this.pooling === "max") this.window[highest].classList.add("cw-highest");
    this.partial.textContent = `sum ${shown(sum)}`;
    return sum;
  }

  /** A value of the image, or of the ring around it. */
  pixel(channel, row, column) {
    const { view, values } = this.widget;
    const [, height, width] = view.shape;
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    const empty = this.pooling === "max" ? -Infinity : 0;
    return { inside, value: inside ? values[(channel * height + row) * width + column] : empty };
  }
}

/** A cell into which one types. Half a number ("−") waits; what is none is said, and undone. */
export function editable(widget, name, change) {
  const field = input(
    { class: "cw-weight", inputmode: "decimal" },
    () => {
      const value = typed(field.value);
      field.toggleAttribute("aria-invalid", Number.isNaN(value));
      if (!Number.isNaN(value)) change(value);
    },
    "input",
  );
  selectWhole(field);
  field.addEventListener("change", () => {
    const wrong = `“${field.value}” is no number: ${name} stays as it was. Type −1, 0.5 or 1/9.`;
    widget.frame.showError(Number.isNaN(typed(field.value)) ? wrong : "");
    field.removeAttribute("aria-invalid");
    widget.later("map"); // which shows the weight, rounded, as all others
  });
  return field;
}

/** What is typed takes the place of the number, by keyboard and by mouse. */
function selectWhole(field) {
  let fresh = false;
  field.addEventListener("focus", () => {
    fresh = true;
    field.select();
  });
  field.addEventListener("mouseup", (event) => {
    if (fresh) event.preventDefault(); // WebKit would put the caret there
    fresh = false;
  });
}

/** Show a number in a cell, `text` of it, unless someone is typing just that number into it. */
export function keepTyping(field, value, text = written) {
  if (typed(field.value) !== value || field.getRootNode().activeElement !== field) field.value = text(value);
}

/** A value of the image on its grey; of the padding on stripes. */
function showPixel(cell, value, inside, bright) {
  const grey = Math.round(bright ? value : 255 * Math.min(1, Math.max(0, 0.5 + value / 5)));
  const name = inside ? (grey > 117 ? "cw-light" : "cw-dark") : "cw-pad";
  if (cell.className !== name) cell.className = name;
  write(cell, shown(value), inside ? `rgb(${grey},${grey},${grey})` : "");
}

/** Text and colour of a cell; what is there already costs nothing. */
function write(cell, text, colour) {
  if (cell.firstChild.data !== text) cell.firstChild.data = text;
  if (cell.colour !== colour) cell.style.backgroundColor = cell.colour = colour;
}

/** Cells as a table with a caption. */
function numberTable(caption, cells, columns) {
  const body = el("tbody");
  for (let i = 0; i < cells.length; i += columns) body.append(el("tr", {}, ...cells.slice(i, i + columns)));
  return el("table", { class: "cw-cells" }, el("caption", {}, caption), body);
}
