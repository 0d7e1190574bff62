// SHA-256 of what comes piece by piece: the browser's own takes only whole files, and none where there is no TLS.

const PRIMES = primes(64);
const BEGIN = PRIMES.slice(0, 8).map((one) => fraction(one, 1 / 2));
const ROUNDS = PRIMES.map((one) => fraction(one, 1 / 3));
const BLOCK = 64;

/** Takes bytes by and by, and then says their hash. */
export class Sha256 {
  private readonly state = Uint32Array.from(BEGIN);
  private readonly words = new Uint32Array(BLOCK);
  private readonly rest = new Uint8Array(BLOCK);
  private held = 0;
  private length = 0;

  /** Take further bytes. */
  add(bytes: Uint8Array): this {
    this.length += bytes.length;
    let at = 0;
    if (this.held > 0) {
      at = Math.min(BLOCK - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < BLOCK) return this;
      this.block(this.rest, 0);
      this.held = 0;
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.block(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  /** The hash in 64 hexadecimal digits. Nothing can be added afterwards. */
  hex(): string {
    const bits = BigInt(this.length) * 8n;
    const padding = new Uint8Array((this.held < BLOCK - 8 ? BLOCK : 2 * BLOCK) - this.held);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, bits);
    this.add(padding);
    return Array.from(this.state, (one) => one.toString(16).padStart(8, "0")).join("");
  }

  private block(bytes: Uint8Array, at: number): void {
    const words = this.words;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, BLOCK);
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(i * 4);
    for (let i = 16; i < BLOCK; i += 1) {
      const early = words[i - 15]!;
      const late = words[i - 2]!;
      const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
      const large = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
      words[i] = words[i - 16]! + small + words[i - 7]! + large;
    }
    this.mix(words);
  }

  private mix(words: Uint32Array): void {
    let [a, b, c, d, e, f, g, h] = this.state as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < BLOCK; i += 1) {
      const high = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const first = (h + high + ((e & f) ^ (~e & g)) + ROUNDS[i]! + words[i]!) | 0;
      const low = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((one, at) => {
      this.state[at] = this.state[at]! + one;
    });
  }
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits of the fraction of a root. */
function fraction(prime: number, power: number): number {
  const root = prime ** power;
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let one = 2; found.length < count; one += 1) if (found.every((other) => one % other !== 0)) found.push(one);
  return found;
}
