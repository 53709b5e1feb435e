/** The layers that the page has: they need no kernel. */

const KEPT = 32e6; // bytes of maps that a page keeps
const AHEAD = 1e6; // larger layers are not sent before somebody wants them
const EXACT = 2 ** 20; // bytes up to which the kernel sends 4 of them a value, then one

/** What the kernel says about layers, and their values; those used last stay. */
export class Cards {
  constructor() {
    this.kept = new Map();
    this.bytes = 0;
  }

  name = (key, layer) => `${key} ${layer}`;

  has = (key, layer) => this.kept.has(this.name(key, layer));

  get(key, layer) {
    const name = this.name(key, layer);
    const card = this.kept.get(name);
    if (card) this.kept.delete(name) && this.kept.set(name, card);
    return card;
  }

  put(facts, bytes) {
    const name = this.name(facts.key, facts.layer);
    if (this.kept.has(name)) return;
    const { buffer } = bytes.slice(); // floats must begin at a multiple of four
    const values = facts.exact ? new Float32Array(buffer) : new Uint8Array(buffer);
    this.kept.set(name, { facts, values });
    this.bytes += buffer.byteLength;
    for (const [old, card] of this.kept) {
      if (this.bytes <= KEPT || old === name) break;
      this.kept.delete(old);
      this.bytes -= card.values.byteLength;
    }
  }

  /** The name of the layer to ask for next: the nearest that is small and not here. */
  missing(key, layers, layer) {
    const here = layers.findIndex(({ name }) => name === layer);
    const away = ({ name }) => Math.abs(layers.findIndex((one) => one.name === name) - here);
    return layers
      .filter(({ name, size }) => size.length < 4 && !this.has(key, name) && this.hasRoom(bytesOfMaps(size)))
      .sort((a, b) => away(a) - away(b))[0]?.name;
  }

  hasRoom = (bytes) => bytes <= AHEAD && this.bytes + bytes <= KEPT;
}

/** Bytes of a layer's maps as the kernel sends them. */
function bytesOfMaps(size) {
  const values = size.reduce((product, n) => product * n, 1);
  return 4 * values <= EXACT ? 4 * values : values;
}
