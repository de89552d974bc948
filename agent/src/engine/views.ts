import { describeSelf, protectionOf, type SelfIdentity } from '../core/guards/index.ts';
import { maintenanceOfTarget } from '../core/guards/maintenance.ts';
import { modeOfTarget } from '../core/guards/mode.ts';
import { openWindows } from '../core/maintenance.ts';
import type { Settings } from '../core/settings.ts';
import type { Control, ControlsInForce, PendingApproval, TargetStatus } from '../ports.ts';
import type { Board } from './board.ts';
import type { Census } from './census.ts';
import type { Memory } from './memory.ts';

/** Every target as it was last seen. */
export function targetStatuses(
  census: Census,
  board: Board,
  memory: Memory,
  settings: Settings,
  now: number,
): readonly TargetStatus[] {
  const { fleet } = memory;
  return census.targets.map((target) => ({
    target,
    ...board.of(target),
    incident: fleet.openIncidentOf(target.name),
    protected: protectionOf(target, [], settings, census.self) !== null,
    mode: modeOfTarget(target, fleet, settings),
    maintenance: maintenanceOfTarget(target, fleet, settings, now),
    held: fleet.holdOf(target.name),
  }));
}

/** What people set, and what stands in the configuration, as far as it is in force at `now`. */
export function controlsInForce({ fleet }: Memory, settings: Settings, now: number): ControlsInForce {
  return {
    maintenance: fleet.openMaintenance(now),
    recurring: openWindows(settings.maintenance, now),
    breakers: fleet.openBreakers(now),
    modes: fleet.setModes(),
  };
}

/** Steps that wait for a person. */
export function pendingApprovals(memory: Memory): readonly PendingApproval[] {
  return memory
    .incidents()
    .flatMap(({ id, target, phase }) =>
      phase.kind === 'approving' ? [{ incident: id, target, until: phase.until, reason: phase.reason }] : [],
    );
}

/** The state of each thing that the agent depends on. */
export function dependencyStates(
  journalTrouble: string | null,
  self: SelfIdentity,
  census: Census,
): ReturnType<Control['dependencies']> {
  const journal = {
    name: 'journal',
    ok: journalTrouble === null,
    required: true,
    reason: journalTrouble ?? 'written and read',
  };
  const identity = { name: 'self', ok: self.kind !== 'unknown', required: false, reason: describeSelf(self) };
  return [journal, identity, ...census.troubles()];
}
