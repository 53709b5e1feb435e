/** The camera of the computer, as far as the browser gives it. */

import { jpegOf } from "./canvas.js";
import { el } from "./dom.js";

/** @type {Record<string, string>} */
const TROUBLE = {
  NotAllowedError: "The browser did not allow the camera. Allow it beside the page's address, then try again.",
  NotFoundError: "No camera was found.",
  NotReadableError: "The camera is in use by another program.",
};

/** The camera, and whether somebody looks at what is made of it. */
export class Camera {
  /** @param {HTMLElement} root of the widget */
  constructor(root) {
    this.video = el("video", { muted: "", playsinline: "", "aria-label": "what the camera sees" });
    this.inSight = true;
    this.observer = new IntersectionObserver(([{ isIntersecting }]) => (this.inSight = isIntersecting));
    this.observer.observe(root);
    /** @type {MediaStream | null} null: it is off */
    this.stream = null;
  }

  /** Switch it on. @returns {Promise<string>} "", or why there is no image */
  async open() {
    try {
      // without https, and not on this machine, browsers have no camera to give
      this.stream = await navigator.mediaDevices.getUserMedia({ video: true });
      this.video.srcObject = this.stream;
      await this.video.play(); // before that there is no image to take
      return "";
    } catch (error) {
      this.stop();
      return TROUBLE[/** @type {Error} */ (error).name] ?? "The browser gives this page no camera.";
    }
  }

  /** The present image: the bytes of a JPEG, at most `side` pixels large. */
  image(side = Infinity) {
    return jpegOf(this.video, this.video.videoWidth, this.video.videoHeight, side);
  }

  /**
   * Call `act(image)` with one image after the other while the camera is on, each once the one before
   * has been dealt with: what the camera sees meanwhile is left out. Where nobody looks, it rests.
   * @param {number} side
   * @param {() => boolean} ready whether the next image is wanted
   * @param {(image: ArrayBuffer) => void} act
   */
  async each(side, ready, act) {
    const { stream } = this;
    while (stream && this.stream === stream) {
      const looked = this.inSight && !document.hidden;
      if (looked && ready()) {
        const bytes = await this.image(side);
        if (this.stream === stream) act(bytes);
      }
      await new Promise((done) => (looked ? requestAnimationFrame(done) : setTimeout(done, 200)));
    }
  }

  /** Let go of the camera: its lamp goes out. */
  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
  }

  close() {
    this.stop();
    this.observer.disconnect();
  }
}
