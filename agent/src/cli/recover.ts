import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseDuration } from '../duration.ts';
import { recoverySchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, showLine, whoOf, withApiOptions } from './apiCommand.ts';
import { type Followed, follow } from './follow.ts';
import type { CliIo } from './io.ts';
import type { Summary } from './story.ts';

export type PersonOptions = ApiOptions & { readonly reason: string; readonly who?: string };

type RecoverOptions = PersonOptions & {
  /** How long the incident is followed, milliseconds; not at all without it. */
  readonly wait?: number;
};

/** `mpa recover TARGET`: a person's signal, like any other: strategy and guards decide what follows. */
function recover(target: string, options: RecoverOptions, io: CliIo): Promise<number> {
  const { wait: waitMs, json: asJson } = options;
  return runApiCommand(options, io, async (client) => {
    const body = { who: whoOf(options.who, io), reason: options.reason };
    const path = `/api/v1/targets/${encodeURIComponent(target)}/recover`;
    const answer = await client.post(path, body, recoverySchema);
    const see = `see \`mpa incidents show ${answer.incident}\``;
    if (waitMs === undefined) return { json: answer, lines: [`${target}: heard; ${see}`] };
    const tell = asJson === true ? () => undefined : (line: string) => io.stdout.write(showLine(line));
    tell(`${target}: heard; incident ${answer.incident} is followed for at most ${formatDuration(waitMs)}`);
    const { incident, how } = await follow(client, answer.incident, { waitMs, clock: io.clock, tell });
    const isWell = incident.outcome !== null && WELL.has(incident.outcome);
    return {
      json: {
        incident: answer.incident,
        recovered: isWell,
        how,
        phase: incident.phase,
        outcome: incident.outcome,
      },
      lines: [`${target}: ${sayEnd(incident, how)}${isWell ? '' : `; ${see}`}`],
      exitCode: isWell ? 0 : 1,
    };
  });
}

/** The outcomes after which the target is well. */
const WELL: ReadonlySet<string> = new Set(['recovered', 'self-resolved']);

function sayEnd({ outcome, phase }: Summary, how: Followed['how']): string {
  switch (how) {
    case 'ended':
      return outcome ?? 'ended';
    case 'with-a-person':
      return 'not recovered: it is with a person';
    case 'under-way':
      return `not recovered yet (${phase}), and no longer followed; the agent goes on`;
    default:
      return how satisfies never;
  }
}

export function registerRecover(program: Command, io: CliIo): void {
  withPersonOptions(program.command('recover'))
    .description('ask a running agent to recover a target')
    .argument('<target>', 'name of the target')
    .addOption(
      new Option(
        '--wait [duration]',
        'follow it until it has ended, at most so long; exit code 0 only when it is well',
      )
        .preset('10m')
        .argParser(toWaitMs),
    )
    .action(async (target: string, options: RecoverOptions) => io.finish(await recover(target, options, io)));
}

function toWaitMs(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === null || durationMs === 0)
    throw new InvalidArgumentError('Give a number with a unit, such as 5m; or put --wait behind the target.');
  return durationMs;
}

/**
 * Adds who says it and why; both are journaled.
 *
 * @param reason What stands for a reason that is not given; without it one has to be.
 */
export function withPersonOptions(command: Command, reason?: string): Command {
  const required = reason === undefined;
  const why = new Option('--reason <text>', `why; it is journaled${required ? ' (required)' : ''}`).argParser(
    toReason,
  );
  return withApiOptions(command)
    .addOption(required ? why.makeOptionMandatory() : why.default(reason))
    .option('--who <name>', 'who says so (or MPA_WHO; default: the account’s name)');
}

function toReason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Say why in a few words.');
  return text;
}
