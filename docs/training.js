/** train() in a page: a recorded training, which Start plays and Pause holds. */

const LONGEST = 30; // seconds that it takes, at most

players.train = class extends Model {
  constructor(head, state) {
    super(head, state);
    this.home = head;
    this.events = head.training;
    this.begin = this.events.findIndex(({ content }) => content.state === "running"); // before it: what a page sees first
    this.speed = Math.max(1, (this.events.at(-1).at - this.events[this.begin].at) / LONGEST);
    const inside = this.events.filter(({ content }) => content.kind === "inside");
    this.images = 1 + inside.reduce((most, { content }) => Math.max(most, content.image), 0);
    this.place = this.begin; // of the next event
  }

  send({ do: order }) {
    clearTimeout(this.timer);
    if (order === "reset" || (order === "go" && this.place === this.events.length)) this.place = this.begin;
    if (order === "go") this.go();
    else if (order === "pause") this.hold();
    else this.hello(); // a view that knows nothing yet
  }

  save_changes() {
    const inside = Object.keys(this.changed).some((name) => ["layer", "image", "watched"].includes(name));
    super.save_changes();
    if (inside) this.look();
  }

  /** Tell an event, unless it is of a layer or an image that is not looked at. */
  async tell({ content, buffers }) {
    const { kind, layer, image } = content;
    if (kind === "inside" && (layer !== this.get("layer") || image !== this.get("image"))) return;
    const bytes = await Promise.all(buffers.map((ref) => bytesFor(ref, this.home)));
    this.emit("msg:custom", kind === "inside" ? { ...content, images: this.images } : content, bytes);
  }

  async hello() {
    const past = this.events.slice(0, this.place);
    for (const event of past) if (event.content.kind === "news") await this.tell(event);
    if (this.place > this.begin && this.place < this.events.length) this.hold();
    const mistakes = past.findLast(({ content }) => content.kind === "mistakes");
    if (mistakes) await this.tell(mistakes);
    await this.look();
  }

  /** What the layer and the image that are chosen were at last. */
  async look() {
    const [layer, image] = [this.get("layer"), this.get("image")];
    const is = ({ content }) => content.kind === "inside" && content.layer === layer && content.image === image;
    const found = this.events.slice(0, this.place).findLast(is) ?? this.events.find(is);
    if (found) await this.tell(found);
  }

  async go() {
    if (this.place === this.begin) await this.hello();
    const from = this.place;
    const began = performance.now();
    const next = async () => {
      if (this.place >= this.events.length) return;
      await this.tell(this.events[this.place++]);
      const due = this.events[this.place] && (this.events[this.place].at - this.events[from].at) / this.speed;
      this.timer = setTimeout(next, Math.max(0, 1000 * due - (performance.now() - began)));
    };
    await next();
  }

  /** The last news once more, as of a training that is paused. */
  hold() {
    const { content } = this.events.slice(0, this.place).findLast(({ content }) => content.kind === "news");
    const runs = content.runs.map((run) => ({ ...run, from: run.to }));
    const held = { ...content, about: null, runs, state: "paused" };
    this.emit("msg:custom", held, [new DataView(new ArrayBuffer(0))]);
  }
};
