import type { Command } from 'commander';
import { registerApprovals } from './approvals.ts';
import { registerBreaker } from './breaker.ts';
import { registerIncidents } from './incidents.ts';
import type { CliIo } from './io.ts';
import { registerMaintenance } from './maintenance.ts';
import { registerMode } from './mode.ts';
import { registerPersonCommands } from './personCommand.ts';
import { registerRecover } from './recover.ts';
import { registerHealth } from './registerHealth.ts';
import { registerReload } from './reload.ts';
import { registerTargets } from './targets.ts';

/** Registers every command that speaks to a running agent. */
export function registerApiCommands(program: Command, io: CliIo): void {
  registerHealth(program, io);
  registerIncidents(program, io);
  registerTargets(program, io);
  registerRecover(program, io);
  registerPersonCommands(program, io);
  registerApprovals(program, io);
  registerMaintenance(program, io);
  registerMode(program, io);
  registerBreaker(program, io);
  registerReload(program, io);
}
