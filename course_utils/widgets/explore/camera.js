/** A photograph from the camera is one more image. */

import { button, el } from "../shared/js/dom.js";

const CAMERA_TROUBLE = {
  NotAllowedError: "The browser did not allow the camera. Allow it beside the page's address, then try again.",
  NotFoundError: "No camera was found.",
  NotReadableError: "The camera is in use by another program.",
};

/** A button beside the list of images; it opens the camera's image with "Take" and "Cancel". */
export class Camera {
  constructor(frame) {
    this.frame = frame;
    this.taken = 0;
    this.video = el("video", { muted: "", playsinline: "", "aria-label": "what the camera sees" });
    this.open = button("Camera…", () => this.start());
    this.take = button("Take", () => this.shoot());
    const cancel = button("Cancel", () => this.stop());
    this.panel = el("div", { class: "cw-camera", hidden: "" }, this.video, this.take, cancel);
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
      this.panel.hidden = false;
      await this.video.play();
      this.take.focus();
    } catch (error) {
      this.stop();
      const trouble = CAMERA_TROUBLE[/** @type {Error} */ (error).name] ?? "The browser gives this page no camera.";
      this.frame.showError(`${trouble} A photograph can also be dropped here, or opened as a file.`);
    }
  }

  async shoot() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    this.stop();
    const photo = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
    this.frame.upload(new File([photo], `photo ${++this.taken}`));
  }

  /** Let go of the camera: its lamp goes out. */
  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
    if (!this.panel.hidden) this.open.focus();
    this.panel.hidden = true;
  }
}
