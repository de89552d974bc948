import { assert } from '../core/assert.ts';

/** Characters that are told apart; all others are one more, which is in no word. */
const ALPHABET = 129;
const OTHER = 128;
/** So much of a word is looked for; what follows hardly tells more, and costs room. */
const PREFIX_MAX = 12;
/** States of the automaton, 258 bytes each: 13 MB at most, about a tenth of it for what is shipped. */
const STATES_MAX = 50_000;

/** Of most states; shared by them. */
const NOBODY: readonly number[] = [];

type State = { readonly edges: Map<number, number>; readonly owners: number[] };

/**
 * Finds which of many words may be in a text, in one pass over it, however many words there are and whatever the text
 * holds (Aho and Corasick, 1975). It may say yes where the answer is no, never the other way: of a word only the
 * beginning is looked for, in any case, up to its first character beyond ASCII.
 */
export class WordFinder {
  /** For each state, where each character leads. */
  readonly #next: Uint16Array;
  /** For each state, the owners of the words that end there. */
  readonly #owners: readonly (readonly number[])[];
  /** Owners that are found in every text. */
  readonly #always: readonly number[];
  /** When each owner was last found; saves a set for every line. */
  readonly #foundAt: Int32Array;
  #round = 0;

  /** @param words For each owner, by position, its words; `null`: it is found in every text. */
  constructor(words: readonly (readonly string[] | null)[]) {
    const always: number[] = [];
    const trie: State[] = [{ edges: new Map(), owners: [] }];
    words.forEach((own, owner) => {
      const all = own?.map(codesOf) ?? null;
      const room = STATES_MAX - trie.length;
      if (all === null || all.some(({ length }) => length === 0) || all.flat().length > room)
        always.push(owner);
      else for (const codes of all) add(trie, codes, owner);
    });
    this.#next = link(trie);
    this.#owners = trie.map(({ owners }) => (owners.length === 0 ? NOBODY : owners));
    this.#always = always;
    this.#foundAt = new Int32Array(words.length);
  }

  /** The owners of the words that are in the text, each once, in ascending order. */
  find(text: string): readonly number[] {
    this.#round += 1;
    const found = [...this.#always];
    let state = 0;
    for (let index = 0; index < text.length; index += 1) {
      state = this.#next[state * ALPHABET + codeOf(text.charCodeAt(index))] ?? 0;
      for (const owner of this.#owners[state] ?? []) {
        if (this.#foundAt[owner] === this.#round) continue;
        this.#foundAt[owner] = this.#round;
        found.push(owner);
      }
    }
    return found.length > 1 ? found.sort((one, other) => one - other) : found;
  }
}

function add(trie: State[], codes: readonly number[], owner: number): void {
  let state = 0;
  for (const code of codes) {
    const known = trie[state]?.edges.get(code);
    if (known === undefined) {
      trie[state]?.edges.set(code, trie.length);
      state = trie.length;
      trie.push({ edges: new Map(), owners: [] });
    } else state = known;
  }
  trie[state]?.owners.push(owner);
}

/** Where each character leads from each state: on, or to the longest end of what was read that begins a word. */
function link(trie: readonly State[]): Uint16Array {
  assert(trie.length <= STATES_MAX, 'a state has a number of 16 bits');
  const next = new Uint16Array(trie.length * ALPHABET);
  const fallback = new Uint16Array(trie.length);
  const queue = [0];
  for (const state of queue) {
    const back = fallback[state] ?? 0;
    for (let code = 0; code < ALPHABET; code += 1) {
      const child = trie[state]?.edges.get(code);
      const elsewhere = state === 0 ? 0 : (next[back * ALPHABET + code] ?? 0);
      next[state * ALPHABET + code] = child ?? elsewhere;
      if (child === undefined) continue;
      fallback[child] = elsewhere;
      trie[child]?.owners.push(...(trie[elsewhere]?.owners ?? []));
      queue.push(child);
    }
  }
  return next;
}

function codeOf(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit + 32;
  return unit < OTHER ? unit : OTHER;
}

function codesOf(word: string): readonly number[] {
  const codes: number[] = [];
  for (let index = 0; index < Math.min(word.length, PREFIX_MAX); index += 1) {
    const code = codeOf(word.charCodeAt(index));
    if (code === OTHER) break;
    codes.push(code);
  }
  return codes;
}
