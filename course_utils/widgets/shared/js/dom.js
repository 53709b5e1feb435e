/** Elements of the page, and numbers as people read them. */

/** @typedef {Record<string, string | number | boolean>} Attributes */

/**
 * Set attributes and add children.
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 * @returns {E}
 */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * An element: el("label", { class: "x" }, "Layer ", select).
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * An element of a drawing.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** JupyterLab takes arrow keys, Enter and letters for itself unless an element says this. */
export const KEEP_KEYS = { "data-lm-suppress-shortcuts": "true" };

/**
 * A button of the widgets.
 * @param {string} text
 * @param {() => void} press
 * @param {Attributes} [attributes]
 */
export function button(text, press, attributes = {}) {
  const element = el("button", { type: "button", ...KEEP_KEYS, ...attributes }, text);
  element.addEventListener("click", press);
  return element;
}

/**
 * A button that opens a dialog for files; `take(files)` is called with each choice.
 * @param {string} text
 * @param {(files: File[]) => void} take
 * @param {Attributes} [kind] of the <input>: "accept", "multiple", "webkitdirectory"
 * @param {Attributes} [attributes] of the button
 */
export function fileButton(text, take, kind = {}, attributes = {}) {
  const chooser = el("input", { ...kind, type: "file", hidden: "" });
  chooser.addEventListener("change", () => {
    const files = [...(chooser.files ?? [])];
    chooser.value = ""; // the same file can be chosen again
    if (files.length) take(files);
  });
  return el(
    "span",
    {},
    button(text, () => chooser.click(), attributes),
    chooser,
  );
}

/**
 * A checkbox, a slider, a field of numbers or text; `change(input)` is called with each change.
 * @param {Attributes} attributes
 * @param {(input: HTMLInputElement) => void} change
 * @param {"input" | "change"} [event] while the user moves it, or once they let go
 */
export function input(attributes, change, event = "change") {
  const element = el("input", { ...KEEP_KEYS, ...attributes });
  element.addEventListener(event, () => change(element));
  return element;
}

/**
 * A list to choose from; `choose(value)` is called with each choice.
 * @param {string} name
 * @param {(value: string) => void} choose
 */
export function list(name, choose) {
  const select = el("select", { name, ...KEEP_KEYS });
  select.addEventListener("change", () => choose(select.value));
  return select;
}

/**
 * A control with its label, as they stand in the row of controls.
 * @param {string} text
 * @param {Node} control
 */
export function labelled(text, control) {
  return el("label", { class: "cw-choice" }, el("span", {}, text), control);
}

/**
 * Fill a <select> with [value, text] pairs; nothing is touched if they are there already.
 * @param {HTMLSelectElement} select
 * @param {[value: string, text: string][]} options
 */
export function fill(select, options) {
  const same =
    select.length === options.length &&
    options.every(([value, text], i) => select.options[i].value === value && select.options[i].text === text);
  if (!same) select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}

/**
 * What a list offers, for `fill`.
 * @param {string} value
 * @returns {[string, string]}
 */
export const pair = (value, text = value) => [value, text];

/**
 * Listen to an element.
 * @param {EventTarget} element
 * @param {string} event
 * @param {(event: any) => void} act
 * @returns {() => void} stops it
 */
export function listenTo(element, event, act) {
  element.addEventListener(event, act);
  return () => element.removeEventListener(event, act);
}

/**
 * A shape in the form 3 × 224 × 224.
 * @param {Iterable<number>} numbers
 */
export const times = (numbers) => [...numbers].join(" × ");

/**
 * A number to three or four digits, with a true minus sign.
 * @param {number} value
 */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  const text = value === 0 ? "0" : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

/**
 * The nearest of 0 … size − 1.
 * @param {number} value
 * @param {number} size
 */
export const clamp = (value, size) => Math.max(0, Math.min(size - 1, value));

/**
 * [lowest, highest]
 * @param {Iterable<number>} values
 * @returns {[number, number]}
 */
export function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
