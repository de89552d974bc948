import type { Citation, UnusualTemplate } from '../../core/diagnosis.ts';
import { type Template, TemplateMiner } from './templateMiner.ts';

/** Most templates that are named: more are not read by anybody. */
export const UNUSUAL_MAX = 20;
/** A template is rare when it had less than this share of the past's lines. */
export const RARE_SHARE = 0.005;
/** Longest text of a template that is named, in UTF-16 units. */
const TEXT_MAX = 1_000;

/** A line of the minutes before the failure, and where it stands in the evidence. */
export type RecentLine = { readonly text: string; readonly citation: Citation | null };

const TROUBLE =
  /error|fail|fatal|panic|exception|traceback|refused|denied|timed? ?out|unable|cannot|can't|invalid|corrupt|abort|kill|crash|unavailable|unreachable|critical|exhausted|exceeded|no space|out of/iu;

type Seen = { count: number; readonly citation: Citation | null };
type Candidate = UnusualTemplate & { readonly past: number };

/**
 * What the recent lines have that the past has not (`new`), or hardly has (`rare`: less than RARE_SHARE of its lines).
 * The most significant come first: new before rare, what speaks of trouble before what does not, then what the past
 * has least of, then what came first; at most UNUSUAL_MAX. Of no past nothing is said, since all would be new.
 */
export function unusual(past: Iterable<string>, recent: Iterable<RecentLine>): UnusualTemplate[] {
  const miner = new TemplateMiner();
  let pastLines = 0;
  for (const line of past) {
    miner.add(line);
    pastLines += 1;
  }
  if (pastLines === 0) return [];
  const lines = [...recent].map(({ text, citation }) => ({ ref: miner.add(text), citation }));
  const seen = new Map<Template, Seen>();
  for (const { ref, citation } of lines) {
    const template = miner.templateOf(ref);
    const known = seen.get(template);
    if (known === undefined) seen.set(template, { count: 1, citation });
    else known.count += 1;
  }
  return [...seen]
    .map(([template, { count, citation }]) => toCandidate(template, count, citation))
    .filter(({ past: share }) => share < pastLines * RARE_SHARE)
    .toSorted(bySignificance)
    .slice(0, UNUSUAL_MAX)
    .map(({ past: _, ...named }) => named);
}

function toCandidate({ text, count: inAll }: Template, count: number, citation: Citation | null): Candidate {
  const past = inAll - count;
  return { template: text.slice(0, TEXT_MAX), kind: past === 0 ? 'new' : 'rare', count, citation, past };
}

function bySignificance(one: Candidate, other: Candidate): number {
  return (
    Number(other.kind === 'new') - Number(one.kind === 'new') ||
    Number(TROUBLE.test(other.template)) - Number(TROUBLE.test(one.template)) ||
    one.past - other.past
  );
}
