import type { Instance } from '../../core/target.ts';
import type { WellState } from './wellStates.ts';

/** An end that lies further back than this before the incident was opened is another story, milliseconds. */
const SAME_STORY_MS = 900_000;

/**
 * When an instance failed, as far as can be told: the time that parts its logs. What has ended wrote everything
 * before (infinity); what was brought back failed between its end and its new start; of what runs and is sick nobody
 * knows better than the first signal. A run that was seen well after it was brought back has failed anew.
 *
 * @param openedAt When the incident was opened, milliseconds since the epoch.
 * @param wellStates As what its target was seen well.
 */
export function failureTime(
  { id, status, startedAt, finishedAt }: Instance,
  openedAt: number,
  wellStates: readonly WellState[] = [],
): number {
  if (status !== 'running' && status !== 'paused') return Number.POSITIVE_INFINITY;
  if (startedAt === null || finishedAt === null) return openedAt;
  const wasWell = wellStates.some(
    ({ lastAt, instances }) =>
      lastAt > startedAt &&
      lastAt <= openedAt &&
      instances.some((seen) => seen.id === id && seen.startedAt === startedAt),
  );
  if (wasWell) return openedAt;
  const broughtBack = startedAt >= finishedAt && finishedAt >= openedAt - SAME_STORY_MS;
  // Neither end is exact to the millisecond: last words are taken down a moment later, first ones a moment earlier.
  return broughtBack ? (finishedAt + startedAt) / 2 : openedAt;
}
