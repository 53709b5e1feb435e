/** Presenter mode: a widget fills the window, in large type, with scenes that a teacher prepared. */

import { button, el, KEEP_KEYS, listenTo } from "./dom.js";

/** @typedef {import("./model.d.ts").Model} Model */
/** @typedef {{ name: string | null, state: Record<string, unknown>, page?: Record<string, unknown> }} Scene */

const HINTS = { p: "Presenter mode (key P)", a: "Show or hide the answer (key A)", r: "Back to the start (key R)" };
const MODAL = { role: "dialog", "aria-modal": "true", "aria-label": "Presenter mode", tabindex: "-1", ...KEEP_KEYS };
const FOCUSABLE = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";
const TYPED = "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=file])";

/**
 * Keys, while the focus is in the widget: P enters and leaves, Escape leaves; in presenter mode 1 to
 * 9 recall a scene, A shows the answer, R goes back to the start. Whoever needs such a key itself
 * calls preventDefault(), below `root` or while the event goes down. CSS: .cw-presenting is on the
 * root then; .cw-answer is hidden until it is asked for, .cw-aside all the time.
 *
 * What only the page knows is kept by events on the root: with "cw-keep" a widget writes it into
 * `event.detail`, with "cw-recall" it shows what it finds there.
 */
export class Presenter {
  /**
   * @param {Model} model
   * @param {HTMLElement} root
   * @param {HTMLElement} screen what fills it, from top to bottom: the bar of scenes comes last
   * @param {(choice: Record<string, unknown>) => void} ask sends a choice {trait: value} to the kernel
   */
  constructor(model, root, screen, ask) {
    this.model = model;
    this.root = root;
    this.ask = ask;
    this.full = false; // has this entry got the whole screen?
    /** @type {string | null} the name of the present scene */
    this.current = null;
    /** @type {HTMLElement | null} what had the focus before */
    this.focused = null;
    this.scenes = el("ol", { class: "cw-scenes", "aria-label": "Scenes" });
    this.name = el("input", { class: "cw-name", maxlength: "60" });
    this.name.addEventListener("keydown", (event) => event.key === "Enter" && this.keep());
    this.remove = button("", () => this.model.send({ scenes: "delete", name: this.current }), {});
    this.answer = button("", () => this.reveal(!this.revealed), { title: HINTS.a });
    this.bar = this.tools();
    this.list();
    this.toggle = button("Present", () => this.enter(), { class: "cw-toggle", title: HINTS.p });
    (root.querySelector(".cw-controls") ?? root).prepend(this.toggle);
    screen.append(this.bar);
    this.stops = [
      listenTo(root, "keydown", (event) => this.key(event)),
      listenTo(root, "focusout", (event) => this.keepFocus(event)),
      // only the whole screen that this entry has got: the end of an earlier one may come late
      listenTo(document, "fullscreenchange", () => this.full && !document.fullscreenElement && this.leave()),
      subscribe(model, "change:scenes", () => this.list()),
    ];
    setTimeout(() => (this.start = this.page())); // once the widget is built
  }

  close() {
    this.leave();
    for (const stop of this.stops) stop();
    this.waiting?.();
  }

  get presenting() {
    return this.root.classList.contains("cw-presenting");
  }

  // --- In and out ---

  enter() {
    const { root } = this;
    this.focused = /** @type {HTMLElement | null} */ (document.activeElement);
    root.parentElement?.style.setProperty("min-height", `${root.offsetHeight}px`); // the page behind keeps its place
    root.classList.add("cw-presenting");
    for (const [name, value] of Object.entries(MODAL)) root.setAttribute(name, value);
    this.bar.hidden = false;
    this.reveal(false);
    this.model.send({ scenes: "list" });
    this.fill();
  }

  /** The whole screen if the browser allows it, else the whole window. */
  async fill() {
    const { root } = this;
    root.setAttribute("popover", "manual");
    root.showPopover?.(); // older browsers: above the page by its z-index
    root.focus();
    if (!navigator.userActivation?.isActive || !document.fullscreenEnabled) return;
    await document.documentElement.requestFullscreen().catch(() => {});
    if (!this.presenting && document.fullscreenElement) document.exitFullscreen(); // left meanwhile
    if (!this.presenting) return;
    this.full = Boolean(document.fullscreenElement);
    const focused = document.activeElement;
    root.hidePopover?.(); // what comes last lies on top
    root.showPopover?.();
    focus(focused);
  }

  leave() {
    if (!this.presenting) return;
    const { root } = this;
    this.full = false;
    root.classList.remove("cw-presenting");
    root.removeAttribute("popover");
    for (const name of Object.keys(MODAL)) root.removeAttribute(name);
    root.parentElement?.style.removeProperty("min-height");
    this.bar.hidden = true;
    if (document.fullscreenElement) document.exitFullscreen();
    focus(root.contains(this.focused) ? this.focused : this.toggle);
  }

  /**
   * The page behind takes no focus: after the last control comes the first.
   * @param {{ relatedTarget: Element | null }} event
   */
  keepFocus({ relatedTarget: next }) {
    const { root } = this;
    if (!this.presenting || !next || root.contains(next)) return;
    const all = [...root.querySelectorAll(FOCUSABLE)].filter((element) => element.getClientRects().length);
    const before = root.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_PRECEDING;
    const around = next.contains(root);
    focus(around ? root : before ? all.at(-1) : all[0]);
  }

  /** @param {KeyboardEvent & { target: Element }} event */
  key(event) {
    const { presenting } = this;
    if (presenting) event.stopPropagation(); // the notebook behind does not subscribe it
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches(TYPED);
    if (event.key === "Escape" && presenting) typing ? this.root.focus() : this.leave();
    else if (typing) return;
    else if (/^[1-9]$/.test(event.key) && presenting) this.recallByKey(event.key);
    else if (event.target.matches("select"))
      return; // letters choose in it
    else if (event.key.toLowerCase() === "p") presenting ? this.leave() : this.enter();
    else if (event.key.toLowerCase() === "a" && presenting) this.reveal(!this.revealed);
    else if (event.key.toLowerCase() === "r" && presenting) this.reset();
    else return;
    event.preventDefault();
  }

  // --- Scenes ---

  /** What only the page knows of the present scene. */
  page() {
    const page = {};
    this.root.dispatchEvent(new CustomEvent("cw-keep", { detail: page }));
    return page;
  }

  /** @param {Scene | undefined} scene */
  recall(scene) {
    if (!scene) return;
    const { name, state, page } = scene;
    this.reveal(false);
    this.waiting?.();
    const show = () => this.root.dispatchEvent(new CustomEvent("cw-recall", { detail: page }));
    const changed = Object.entries(state).filter(
      ([trait, value]) => JSON.stringify(this.model.get(trait)) !== JSON.stringify(value),
    );
    if (changed.length && this.model.get("view")) {
      this.waiting = subscribe(this.model, "change:view", () => {
        this.waiting?.();
        setTimeout(show); // once the widget itself has heard it
      });
    }
    if (changed.length) this.ask(Object.fromEntries(changed));
    if (!changed.length || !this.model.get("view")) show();
    this.current = name;
    this.list();
  }

  /** @param {string} digit */
  recallByKey(digit) {
    if (document.activeElement?.matches("select")) this.root.focus(); // the next key is for us, too
    this.recall(this.model.get("scenes")[Number(digit) - 1]);
  }

  reset() {
    this.recall({ name: null, state: this.model.get("start"), page: this.start });
  }

  keep() {
    const name = this.name.value.trim() || this.name.placeholder;
    this.current = name;
    this.model.send({ scenes: "save", name, page: this.page() });
    this.name.value = "";
  }

  // --- The answer ---

  get revealed() {
    return this.root.classList.contains("cw-revealed");
  }

  /** @param {boolean} on */
  reveal(on) {
    this.root.classList.toggle("cw-revealed", on);
    this.answer.hidden = !this.root.querySelector(".cw-answer");
    this.answer.textContent = on ? "Hide answer" : "Show answer";
  }

  // --- The bar of tools ---

  tools() {
    return el(
      "div",
      { class: "cw-presenter", role: "group", "aria-label": "Scenes and answers", hidden: "" },
      this.scenes,
      el("label", { class: "cw-new" }, "New scene ", this.name),
      button("Save", () => this.keep(), {}),
      this.remove,
      button("Reset", () => this.reset(), { title: HINTS.r }),
      this.answer,
      button("Leave", () => this.leave(), { title: "Leave presenter mode (Escape)" }),
    );
  }

  list() {
    /** @type {Scene[]} */
    const scenes = this.model.get("scenes");
    const focused = this.scenes.contains(document.activeElement) && this.current;
    this.scenes.replaceChildren(
      ...scenes.map((scene, i) => {
        const current = scene.name === this.current;
        const recall = button(`${i + 1} ${scene.name}`, () => this.recall(scene), { "aria-pressed": current });
        return el("li", {}, recall);
      }),
    );
    if (focused) focus(this.scenes.querySelector("[aria-pressed=true]"));
    this.name.placeholder = `Scene ${scenes.length + 1}`;
    this.remove.hidden = !scenes.some(({ name }) => name === this.current);
    this.remove.textContent = `Delete “${this.current}”`;
  }
}

/** @param {Element | null | undefined} element */
const focus = (element) => /** @type {HTMLElement | null | undefined} */ (element)?.focus();

/**
 * Listen to the model.
 * @param {Model} model
 * @param {string} event
 * @param {(...args: any[]) => void} act
 * @returns {() => void} stops it
 */
export function subscribe(model, event, act) {
  model.on(event, act);
  return () => model.off(event, act);
}
