/** Characters that are told apart; all others are one more, which is in no word. */
const ALPHABET = 129;
const OTHER = 128;

/**
 * Finds which of many words are in a text, in one pass over it, however many words there are and whatever the text
 * holds (Aho and Corasick, 1975). Words and text are compared in lower case; words of other than ASCII are cut before
 * the first such character.
 */
export class WordFinder {
  /** For each state, where each character leads. */
  readonly #next: Int32Array;
  /** For each state, the owners of the words that end there. */
  readonly #owners: readonly (readonly number[])[];
  /** When each owner was last found; saves a set for every line. */
  readonly #foundAt: Int32Array;
  #round = 0;

  /** @param words For each owner, by position, its words. */
  constructor(words: readonly (readonly string[])[]) {
    const trie: { readonly edges: Map<number, number>; owners: number[] }[] = [
      { edges: new Map(), owners: [] },
    ];
    words.forEach((own, owner) => {
      for (const word of own) {
        let state = 0;
        for (const code of codesOf(word)) {
          const known = trie[state]?.edges.get(code);
          if (known === undefined) {
            trie[state]?.edges.set(code, trie.length);
            state = trie.length;
            trie.push({ edges: new Map(), owners: [] });
          } else state = known;
        }
        trie[state]?.owners.push(owner);
      }
    });
    this.#next = new Int32Array(trie.length * ALPHABET);
    const fallback = new Int32Array(trie.length);
    const queue = [0];
    for (const state of queue) {
      const node = trie[state];
      const back = fallback[state] ?? 0;
      for (let code = 0; code < ALPHABET; code += 1) {
        const child = node?.edges.get(code);
        const elsewhere = state === 0 ? 0 : (this.#next[back * ALPHABET + code] ?? 0);
        this.#next[state * ALPHABET + code] = child ?? elsewhere;
        if (child === undefined) continue;
        fallback[child] = elsewhere;
        trie[child]?.owners.push(...(trie[elsewhere]?.owners ?? []));
        queue.push(child);
      }
    }
    this.#owners = trie.map(({ owners }) => owners);
    this.#foundAt = new Int32Array(words.length);
  }

  /** The owners of the words that are in the text, each once, in the order of their first word's end. */
  find(text: string): readonly number[] {
    this.#round += 1;
    const found: number[] = [];
    let state = 0;
    for (let index = 0; index < text.length; index += 1) {
      state = this.#next[state * ALPHABET + codeOf(text.charCodeAt(index))] ?? 0;
      for (const owner of this.#owners[state] ?? []) {
        if (this.#foundAt[owner] === this.#round) continue;
        this.#foundAt[owner] = this.#round;
        found.push(owner);
      }
    }
    return found;
  }
}

function codeOf(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit + 32;
  return unit < OTHER ? unit : OTHER;
}

function codesOf(word: string): readonly number[] {
  const codes: number[] = [];
  for (let index = 0; index < word.length; index += 1) {
    const code = codeOf(word.charCodeAt(index));
    if (code === OTHER) break;
    codes.push(code);
  }
  return codes;
}
