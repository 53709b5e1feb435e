/** A photograph from the camera is one more image; live, each of its images goes through the network. */

import { button, el } from "../shared/js/dom.js";

const CAMERA_TROUBLE = {
  NotAllowedError: "The browser did not allow the camera. Allow it beside the page's address, then try again.",
  NotFoundError: "No camera was found.",
  NotReadableError: "The camera is in use by another program.",
};

const LIVE = "live"; // what the image is called then
const SIDE = 320; // pixels: no network here looks at more, and little is to be sent

/** A button beside the list of images; it opens the camera's image with "Take", "Live" and "Cancel". */
export class Camera {
  constructor(frame) {
    this.frame = frame;
    this.taken = 0;
    this.video = el("video", { muted: "", playsinline: "", "aria-label": "what the camera sees" });
    this.open = button("Camera…", () => this.start());
    this.take = button("Take", () => this.shoot());
    this.liveButton = button("Live", () => this.live());
    const cancel = button("Cancel", () => this.stop());
    this.panel = el("div", { class: "cw-camera", hidden: "" }, this.video, this.take, this.liveButton, cancel);
    this.inSight = true;
    this.observer = new IntersectionObserver(([{ isIntersecting }]) => (this.inSight = isIntersecting));
    this.observer.observe(frame.root);
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.stop();
    });
    frame.selects.image.closest(".cw-pair").append(this.open);
    frame.body.before(this.panel);
  }

  async start() {
    this.frame.showError("");
    try {
      // without https, and not on this machine, browsers have no camera to give
      this.stream = await navigator.mediaDevices.getUserMedia({ video: true });
      this.video.srcObject = this.stream;
      await this.video.play(); // before that there is no image to take
      this.panel.hidden = false;
      this.take.focus();
    } catch (error) {
      this.stop();
      const trouble = CAMERA_TROUBLE[/** @type {Error} */ (error).name] ?? "The browser gives this page no camera.";
      this.frame.showError(`${trouble} A photograph can also be dropped here, or opened as a file.`);
    }
  }

  /** The present image as a JPEG file, at most `side` pixels large. */
  async image(side = Infinity) {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, side / Math.max(videoWidth, videoHeight));
    const canvas = new OffscreenCanvas(videoWidth * scale, videoHeight * scale);
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    return canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
  }

  async shoot() {
    const photo = this.image();
    this.stop();
    this.frame.upload(new File([await photo], `photo ${++this.taken}`));
  }

  /**
   * One image after the other, each once the one before is shown: what the camera sees meanwhile is
   * left out. Where nobody looks, the network rests.
   */
  async live() {
    const { frame, panel } = this;
    const stream = this.stream;
    panel.classList.add("cw-live"); // the image that the network sees is shown anyway
    this.liveButton.hidden = true;
    this.take.textContent = "Freeze";
    while (this.stream === stream) {
      const looked = this.inSight && !document.hidden;
      if (looked && !frame.pending(frame.model.get("view"))) {
        const bytes = await (await this.image(SIDE)).arrayBuffer();
        if (this.stream !== stream) break;
        frame.wait("");
        frame.model.send({ upload: LIVE, seq: frame.asked }, undefined, [bytes]);
      }
      await new Promise((done) => (looked ? requestAnimationFrame(done) : setTimeout(done, 200)));
      if (frame.alert.textContent) this.stop(); // it goes wrong with each image
    }
  }

  close() {
    this.stop();
    this.observer.disconnect();
  }

  /** Let go of the camera: its lamp goes out. */
  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
    this.panel.classList.remove("cw-live");
    this.liveButton.hidden = false;
    this.take.textContent = "Take";
    if (!this.panel.hidden) this.open.focus();
    this.panel.hidden = true;
  }
}
