import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { INCIDENTS_PAGE_MAX, incidentsSchema } from '../http/apiSchemas.ts';
import type { ApiClient } from './apiClient.ts';
import { type ApiOptions, runApiCommand, showTime, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { refuseWords } from './refuseWords.ts';
import { readStory, type Summary, storyLines } from './story.ts';
import { table } from './table.ts';

/** Longest journal that is shown of one incident; a normal one has a few dozen entries. */
const ENTRIES_SHOWN_MAX = 20_000;

type ListOptions = ApiOptions & {
  readonly target?: string;
  readonly state?: 'open' | 'ended';
  readonly limit: number;
};

/** `mpa incidents list`: newest first. */
function listIncidents(options: ListOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const incidents = await readSummaries(client, options);
    const rows = incidents.map((incident) => [
      incident.id,
      showTime(incident.openedAt),
      incident.target ?? '(no target)',
      stateOf(incident),
      incident.reason,
    ]);
    const lines =
      rows.length === 0 ? ['no incidents'] : table(['ID', 'OPENED (UTC)', 'TARGET', 'STATE', 'REASON'], rows);
    return { json: incidents, lines };
  });
}

/** `mpa incidents show ID --report`: the story as a post-mortem in Markdown. */
function showReport(id: string, options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const report = await client.getText(`/api/v1/incidents/${encodeURIComponent(id)}/report`);
    return { json: { incident: id, report }, lines: report.trimEnd().split('\n') };
  });
}

/** `mpa incidents show ID`: the whole story. */
function showIncident(id: string, options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const { incident, entries, complete } = await readStory(client, id, ENTRIES_SHOWN_MAX);
    const { target, openedAt, endedAt, reason } = incident;
    const lines = [
      `incident ${incident.id} of ${target ?? '(no target)'}: ${stateOf(incident)}`,
      `  opened ${showTime(openedAt)} UTC: ${reason}`,
      ...(endedAt === null ? [] : [`  ended  ${showTime(endedAt)} UTC`]),
      '',
      ...storyLines(entries),
      ...(complete ? [] : [`… and more; shown are the first ${ENTRIES_SHOWN_MAX} entries`]),
    ];
    return { json: { incident, entries, complete }, lines };
  });
}

/** Registers `mpa incidents` with `list` (the default) and `show`. */
export function registerIncidents(program: Command, io: CliIo): void {
  const incidents = program.command('incidents').description('incidents of a running agent');
  const list = incidents.command('list', { isDefault: true });
  refuseWords(list, 'incidents', (word) => `to see one incident: mpa incidents show ${word}`);
  withApiOptions(list)
    .description('list incidents, newest first')
    .option('--target <name>', 'only of this target')
    .addOption(new Option('--state <state>', 'only open or ended ones').choices(['open', 'ended']))
    .addOption(new Option('--limit <number>', 'how many at most').default(50).argParser(toLimit))
    .action(async (options: ListOptions) => io.finish(await listIncidents(options, io)));
  withApiOptions(incidents.command('show'))
    .description('show one incident with its journal')
    .argument('<id>', 'see `mpa incidents list`')
    .option('--report', 'as a post-mortem in Markdown, for people and for the file')
    .action(async (id: string, options: ApiOptions & { readonly report?: boolean }) =>
      io.finish(await (options.report === true ? showReport : showIncident)(id, options, io)),
    );
}

async function readSummaries(client: ApiClient, { target, state, limit }: ListOptions): Promise<Summary[]> {
  const incidents: Summary[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      limit: String(Math.min(limit - incidents.length, INCIDENTS_PAGE_MAX)),
      ...(target === undefined ? {} : { target }),
      ...(state === undefined ? {} : { state }),
      ...(cursor === null ? {} : { cursor }),
    });
    const page: z.output<typeof incidentsSchema> = await client.get(
      `/api/v1/incidents?${query}`,
      incidentsSchema,
    );
    incidents.push(...page.incidents);
    cursor = page.incidents.length === 0 ? null : page.next;
  } while (cursor !== null && incidents.length < limit);
  return incidents;
}

function stateOf({ outcome, phase, escalated }: Summary): string {
  if (outcome !== null) return outcome;
  return escalated && phase !== 'escalated' ? `${phase}, escalated` : phase;
}

function toLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new InvalidArgumentError('Give a whole number from 1 to 10000.');
  }
  return limit;
}
