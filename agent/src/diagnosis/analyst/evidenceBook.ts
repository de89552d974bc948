import type { Citation } from '../../core/diagnosis.ts';
import type { EvidenceItem } from '../../core/evidence.ts';

const CITATION = /^(E\d{1,6})(?::(\d{1,7}))?$/;

/** A citation, taken apart; line 0 is the whole item. */
export type Place = { readonly item: EvidenceItem; readonly line: number; readonly text: string };

/** Everything that can be cited in one analysis: what was gathered, and what the model was shown when it asked. */
export class EvidenceBook {
  readonly #items = new Map<string, { readonly item: EvidenceItem; readonly lines: readonly string[] }>();

  constructor(items: readonly EvidenceItem[]) {
    for (const item of items) this.add(item);
  }

  add(item: EvidenceItem): void {
    this.#items.set(item.id, { item, lines: linesOf(item) });
  }

  get items(): readonly EvidenceItem[] {
    return [...this.#items.values()].map(({ item }) => item);
  }

  lines(id: string): readonly string[] {
    return this.#items.get(id)?.lines ?? [];
  }

  /** Where the citation leads to; `null` when there is no such item or line. */
  find(citation: Citation): Place | null {
    const [, id = '', number] = CITATION.exec(citation) ?? [];
    const entry = this.#items.get(id);
    if (entry === undefined) return null;
    if (number === undefined)
      return entry.lines.length === 0 ? null : { item: entry.item, line: 0, text: entry.item.text };
    const text = entry.lines[Number(number) - 1];
    return text === undefined ? null : { item: entry.item, line: Number(number), text };
  }
}

/** The lines of an item's text, as citations count them: from 1 on; a line end at the very end begins no line. */
function linesOf({ text }: EvidenceItem): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
