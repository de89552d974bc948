/** Words of a line, as numbers that stand for them. */
type Line = readonly number[];

/**
 * Finds the lines that are the same but for one place. For each place, the lines are looked up by a sum over all their
 * words but the one; since sums can collide, the words are compared, too.
 */
export class OtherwiseSame {
  readonly #lines: readonly Line[];
  readonly #sums: readonly number[];

  /** @param lines of the same length */
  constructor(lines: readonly (readonly string[])[]) {
    const numbers = new Map<string, number>();
    this.#lines = lines.map((words) => words.map((word) => numberOf(numbers, word)));
    this.#sums = this.#lines.map((line) =>
      line.reduce((sum, word, at) => (sum + mixed(word, at)) % MODULUS, 0),
    );
  }

  /** Groups of two or more lines that are the same but at this place; a line is named by its index. */
  at(place: number): readonly (readonly number[])[] {
    const buckets = new Map<number, number[][]>();
    for (const [index, line] of this.#lines.entries()) {
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
