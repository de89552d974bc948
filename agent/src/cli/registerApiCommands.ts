import type { Command } from 'commander';
import { registerIncidents } from './incidents.ts';
import type { CliIo } from './io.ts';
import { registerPersonCommands } from './personCommand.ts';
import { registerRecover } from './recover.ts';
import { registerReload } from './reload.ts';
import { registerTargets } from './targets.ts';

/** Registers every command that speaks to a running agent. */
export function registerApiCommands(program: Command, io: CliIo): void {
  registerIncidents(program, io);
  registerTargets(program, io);
  registerRecover(program, io);
  registerPersonCommands(program, io);
  registerReload(program, io);
}
