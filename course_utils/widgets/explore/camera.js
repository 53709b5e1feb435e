/** A photograph from the camera is one more image; live, each of its images goes through the network. */

import { Camera } from "../shared/js/camera.js";
import { button, el } from "../shared/js/dom.js";

const LIVE = "live"; // what the image is called then
const SIDE = 320; // pixels: no network here looks at more, and little is to be sent

/** A button beside the list of images; it opens the camera's image with "Take", "Live" and "Cancel". */
export class Photographs extends Camera {
  constructor(frame) {
    super(frame.root);
    this.frame = frame;
    this.taken = 0;
    this.button = button("Camera…", () => this.start());
    this.take = button("Take", () => this.shoot());
    this.liveButton = button("Live", () => this.live());
    const cancel = button("Cancel", () => this.stop());
    this.panel = el("div", { class: "cw-camera", hidden: "" }, this.video, this.take, this.liveButton, cancel);
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.stop();
    });
    frame.selects.image.closest(".cw-pair").append(this.button);
    frame.body.before(this.panel);
  }

  async start() {
    this.frame.showError("");
    const trouble = await this.open();
    if (trouble) this.frame.showError(`${trouble} A photograph can also be dropped here, or opened as a file.`);
    this.panel.hidden = Boolean(trouble);
    if (!trouble) this.take.focus();
  }

  async shoot() {
    const photo = this.image();
    this.stop();
    this.frame.upload(new File([await photo], `photo ${++this.taken}`));
  }

  live() {
    const { frame, panel } = this;
    panel.classList.add("cw-live"); // the image that the network sees is shown anyway
    this.liveButton.hidden = true;
    this.take.textContent = "Freeze";
    const ready = () => {
      if (frame.alert.textContent) this.stop(); // it goes wrong with each image
      return this.stream && !frame.pending(frame.model.get("view"));
    };
    this.each(SIDE, ready, (bytes) => {
      frame.wait("");
      frame.model.send({ upload: LIVE, seq: frame.asked }, undefined, [bytes]);
    });
  }

  stop() {
    super.stop();
    this.panel.classList.remove("cw-live");
    this.liveButton.hidden = false;
    this.take.textContent = "Take";
    if (!this.panel.hidden) this.button.focus();
    this.panel.hidden = true;
  }
}
