import { assert } from '../../core/assert.ts';
import { HOLE } from './characters.ts';
import { type Fold, fold } from './fold.ts';
import { Masker } from './mask.ts';
import { Matcher } from './matcher.ts';

/** Most kinds of line that are told apart; when there are more, they are folded, and the rarest are told apart no more. */
export const KINDS_MAX = 4_096;
/** What folding for room leaves at most, so that it is not soon done again. */
const KEPT_MAX = KINDS_MAX / 2;

/** What a line was found to be. It can become part of a wider template while more lines are read. */
export type TemplateRef = { readonly mask: string };

/** A kind of line, with what varies in it left out. */
export type Template = {
  /** `T1` is of the first line that was read. Final when no more lines are added. */
  readonly id: string;
  /** What stays the same; `<*>` stands for what varies. It is text from outside: escape it before it is shown. */
  readonly text: string;
  readonly count: number;
  /** The how-manieth line was the first of it, from 1 on. */
  readonly since: number;
};

/** Lines with the same mask; `into` is what they were folded into, when they were. */
type Kind = { readonly mask: string; readonly since: number; count: number; into: Kind | null };
type Folded = {
  readonly templates: readonly Template[];
  readonly of: ReadonlyMap<Kind, Template>;
};

/**
 * Folds log lines into templates while they are read. A line costs one look-up; the folding, which looks at all kinds
 * of line that were read, is done when the templates are asked for, and when there are too many kinds.
 */
export class TemplateMiner {
  readonly #masker = new Masker();
  #kinds = new Map<string, Kind>();
  /** Knows the kinds that have holes in place of words, after the first folding for room. */
  #matcher = new Matcher<Kind>([]);
  #lines = 0;
  #folded: Folded | null = null;

  /** Takes in one line, of any length and content. */
  add(line: string): TemplateRef {
    this.#lines += 1;
    const mask = this.#masker.mask(line);
    const known = this.#kinds.get(mask) ?? this.#matcher.find(mask);
    if (known !== undefined) {
      known.count += 1;
      return known;
    }
    if (this.#kinds.size >= KINDS_MAX) this.#makeRoom();
    const kind = this.#newKind(mask);
    kind.count = 1;
    this.#kinds.set(mask, kind);
    return kind;
  }

  /** All templates, in the order in which each was first seen. */
  templates(): readonly Template[] {
    return this.#fold().templates;
  }

  /** Which of `templates()` a line is of, by what `add` answered; the same object as there. */
  templateOf(ref: TemplateRef): Template {
    // `add` gives out nothing but kinds; one of another miner is found below not to be known.
    let kind = ref as Kind;
    while (kind.into !== null) kind = kind.into;
    const template = this.#fold().of.get(kind);
    assert(template !== undefined, 'a reference is of the miner that gave it');
    return template;
  }

  #fold(): Folded {
    if (this.#folded !== null) return this.#folded;
    const of = new Map<Kind, Template>();
    const templates = fold(this.#inOrder()).map((found, index) => {
      const template = new Counted(`T${index + 1}`, found);
      for (const kind of found.members) of.set(kind, template);
      return template;
    });
    this.#folded = { templates, of };
    return this.#folded;
  }

  #inOrder(): Kind[] {
    return [...this.#kinds.values()].toSorted((one, other) => one.since - other.since);
  }

  #newKind(mask: string): Kind {
    this.#folded = null;
    return { mask, since: this.#lines, count: 0, into: null };
  }

  /** Folds what can be folded; if that is not enough, the rarest kinds, and of those the oldest, become one. */
  #makeRoom(): void {
    const folds = fold(this.#inOrder());
    const widened: Kind[] = [];
    const kinds = new Map<string, Kind>();
    for (const found of folds) {
      const kind = this.#joined(found);
      kinds.set(kind.mask, kind);
      if (found.members.length > 1) widened.push(kind);
    }
    const rest = kinds.get(HOLE) ?? this.#newKind(HOLE);
    for (const kind of rarest(kinds)) {
      kinds.delete(kind.mask);
      moveInto(kind, rest);
      kinds.set(HOLE, rest);
    }
    this.#kinds = kinds;
    this.#matcher = this.#matcher.with(widened, (kind) => kinds.has(kind.mask) && kind.into === null);
    this.#folded = null;
  }

  #joined({ members, mask }: Fold<Kind>): Kind {
    const [first] = members;
    if (members.length === 1 && first !== undefined) return first;
    const joined = { ...this.#newKind(mask), since: first?.since ?? 0 };
    for (const member of members) moveInto(member, joined);
    return joined;
  }
}

/** The kinds that are one too many, without the one that says nothing anyway. */
function rarest(kinds: ReadonlyMap<string, Kind>): readonly Kind[] {
  return [...kinds.values()]
    .filter(({ mask }) => mask !== HOLE)
    .toSorted((one, other) => one.count - other.count || one.since - other.since)
    .slice(0, Math.max(0, kinds.size - KEPT_MAX));
}

function moveInto(kind: Kind, into: Kind): void {
  into.count += kind.count;
  kind.into = into;
}

/** A template counts what its kinds count, also lines that are added after it was made. */
class Counted implements Template {
  readonly id: string;
  readonly text: string;
  readonly since: number;
  readonly #kinds: readonly Kind[];

  constructor(id: string, { text, members }: Fold<Kind>) {
    this.id = id;
    this.text = text;
    this.since = members[0]?.since ?? 0;
    this.#kinds = members;
  }

  get count(): number {
    return this.#kinds.reduce((sum, { count }) => sum + count, 0);
  }
}
