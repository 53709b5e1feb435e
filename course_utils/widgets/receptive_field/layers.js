/** The table of layers: one row is current, a click or Enter chooses another. */

import { button, clamp, el } from "../shared/js/dom.js";

const COLUMNS = ["Layer", "Kernel", "Stride", "Padding", "Dilation", "Output", "Jump", "Receptive field"];

/** A row of heads; all but the first stand above numbers. @param {string[]} texts */
export function heads(texts) {
  const cells = texts.map((text, i) => el("th", i ? { scope: "col", ...NUMERIC } : { scope: "col" }, text));
  return el("thead", {}, el("tr", {}, ...cells));
}

export const NUMERIC = { class: "cw-number" };

export class LayerTable {
  /** @param {(name: string) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.body = el("tbody");
    const table = el("table", { class: "cw-table" }, heads(COLUMNS), this.body);
    this.element = el("div", { class: "cw-layers cw-scrolls", hidden: "" }, table);
    this.button = button("All layers", () => this.unfold(), { "aria-expanded": "false" });
    this.body.addEventListener("keydown", (event) => this.key(event));
  }

  unfold() {
    this.element.hidden = !this.element.hidden;
    this.button.setAttribute("aria-expanded", String(!this.element.hidden));
    const row = this.body.querySelector("[aria-current]");
    if (row) this.reveal(row);
  }

  show(layers, current) {
    const names = layers.map(({ name, row }) => `${name} ${row.join()}`).join();
    if (names !== this.names) this.body.replaceChildren(...layers.map((layer) => this.row(layer)));
    this.names = names;
    for (const row of this.rows()) {
      const on = row.dataset.layer === current;
      if (on) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      row.querySelector("button").tabIndex = on ? 0 : -1;
      if (on && current !== this.current) this.reveal(row);
    }
    this.current = current;
  }

  /** @returns {HTMLTableRowElement[]} */
  rows() {
    return [...this.body.rows];
  }

  row({ name, row }) {
    const cells = row.slice(1).map((value) => el("td", NUMERIC, value === null ? "–" : String(value)));
    const press = button(name, () => {}, {}); // the row hears the click
    const line = el("tr", { "data-layer": name }, el("th", { scope: "row" }, press), ...cells);
    line.addEventListener("click", () => this.choose(name));
    return line;
  }

  /** Scroll the table, and not the page, so that a row is seen. */
  reveal(row) {
    const { element } = this;
    const [top, bottom] = [row.offsetTop - 2 * row.offsetHeight, row.offsetTop + 2 * row.offsetHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }

  key(event) {
    const rows = this.rows();
    const at = rows.indexOf(event.target.closest("tr"));
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = rows[clamp(to, rows.length)];
    row.querySelector("button").focus({ preventScroll: true });
    this.reveal(row);
  }
}
