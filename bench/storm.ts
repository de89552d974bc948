import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startBenchAgent } from './benchAgent.ts';
import { RecordingEngine } from './recordingEngine.ts';
import { nowMs, pause } from './time.ts';
import { type BenchAlert, WebhookSender } from './webhook.ts';

const TARGETS = 20;
const ALERTS = 1_000;
const MESSAGES = 100;
/** Alertmanager's own: half a second, then half as much again each time, with jitter of one half. */
const TRY_AGAIN = { firstMs: 500, factor: 1.5, jitter: 0.5 };

/** What became of one storm. */
type Storm = {
  readonly what: string;
  /** Until the last message was answered 200, milliseconds. */
  readonly ms: number;
  /** Messages that were asked to come again (503), and were sent again until they were taken. */
  readonly refusals: number;
  /** Resident memory of the agent before and after, MiB. */
  readonly before: number;
  readonly after: number;
};

/** Many alerts in one message, and many messages at once; each storm meets a fresh agent. */
export async function storms(): Promise<readonly Storm[]> {
  const whole = alerts('one', ALERTS);
  return [
    await storm(`${ALERTS} alerts in 1 message`, [whole]),
    await storm(
      `${MESSAGES} messages at once, 10 alerts each`,
      Array.from({ length: MESSAGES }, (_, index) => alerts(`m${index}`, 10)),
    ),
    await storm(
      `${MESSAGES} messages at once, the same ${ALERTS} alerts in each`,
      Array.from({ length: MESSAGES }, () => whole),
    ),
    await storm(
      `${MESSAGES} messages at once, ${ALERTS} alerts each, all different`,
      Array.from({ length: MESSAGES }, (_, index) => alerts(`w${index}`, ALERTS)),
    ),
  ];
}

function alerts(storm: string, count: number): readonly BenchAlert[] {
  return Array.from({ length: count }, (_, index) => ({
    target: `service-${index % TARGETS}`,
    fingerprint: `${storm}-${index}`,
  }));
}

async function storm(what: string, messages: readonly (readonly BenchAlert[])[]): Promise<Storm> {
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await RecordingEngine.open(TARGETS));
  const { targets } = engine;
  const agent = opened.use(await startBenchAgent({ dockerHost: engine.dockerHost, targets }));
  const sender = opened.use(new WebhookSender(agent.url));
  const before = await residentMiB(agent.pid);
  console.error(`  ${what} ...`);
  let refusals = 0;
  const startedAt = nowMs();
  await Promise.all(
    messages.map(async (alerts) => {
      for (let tries = 0; ; tries += 1) {
        const status = await statusOf(sender, alerts);
        if (status === 200) return;
        if (status !== 503) throw new Error(`a message was answered ${status}`);
        refusals += 1;
        await pause(backoffMs(tries));
      }
    }),
  );
  return { what, ms: nowMs() - startedAt, refusals, before, after: await residentMiB(agent.pid) };
}

function backoffMs(tries: number): number {
  const { firstMs, factor, jitter } = TRY_AGAIN;
  return firstMs * factor ** tries * (1 + jitter * (2 * Math.random() - 1));
}

/** An answer that comes before the body was read may be lost with the connection: that is a 503, too. */
async function statusOf(sender: WebhookSender, alerts: readonly BenchAlert[]): Promise<number> {
  try {
    return (await sender.post(alerts)).status;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ECONNRESET' || code === 'EPIPE') return 503;
    throw error;
  }
}

export function formatStorms(storms: readonly Storm[]): string {
  const lines = storms.map(
    ({ what, ms, refusals, before, after }) =>
      `| ${what} | ${ms.toFixed(0)} ms | ${refusals} | ${before.toFixed(0)} MiB | ${after.toFixed(0)} MiB |`,
  );
  return [
    '| storm | all acknowledged after | asked to come again | memory before | memory after |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n');
}

async function residentMiB(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
