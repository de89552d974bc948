import type { Fault, Plan } from '../plan/plan.ts';

/** Whether a fault of this kind was at work at some time from `since` to `until`; true times, milliseconds. */
export function wasAtWork<K extends Fault['kind']>(
  { happenings }: Plan,
  kind: K,
  since: number,
  until: number,
  how: Extract<Fault, { kind: K }>['how'] | null = null,
): boolean {
  return happenings.some(
    (each) =>
      each.kind === 'fault' &&
      each.fault.kind === kind &&
      (how === null || each.fault.how === how) &&
      each.at <= until &&
      since <= each.at + each.forMs,
  );
}
