import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../../src/core/entry.ts';
import { AlertmanagerNotifier } from '../../src/notify/alertmanager.ts';
import { WebhookNotifier } from '../../src/notify/webhook.ts';
import type { EscalationMessage, IncidentSummary } from '../../src/ports.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { JournalLog } from '../../src/telemetry/journalLog.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { runMpa } from '../cli/runMpa.ts';
import { ManualClock } from '../fakes/clock.ts';
import { startScripted } from '../fakes/scriptedServer.ts';
import { OPERATOR_TOKEN, openServer } from '../http/openServer.ts';

/** Everything that people and programs are shown of an incident, each as it leaves the agent. */
export type Shown = {
  /** By where it is shown. */
  readonly texts: ReadonlyMap<string, string>;
  readonly report: string;
};

export type Showroom = AsyncDisposable & {
  readonly server: Awaited<ReturnType<typeof openServer>>;
  show(
    entries: readonly Entry[],
    summaries: readonly IncidentSummary[],
    messages: readonly EscalationMessage[],
  ): Promise<Shown>;
};

/** An agent's API, its command line, its log and its channels to people, over whatever a journal holds. */
export async function openShowroom(): Promise<Showroom> {
  await using cleanup = new AsyncDisposableStack();
  const server = cleanup.use(await openServer());
  const people = cleanup.use(await startScripted((_request, response) => response.writeHead(200).end('{}')));
  const folder = cleanup.use(await mkdtempDisposable(join(tmpdir(), 'mpa-hostile-')));
  const tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, OPERATOR_TOKEN);
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const environment = { MPA_URL: url, MPA_TOKEN_FILE: tokenFile };
  const channels = [
    new WebhookNotifier('hook', new ServiceClient(people.url, null), null),
    new AlertmanagerNotifier(new ServiceClient(people.url, null), new ManualClock(), {
      channel: 'alertmanager',
      alertName: 'MarketProgrammerAgentEscalation',
      repeatMs: 60_000,
    }),
  ];
  const owned = cleanup.move();

  const cli = async (...args: readonly string[]): Promise<string> => {
    const { out, err, exitCode } = await runMpa(args, environment);
    if (exitCode !== 0) throw new Error(`mpa ${args.join(' ')} ended with ${exitCode}: ${err}`);
    return out;
  };

  return {
    server,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
    async show(entries, summaries, messages) {
      const { content } = server.journal;
      content.entries.length = 0;
      content.summaries.clear();
      await server.journal.append(entries, summaries);
      const id = summaries[0]?.id ?? 'none';
      const path = `/api/v1/incidents/${encodeURIComponent(id)}`;
      const report = (await server.call('GET', `${path}/report`)).body;
      const texts = new Map([
        ['mpa incidents list', await cli('incidents', 'list')],
        ['mpa incidents list --json', await cli('incidents', 'list', '--json')],
        ['mpa incidents show', await cli('incidents', 'show', id)],
        ['mpa incidents show --json', await cli('incidents', 'show', id, '--json')],
        ['mpa incidents show --report', await cli('incidents', 'show', id, '--report')],
        ['GET /api/v1/incidents', (await server.call('GET', '/api/v1/incidents')).body],
        ['GET /api/v1/incidents/ID', (await server.call('GET', path)).body],
        ['GET /api/v1/incidents/ID/report', report],
        ['the log in JSON', logOf(entries, 'json')],
        ['the log for people', logOf(entries, 'pretty')],
      ]);
      const signal = AbortSignal.timeout(10_000);
      const before = people.requests.length;
      for (const message of messages) {
        for (const channel of channels) {
          await channel.deliver(message, signal);
          await channel.withdraw(message, message.reason, signal);
        }
      }
      for (const [index, { body }] of people.requests.slice(before).entries())
        texts.set(`message ${index} to people`, body);
      return { texts, report };
    },
  };
}

function logOf(entries: readonly Entry[], format: 'json' | 'pretty'): string {
  let written = '';
  const log = openLog({
    level: 'debug',
    format,
    isTty: false,
    clock: new ManualClock(),
    write: (line) => {
      written += line;
    },
  });
  const told = new JournalLog(log);
  for (const entry of entries) told.entryAppended(entry);
  return written;
}

/**
 * What a terminal would act on, and what is not seen or reorders what is seen. Written down here once more, not taken
 * from the code under test.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each by itself is looked for.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\u{e0000}-\u{e0fff}]|\p{M}{5}/gu;

/** The characters that should not be there, each once. */
export function unsafeIn(text: string): readonly string[] {
  return [...new Set(text.match(UNSAFE) ?? [])].map((one) => `U+${one.codePointAt(0)?.toString(16)}`);
}
