import type { CausePattern } from '../causePattern.ts';
import type { Cause, Diagnosis } from '../core/diagnosis.ts';
import type { EvidenceItem, EvidenceKind } from '../core/evidence.ts';
import type { Diagnoser } from '../ports.ts';
import { lastRunsOf, UNKNOWN_RUN } from './lastRun.ts';
import { PatternSet, type WorkLeft } from './patternSet.ts';
import { HAS_TIMES, newestTime, type WeighedLine, weighLog } from './recency.ts';
import { Sighting } from './sighting.ts';
import { withoutRequests } from './spoken.ts';
import { type RecentLine, unusual } from './templates/unusual.ts';
import { toneOf } from './tone.ts';

/** Causes that are told. */
const CAUSES_MAX = 10;
/** Of a longer line only so much is looked at, UTF-16 units. */
const LINE_MAX = 4_000;
/** Characters that expressions are tried on in one diagnosis; far more than an ordinary log needs. */
const WORK_MAX = 16_000_000;

/**
 * Recognises causes by patterns. Pure: the same evidence has the same diagnosis. Its work is bounded by lines, by their
 * length, and by the characters that expressions are tried on; the newest lines are looked at first.
 */
export class RuleDiagnoser implements Diagnoser {
  readonly #set: PatternSet;
  /** Kinds of evidence that any pattern reads. */
  readonly #kinds: ReadonlySet<EvidenceKind>;

  constructor(patterns: readonly CausePattern[]) {
    this.#set = new PatternSet(patterns);
    this.#kinds = new Set(patterns.flatMap(({ evidence }) => evidence));
  }

  diagnose(_target: string, evidence: readonly EvidenceItem[], past: readonly string[]): Diagnosis {
    return { causes: this.#causes(evidence), unusual: unusual(past, recentLines(evidence)) };
  }

  #causes(evidence: readonly EvidenceItem[]): readonly Cause[] {
    const runOf = lastRunsOf(evidence);
    const endedAt = newestTime(evidence, runOf);
    const work: WorkLeft = { characters: WORK_MAX };
    const sightings = new Map<CausePattern, Sighting>();
    // Short pieces first: what the runtime knows is never crowded out by what the service wrote.
    const order = evidence
      .map((item, position) => ({ item, position }))
      .toSorted((one, other) => Number(one.item.kind === 'logs') - Number(other.item.kind === 'logs'));
    for (const { item, position } of order) {
      if (item.run === 'earlier' && !runOf(item.instance).loops) continue;
      const lines = HAS_TIMES.has(item.kind)
        ? weighLog(item.text, item.kind === 'logs' ? runOf(item.instance) : UNKNOWN_RUN, endedAt)
        : wholeText(item);
      this.#read(item, position, lines, work, sightings);
    }
    return [...sightings.values()]
      .filter(({ counts }) => counts)
      .map((sighting) => sighting.toCause())
      .toSorted((one, other) => other.confidence - one.confidence || (one.id < other.id ? -1 : 1))
      .slice(0, CAUSES_MAX);
  }

  #read(
    { id, kind, instance }: EvidenceItem,
    position: number,
    lines: Iterable<WeighedLine>,
    work: WorkLeft,
    sightings: Map<CausePattern, Sighting>,
  ): void {
    if (!this.#kinds.has(kind)) return;
    for (const { number, text, weight, outlived } of lines) {
      if (work.characters < 0) return;
      if (weight === 0 && !outlived) continue;
      const line = withoutRequests(text.slice(0, LINE_MAX));
      for (const pattern of this.#set.find(line, work, kind)) {
        const sighting = sightings.get(pattern) ?? new Sighting(pattern);
        sightings.set(pattern, sighting);
        if (outlived) sighting.outlive();
        if (weight === 0) continue;
        // To leave a restart out takes better proof than to make one.
        const tone = kind === 'logs' && pattern.restartHelps === 'no' ? toneOf(line) : 1;
        sighting.add(
          { item: position, line: number, citation: `${id}:${number}` },
          weight * tone,
          `${kind} ${instance}`,
        );
      }
    }
  }
}

/** What has no times is of the moment at which it was asked. */
function wholeText({ text }: EvidenceItem): readonly WeighedLine[] {
  return text.split('\n', 1_000).map((line, index) => ({
    number: index + 1,
    text: line,
    weight: 1,
    outlived: false,
  }));
}

/** The lines that may be new or rare: those from before the failure, and where that cannot be told, all. */
function recentLines(evidence: readonly EvidenceItem[]): readonly RecentLine[] {
  return evidence.flatMap(({ id, kind, text, side, run }) =>
    kind !== 'logs' || side === 'after' || run === 'earlier'
      ? []
      : text.split('\n').map((line, index) => ({ text: line, citation: `${id}:${index + 1}` })),
  );
}
