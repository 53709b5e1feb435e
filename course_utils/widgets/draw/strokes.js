/** The strokes of a pen on a pad whose sides are 1 long. */

/** @typedef {[x: number, y: number]} Point */

const CLOSE = 0.004; // points nearer to one another say nothing new

export class Strokes {
  constructor() {
    /** @type {Point[][]} */
    this.all = [];
    this.down = false;
    /** @type {Point} where the keys have the pen */
    this.pen = [0.5, 0.5];
  }

  /** @param {Point} point */
  begin(point) {
    this.all.push([point]);
    this.down = true;
    this.pen = point;
  }

  /** @param {Point} point */
  go(point) {
    const stroke = this.all[this.all.length - 1];
    const [x, y] = stroke[stroke.length - 1];
    if (Math.hypot(point[0] - x, point[1] - y) < CLOSE) return;
    stroke.push(point);
    this.pen = point;
  }

  lift() {
    this.down = false;
  }

  undo() {
    this.down = false;
    this.all.pop();
  }

  clear() {
    this.down = false;
    this.all = [];
  }

  /** As the kernel gets them: to three digits. */
  copy() {
    return this.all.map((stroke) => stroke.map((point) => point.map((share) => Math.round(share * 1000) / 1000)));
  }
}
