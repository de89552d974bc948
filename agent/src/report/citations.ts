import type { Citation } from '../core/diagnosis.ts';
import type { EvidenceItem } from '../core/evidence.ts';
import { code, oneLine, prose } from './markdown.ts';

/** Cited places that a report shows; a diagnosis cites a few. */
export const CITATIONS_MAX = 60;

/** Of a cited line beside its link. */
const QUOTED_MAX = 160;

/** Where in the evidence a citation points. Lines count from 1; `null`: the item as a whole. */
export type Place = { readonly item: EvidenceItem; readonly line: number | null };

/** Finds what is cited; null where that does not exist. */
export function placeOf(citation: Citation, evidence: ReadonlyMap<string, EvidenceItem>): Place | null {
  const match = /^(E\d{1,6})(?::(\d{1,9}))?$/.exec(citation);
  const item = evidence.get(match?.[1] ?? '');
  if (match === null || item === undefined) return null;
  if (match[2] === undefined) return { item, line: null };
  const line = Number(match[2]);
  return line >= 1 && line <= linesOf(item).length ? { item, line } : null;
}

/** The lines of an item as they are cited: the first is 1. */
export function linesOf({ text }: EvidenceItem): readonly string[] {
  return text.split('\n');
}

/** The citation as a link to its place, with the line itself beside it. `anchors`: the heading over each shown line. */
export function sayCitation(
  citation: Citation,
  evidence: ReadonlyMap<string, EvidenceItem>,
  anchors: ReadonlyMap<string, string>,
): string {
  const place = placeOf(citation, evidence);
  // What cites nothing was struck out before; a link of it would be an address from outside.
  if (place === null) return `${code(citation, 40)} (there is no such evidence)`;
  const { item, line } = place;
  if (line === null) return `[${item.id}](${anchors.get(item.id) ?? '#evidence'}) (${prose(titleOf(item))})`;
  const id = `${item.id}:${line}`;
  const text = oneLine((linesOf(item)[line - 1] ?? '').trim(), QUOTED_MAX);
  return `[${id}](${anchors.get(id) ?? anchors.get(item.id) ?? '#evidence'}) ${code(text, QUOTED_MAX * 2)}`;
}

const TITLES: { readonly [kind in EvidenceItem['kind']]: string } = {
  logs: 'log',
  inspect: 'state',
  'health-log': 'results of the health check',
  stats: 'use of resources',
  metrics: 'metrics',
  events: 'events of the runtime',
  changes: 'what changed since it was last well',
  history: 'its last incidents',
};

/** What a piece of evidence is, in words. */
export function titleOf({ kind, instance, side, run }: EvidenceItem): string {
  const when = run === 'earlier' ? ', of earlier runs' : side === undefined ? '' : `, ${side} the failure`;
  return `${TITLES[kind]}${instance === '' ? '' : ` of ${instance}`}${when}`;
}
