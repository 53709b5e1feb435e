/** What the network says: of an image, and how often it is right. */

import { byLevel, bytesOf, coloursOf, paint } from "../shared/js/canvas.js";
import { el, fileButton, input, KEEP_KEYS } from "../shared/js/dom.js";
import { classBar } from "../shared/js/frame.js";

const FOOL =
  "Show one class always before the same background, the other before another, and see how high the accuracy is. Then swap " +
  "the backgrounds: does the answer follow the thing or the background? “Where it looks” says more.";
const NONE =
  "“None of these” means that even the nearest image that was taught is farther away (1 − the cosine of the features) " +
  "than the limit, within which 95 % of your images have one of another burst.";

export class Answer {
  constructor(teach) {
    this.teach = teach;
    this.colours = coloursOf(bytesOf(teach.model, "colours"));
    this.found = null; // the last answer
    this.sees = this.makeSees();
    this.bars = el("ol", { class: "cw-classes" });
    this.nearest = el("img", { alt: "the nearest image that was taught", hidden: "" });
    this.distance = el("output", {});
    this.looks = input({ type: "checkbox" }, ({ checked }) => {
      teach.frame.set({ looks: checked });
      teach.again();
    });
    const ask = fileButton("Ask an image…", ([file]) => teach.askFile(file));
    const where = el("label", { class: "cw-slider" }, this.looks, "where it looks");
    const nearest = el("div", { class: "cw-nearest" }, this.nearest, this.distance);
    const beside = el("div", {}, this.bars, nearest);
    const below = el("div", { class: "cw-pair" }, ask, where);
    const all = el("div", { class: "cw-ask" }, this.sees, beside, below);
    this.element = el("section", { class: "cw-says", "aria-label": "What it says" }, all);
    this.report = this.makeReport();
  }

  makeSees() {
    this.picture = el("img", { alt: "", hidden: "" });
    this.places = el("canvas", { role: "img", "aria-label": "bright places speak for the answer", hidden: "" });
    this.empty = el("p", {}, "Switch the camera on, or drop an image here.");
    const { video } = this.teach.camera;
    video.hidden = true;
    return el("div", { class: "cw-sees" }, this.empty, video, this.picture, this.places);
  }

  makeReport() {
    this.rows = el("tbody");
    const caption = el("caption", {}, "Right, of images held out: not learned from");
    this.table = el("table", { class: "cw-table cw-answer", hidden: "" }, caption, this.rows);
    this.note = el("p", { class: "cw-answer" });
    const help = [folded("How to fool it", FOOL), folded("None of these?", NONE)];
    return el("section", { class: "cw-report", "aria-label": "What it is worth" }, this.table, this.note, ...help);
  }

  /** The camera, the image of a file, or neither. */
  see(element) {
    const { video } = this.teach.camera;
    for (const one of [this.empty, video, this.picture]) one.hidden = one !== (element || this.empty);
    this.places.hidden = true;
  }

  seeFile(file) {
    URL.revokeObjectURL(this.picture.src);
    this.picture.src = URL.createObjectURL(file);
    this.picture.alt = `the image ${file.name}`;
    this.see(this.picture);
  }

  // --- What is shown ---

  show(view) {
    this.names = view.names;
    this.limit = view.limit;
    this.sees.style.setProperty("--zoom", String(view.zoom));
    if (!view.names.length) this.found = null;
    if (!this.found) this.bars.replaceChildren(...view.names.map((name) => bar(name, "", 0, false)));
    this.showChoice();
    this.table.hidden = !view.report.length;
    this.note.textContent = view.note;
    this.rows.replaceChildren(...view.report.map(row));
  }

  /** @param {DataView} places levels of the map, row by row */
  answer(found, places) {
    const { shares, none, nearest, map } = found;
    const { thumbnails } = this.teach;
    this.found = found;
    const best = none ? -1 : shares.indexOf(Math.max(...shares));
    const bars = this.names.map((name, i) => bar(name, percent(shares[i]), shares[i], i === best));
    this.bars.replaceChildren(...bars, bar("none of these", "", Number(none), none));
    this.bars.classList.toggle("cw-far", none);
    this.places.hidden = !map;
    if (map) {
      const levels = new Uint8Array(places.buffer, places.byteOffset, places.byteLength);
      paint(this.places, byLevel(levels, this.colours), map[0], map[1]);
    }
    this.nearest.hidden = !thumbnails.has(nearest);
    if (!this.nearest.hidden) this.nearest.src = thumbnails.get(nearest);
    this.showChoice();
  }

  showChoice() {
    this.looks.checked = this.teach.model.get("looks");
    const distance = this.found ? `distance to the nearest ${this.found.distance.toFixed(2)}, ` : "";
    this.distance.textContent = this.names.length ? `${distance}limit ${this.limit.toFixed(2)}` : "";
  }
}

const percent = (share) => `${Math.round(100 * share)} %`;

function bar(name, text, share, best) {
  const line = classBar(name, text, share);
  line.setAttribute("aria-current", String(best));
  return line;
}

/** What one opens to read. */
export const folded = (title, ...parts) => el("details", {}, el("summary", KEEP_KEYS, title), ...parts);

/** How often one way is right, with its interval. */
function row({ what, share, low, high }) {
  const line = el("span", { class: "cw-bar cw-interval" });
  for (const [name, value] of Object.entries({ share, low, high })) line.style.setProperty(`--${name}`, String(value));
  const text = `${percent(share)} (${Math.round(100 * low)} to ${Math.round(100 * high)})`;
  return el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, line), el("td", {}, text));
}
