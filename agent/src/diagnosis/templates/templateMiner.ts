import { assert } from '../../core/assert.ts';
import { type Fold, fold } from './fold.ts';
import { Masker } from './mask.ts';

/** Kinds of line that are told apart before they are folded for room. */
export const KINDS_MAX = 8_192;

/** What a line was found to be. It can become part of a wider template while more lines are read. */
export type TemplateRef = { readonly mask: string };

/** A kind of line, with what varies in it left out. */
export type Template = {
  /** `T1` is of the first line that was read. Final when no more lines are added. */
  readonly id: string;
  /** What stays the same; `<*>` stands for what varies. It is text from outside: escape it before it is shown. */
  readonly text: string;
  readonly count: number;
};

type Kind = { readonly mask: string; count: number };
type Folded = {
  readonly templates: readonly Template[];
  readonly of: ReadonlyMap<TemplateRef, Template>;
};

/** A template counts what its kinds count, also lines that are added after it was made. */
class Counted implements Template {
  readonly id: string;
  readonly text: string;
  readonly #kinds: readonly Kind[];

  constructor(id: string, { text, members }: Fold<Kind>) {
    this.id = id;
    this.text = text;
    this.#kinds = members;
  }

  get count(): number {
    return this.#kinds.reduce((sum, { count }) => sum + count, 0);
  }
}

/**
 * Folds log lines into templates while they are read. A line costs one look-up; the folding, which looks at all that
 * was read, is done when the templates are asked for.
 */
export class TemplateMiner {
  readonly #masker = new Masker();
  readonly #kinds = new Map<string, Kind>();
  #folded: Folded | null = null;

  /** Takes in one line, of any length and content. */
  add(line: string): TemplateRef {
    const mask = this.#masker.mask(line);
    const known = this.#kinds.get(mask);
    if (known !== undefined) {
      known.count += 1;
      return known;
    }
    const kind: Kind = { mask, count: 1 };
    this.#kinds.set(mask, kind);
    this.#folded = null;
    return kind;
  }

  /** All templates, in the order in which each was first seen. */
  templates(): readonly Template[] {
    return this.#fold().templates;
  }

  /** Which of `templates()` a line is of, by what `add` answered; the same object as there. */
  templateOf(ref: TemplateRef): Template {
    const template = this.#fold().of.get(ref);
    assert(template !== undefined, 'a reference is of the miner that gave it');
    return template;
  }

  #fold(): Folded {
    if (this.#folded !== null) return this.#folded;
    const of = new Map<TemplateRef, Template>();
    const templates = fold([...this.#kinds.values()]).map((found, index) => {
      const template = new Counted(`T${index + 1}`, found);
      for (const kind of found.members) of.set(kind, template);
      return template;
    });
    this.#folded = { templates, of };
    return this.#folded;
  }
}
