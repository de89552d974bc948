import type { Analysis, Cause, Citation } from '../../core/diagnosis.ts';
import type { EvidenceItem } from '../../core/evidence.ts';
import type { EvidenceBook } from './evidenceBook.ts';
import { mask } from './fingerprint.ts';

/** Answers that are kept; the one that was not needed for longest goes first. */
const ANSWERS_MAX = 200;

type Cited = { readonly kind: EvidenceItem['kind']; readonly whole: boolean; readonly text: string };
type Remembered = {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly analysis: Analysis;
  readonly cited: ReadonlyMap<Citation, Cited>;
};

/** Answers by the fingerprint of their evidence, for as long as configured. */
export class Memory {
  readonly #keepMs: number;
  readonly #answers = new Map<string, Remembered>();

  /** @param keepMs 0: nothing is remembered. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** An answer that names no cause is worth asking again, and not kept. */
  remember(fingerprint: string, analysis: Analysis, book: EvidenceBook, now: number): void {
    if (this.#keepMs === 0 || analysis.causes.length === 0) return;
    const citations = analysis.causes.flatMap((cause) => cause.citations);
    const cited = new Map(
      citations.flatMap((citation) => {
        const place = book.find(citation);
        if (place === null) return [];
        const { item, line, text } = place;
        return [[citation, { kind: item.kind, whole: line === 0, text: line === 0 ? '' : mask(text) }]];
      }),
    );
    this.#answers.delete(fingerprint);
    this.#answers.set(fingerprint, { at: now, analysis, cited });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > ANSWERS_MAX && oldest !== undefined) this.#answers.delete(oldest);
  }

  /**
   * The answer of before, citing the evidence of now: each citation is looked up anew, for ids follow the order in
   * which evidence came. A cause of which nothing is found goes; `null` when none is left.
   */
  recall(fingerprint: string, book: EvidenceBook, now: number): Analysis | null {
    const found = this.#answers.get(fingerprint);
    if (found === undefined) return null;
    this.#answers.delete(fingerprint);
    if (now - found.at >= this.#keepMs) return null;
    this.#answers.set(fingerprint, found);
    const causes = found.analysis.causes.flatMap((cause): readonly Cause[] => {
      const citations = cause.citations.flatMap((citation) => citeAnew(citation, found.cited, book) ?? []);
      return citations.length === 0 ? [] : [{ ...cause, citations: [...new Set(citations)] }];
    });
    return causes.length === 0 ? null : { ...found.analysis, causes, remembered: true };
  }
}

function citeAnew(
  citation: Citation,
  cited: ReadonlyMap<Citation, Cited>,
  book: EvidenceBook,
): Citation | null {
  const was = cited.get(citation);
  if (was === undefined) return null;
  const same = book.find(citation);
  if (same !== null && same.item.kind === was.kind && (was.whole || mask(same.text) === was.text))
    return citation;
  for (const { id } of book.items.filter(({ kind }) => kind === was.kind)) {
    if (was.whole) return id;
    const index = book.lines(id).findIndex((line) => mask(line) === was.text);
    if (index !== -1) return `${id}:${index + 1}`;
  }
  return null;
}
