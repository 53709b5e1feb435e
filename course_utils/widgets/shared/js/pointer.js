/** Pointer and keys on a canvas. */

import { KEEP_KEYS, listenTo } from "./dom.js";

/**
 * Where an event is on an element of `width` × `height` units, those of a canvas being its pixels.
 * @param {Element} element
 * @param {MouseEvent} event
 * @returns {[x: number, y: number]} not rounded
 */
export function placeOf(element, { clientX, clientY }, width = 1, height = 1) {
  const box = element.getBoundingClientRect();
  return [((clientX - box.left) / box.width) * width, ((clientY - box.top) / box.height) * height];
}

/**
 * What pointer and keys do on a canvas, x and y in its own pixels, not rounded.
 * @typedef {object} Actions
 * @property {(x: number, y: number) => void} [point] the pointer moves over it
 * @property {() => void} [leave] the pointer goes
 * @property {(x: number, y: number) => void} [press] a click
 * @property {(x: number, y: number) => void} [drag] the pointer goes down, and moves while it is
 * @property {(key: string) => boolean | void} [key] a key; true: it was for the canvas
 * @property {() => void} [focus] the focus comes by the keyboard
 */

/**
 * A canvas that pointer and keys reach; with `key` it takes the focus.
 * @param {HTMLCanvasElement} canvas
 * @param {Actions} actions
 */
export function interactive(canvas, { point, leave, press, drag, key, focus }) {
  /** @param {MouseEvent} event */
  const place = (event) => placeOf(canvas, event, canvas.width, canvas.height);
  if (point) follow(canvas, (event) => point(...place(event)), leave);
  if (press) canvas.addEventListener("click", (event) => press(...place(event)));
  if (drag) {
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drag(...place(event));
    });
    canvas.addEventListener("pointermove", (event) => event.buttons && drag(...place(event)));
  }
  if (key) takeKeys(canvas, key);
  if (focus) canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && focus());
}

/**
 * An element that takes the focus, and keys without Ctrl, Alt and the like.
 * @param {HTMLElement | SVGElement} element
 * @param {(key: string) => boolean | void} act true: the key was for the element
 */
export function takeKeys(element, act) {
  for (const [name, value] of Object.entries({ tabindex: "0", ...KEEP_KEYS })) element.setAttribute(name, value);
  element.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey } = /** @type {KeyboardEvent} */ (event);
    if (!ctrlKey && !metaKey && !altKey && act(key)) event.preventDefault();
  });
}

/**
 * Call `point(event)` where the pointer moves over an element, `leave()` when it goes. Browsers say
 * so, too, when the page moves under a pointer at rest; nobody wants to hear that. A finger that
 * begins sideways follows, up or down it scrolls; what it was on last stays when it is lifted.
 * @param {HTMLElement | SVGElement} element
 * @param {(event: PointerEvent) => void} point
 * @param {() => void} [leave]
 */
export function follow(element, point, leave) {
  /** @type {number[]} */
  let last = [];
  element.style.touchAction = "pan-y pinch-zoom";
  /** @param {PointerEvent} event */
  const touched = ({ pointerType }) => pointerType === "touch";
  /** @param {PointerEvent} event */
  const moved = ({ type, clientX, clientY, movementX, movementY }) => {
    const [x, y] = last;
    last = [clientX, clientY];
    return type === "pointermove" ? movementX || movementY : x !== clientX || y !== clientY;
  };
  listenTo(element, "pointerenter", moved);
  listenTo(element, "pointermove", (event) => (touched(event) || moved(event)) && point(event));
  listenTo(element, "pointerleave", (event) => !touched(event) && moved(event) && leave?.());
}
