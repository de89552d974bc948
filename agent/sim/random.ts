/**
 * A seeded source of random numbers: the same seed gives the same numbers on any machine, for it is made of 32-bit
 * integer arithmetic alone. xoshiro128** (Blackman and Vigna), its state filled by splitmix32.
 */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = new Uint32Array(4);
    let at = seed >>> 0;
    for (let index = 0; index < 4; index += 1) {
      at = (at + 0x9e3779b9) >>> 0;
      let mixed = at ^ (at >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      this.#state[index] = mixed ^ (mixed >>> 15);
    }
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const mixed = d ^ b;
    this.#state[0] = a ^ mixed;
    this.#state[1] = b ^ c ^ a;
    this.#state[2] = c ^ a ^ (b << 9);
    this.#state[3] = (mixed << 11) | (mixed >>> 21);
    return result;
  }

  /** From 0 to just below 1. */
  fraction(): number {
    return this.next() / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** True so often, 0 to 1. */
  chance(share: number): boolean {
    return this.fraction() < share;
  }

  /** One of them; the list must not be empty. */
  pick<T>(list: readonly T[]): T {
    const found = list[this.int(0, list.length - 1)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  /** A source of its own, so that what one actor draws does not move the others. */
  fork(): Random {
    return new Random(this.next());
  }
}
