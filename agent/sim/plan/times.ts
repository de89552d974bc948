import type { Happening, SettingsSpec } from './plan.ts';

export const MINUTE_MS = 60_000;
/** Minute of the day at which every world begins, by its wall clock. */
export const BEGIN_MINUTE = 12 * 60;

/** Who wants to meddle with the agent's next act waits so long for it, milliseconds. */
export const MEDDLE_WITHIN_MS = 5 * MINUTE_MS;

/** How far the wall clock moves in all in what happens there, milliseconds. */
export function jumpOf(happening: Happening): number {
  return happening.kind === 'jump' ? happening.byMs : happening.kind === 'kill' ? happening.jumpMs : 0;
}

/** When what happens there is over. */
export function endOf(happening: Happening): number {
  switch (happening.kind) {
    case 'fault':
    case 'false-alarm':
    case 'poison':
    case 'person-stop':
    case 'person-pause':
    case 'maintenance':
    case 'mode':
    case 'retarget':
      return happening.at + happening.forMs;
    case 'midway':
      return happening.at + MEDDLE_WITHIN_MS + happening.afterMs + happening.forMs;
    case 'meddle':
      return happening.at + MEDDLE_WITHIN_MS + happening.actingMs + happening.forMs;
    case 'reload':
      return Math.max(happening.at, lastRecurring(happening.settings));
    case 'kill':
    case 'stop':
    case 'deploy':
      return happening.at + happening.downMs;
    case 'illness':
      return happening.at + (happening.illness.healsAfterMs ?? 0);
    default:
      return happening.at;
  }
}

/** When the last window that comes again is over; milliseconds since the world began, if the wall clock does not jump. */
export function lastRecurring({ recurring }: SettingsSpec): number {
  return recurring.reduce(
    (end, { startMinute, durationMs }) =>
      Math.max(end, (startMinute - BEGIN_MINUTE) * MINUTE_MS + durationMs),
    0,
  );
}
