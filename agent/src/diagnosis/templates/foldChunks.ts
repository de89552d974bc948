import { HOLE } from './characters.ts';
import { type Draft, merge } from './draft.ts';
import { OtherwiseSame } from './otherwiseSame.ts';
import { isSign, templateText } from './tokens.ts';

/** Words that must be left beside a value for two messages to be told the same by them. */
const OTHERS_MIN = 2;

type Chunk = { readonly text: string; readonly from: number; readonly to: number };

/**
 * Folds lines of different shape, by what stands between blanks: where one has a bare value and another something with
 * a value in it (`LOCAL(<*>)`, `gateway:<*>`), that is a way to write the value.
 */
export function foldChunks<K>(drafts: readonly Draft<K>[]): readonly Draft<K>[] {
  const chunked = drafts.map((draft) => ({ draft, chunks: chunksOf(draft) }));
  const byLength = Map.groupBy(chunked, ({ chunks }) => chunks.length);
  const folded = [...byLength].flatMap(([length, alike]) => {
    if (length <= OTHERS_MIN || alike.length === 1) return alike.map(({ draft }) => draft);
    const same = new OtherwiseSame(alike.map(({ chunks }) => chunks.map(({ text }) => text)));
    const replaced = alike.map(({ draft }) => draft);
    for (let at = 0; at < length; at += 1) {
      for (const group of same.at(at)) foldGroup(group, at, alike, replaced);
    }
    return replaced;
  });
  return merge(folded, templateText);
}

function foldGroup<K>(
  group: readonly number[],
  at: number,
  alike: readonly { readonly draft: Draft<K>; readonly chunks: readonly Chunk[] }[],
  replaced: Draft<K>[],
): void {
  const bare = group.find((index) => alike[index]?.chunks[at]?.text === HOLE);
  const sample = bare === undefined ? undefined : alike[bare];
  if (sample === undefined || wordsBeside(sample.chunks, at) < OTHERS_MIN) return;
  for (const index of group) {
    const { draft, chunks } = alike[index] ?? sample;
    const chunk = chunks[at];
    if (chunk === undefined || !holdsValue(chunk.text)) continue;
    replaced[index] = {
      ...draft,
      words: draft.words.toSpliced(chunk.from, chunk.to - chunk.from, HOLE),
      spaced: draft.spaced.toSpliced(chunk.from, chunk.to - chunk.from, draft.spaced[chunk.from] === true),
    };
  }
}

/** What stands between blanks, without the signs that end it; these are chunks of their own. */
function chunksOf({ words, spaced }: Pick<Draft<unknown>, 'words' | 'spaced'>): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < words.length; ) {
    let to = from + 1;
    while (to < words.length && spaced[to] !== true) to += 1;
    let end = to;
    while (end > from + 1 && [',', ';', ':'].includes(words[end - 1] ?? '')) end -= 1;
    chunks.push({ text: words.slice(from, end).join(''), from, to: end });
    if (end < to) chunks.push({ text: words.slice(end, to).join(''), from: end, to });
    from = to;
  }
  return chunks;
}

function holdsValue(chunk: string): boolean {
  return chunk.includes(HOLE) && !chunk.includes('=');
}

function wordsBeside(chunks: readonly Chunk[], at: number): number {
  return chunks.filter(({ text }, index) => index !== at && !text.includes(HOLE) && !isSign(text)).length;
}
