import type { Mode } from '../core/target.ts';
import type { BoundedNames } from './boundedNames.ts';
import type { Instruments } from './instruments.ts';

/** Stands for all targets where a label names one. */
const EVERY_TARGET = '*';

/** What people set and what waits for them, at one moment: numbers, and names of targets. */
export type ControlsShown = {
  readonly maintenance: number;
  readonly recurring: number;
  readonly breakers: readonly string[];
  readonly modes: readonly { readonly target: string | null; readonly mode: Mode }[];
  readonly approvals: number;
  /** Instances that people hold down, and targets of which more are held than were remembered. */
  readonly holds: { readonly instances: number; readonly targets: number };
};

export const NOTHING_SET: ControlsShown = {
  maintenance: 0,
  recurring: 0,
  breakers: [],
  modes: [],
  approvals: 0,
  holds: { instances: 0, targets: 0 },
};

/** Sets the gauges of what people set; for the moment of a scrape. */
export function showControls(
  of: Instruments,
  targets: BoundedNames,
  { maintenance, recurring, breakers, modes, approvals, holds }: ControlsShown,
): void {
  of.maintenanceOpen.set({ origin: 'declared' }, maintenance);
  of.maintenanceOpen.set({ origin: 'recurring' }, recurring);
  of.approvalsWaiting.set(approvals);
  of.instancesHeld.set(holds.instances);
  of.targetsHeldWhole.set(holds.targets);
  of.breakerOpen.reset();
  for (const target of breakers) of.breakerOpen.set({ target: targets.of(target) }, 1);
  of.modeSet.reset();
  for (const { target, mode } of modes) {
    of.modeSet.set({ target: target === null ? EVERY_TARGET : targets.of(target), mode }, 1);
  }
}
