/** Words of a line, as numbers that stand for them. */
type Line = readonly number[];

/** Into how many blocks a line is cut, to rule out at little cost that it is like another. */
const BLOCKS = 8;

/**
 * Finds the lines that are the same but for one place. They are looked up by a sum over all their words but the one;
 * since sums can collide, the words are compared, too. Before that, lines are ruled out that are like no other even
 * with a whole block of places left out: in a log of thousands of unlike lines that is most of them.
 */
export class OtherwiseSame {
  readonly #lines: readonly Line[];
  readonly #sums: readonly number[];
  readonly #blockSize: number;
  /** For each block, the lines that are like another one outside of it. */
  readonly #candidates: readonly (readonly number[])[];

  /** @param lines of the same length */
  constructor(lines: readonly (readonly string[])[]) {
    const numbers = new Map<string, number>();
    this.#lines = lines.map((words) => words.map((word) => numberOf(numbers, word)));
    this.#sums = this.#lines.map((line) => sumOf(line, 0, line.length));
    const width = lines[0]?.length ?? 0;
    this.#blockSize = Math.max(1, Math.ceil(width / BLOCKS));
    this.#candidates = Array.from({ length: Math.ceil(width / this.#blockSize) }, (_, block) => {
      const from = block * this.#blockSize;
      const outside = this.#lines.map((line, index) => {
        const inside = sumOf(line, from, Math.min(width, from + this.#blockSize));
        return ((this.#sums[index] ?? 0) + MODULUS - inside) % MODULUS;
      });
      const counts = new Map<number, number>();
      for (const sum of outside) counts.set(sum, (counts.get(sum) ?? 0) + 1);
      return [...outside.keys()].filter((index) => (counts.get(outside[index] ?? 0) ?? 0) > 1);
    });
  }

  /** Groups of two or more lines that are the same but at this place; a line is named by its index. */
  at(place: number): readonly (readonly number[])[] {
    const buckets = new Map<number, number[][]>();
    for (const index of this.#candidates[Math.floor(place / this.#blockSize)] ?? []) {
      const line = this.#lines[index] ?? [];
      const sum = ((this.#sums[index] ?? 0) + MODULUS - mixed(line[place] ?? 0, place)) % MODULUS;
      const groups = buckets.get(sum);
      if (groups === undefined) {
        buckets.set(sum, [[index]]);
        continue;
      }
      const group = groups.find(([first]) => this.#isSame(line, this.#lines[first ?? 0] ?? [], place));
      if (group === undefined) groups.push([index]);
      else group.push(index);
    }
    return [...buckets.values()].flat().filter(({ length }) => length > 1);
  }

  #isSame(one: Line, other: Line, but: number): boolean {
    return one.every((word, at) => at === but || word === other[at]);
  }
}

/** Largest prime below 2^50: sums of two stay exact. */
const MODULUS = 1_125_899_906_842_597;

function sumOf(line: Line, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum = (sum + mixed(line[at] ?? 0, at)) % MODULUS;
  return sum;
}

function numberOf(numbers: Map<string, number>, word: string): number {
  const known = numbers.get(word);
  if (known !== undefined) return known;
  numbers.set(word, numbers.size + 1);
  return numbers.size;
}

/** A number that differs for each word and place, spread over 2^48. */
function mixed(word: number, at: number): number {
  const low = scramble(word ^ Math.imul(at + 1, 0x9e3779b1));
  return (scramble(low + word) & 0xffff) * 0x1_0000_0000 + low;
}

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
