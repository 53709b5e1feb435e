/** Parts of a widget of which one is shown at a time: what is secondary takes no room. */

import { button, el, listenTo } from "./dom.js";
import { takeKeys } from "./pointer.js";

/** A row of tabs; arrow keys go from one to the next. A scene keeps which one is shown. */
export class Tabs {
  /**
   * @param {HTMLElement} root of the widget
   * @param {string} label what the tabs are for
   * @param {Record<string, HTMLElement>} panels {name: part}; the first is shown
   */
  constructor(root, label, panels) {
    this.panels = panels;
    this.names = Object.keys(panels);
    this.tabs = this.names.map((name) => button(name, () => this.show(name), { role: "tab" }));
    this.element = el("div", { class: "cw-tabs", role: "tablist", "aria-label": label }, ...this.tabs);
    for (const [i, tab] of this.tabs.entries()) {
      const panel = panels[this.names[i]];
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-label", this.names[i]);
      takeKeys(tab, (key) => this.step(i, key));
    }
    this.show(this.names[0]);
    listenTo(root, "cw-keep", ({ detail }) => (detail.tab = this.shown));
    listenTo(root, "cw-recall", ({ detail }) => detail?.tab in panels && this.show(detail.tab));
  }

  /** @param {string} name */
  show(name) {
    this.shown = name;
    this.names.forEach((other, i) => {
      this.panels[other].hidden = other !== name;
      this.tabs[i].setAttribute("aria-selected", String(other === name));
    });
  }

  /**
   * @param {number} from
   * @param {string} key
   */
  step(from, key) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!by) return false;
    const to = (from + by + this.tabs.length) % this.tabs.length;
    this.show(this.names[to]);
    this.tabs[to].focus();
    return true;
  }
}
