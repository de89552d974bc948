// `npm run soak -- --minutes N`: storms against a real agent until it stands at its limits, and its memory meanwhile.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startBenchAgent } from './benchAgent.ts';
import { RecordingEngine } from './recordingEngine.ts';
import { interruption, nowMs, pause } from './time.ts';
import { type BenchAlert, WebhookSender } from './webhook.ts';

const TARGETS = 300;
/** Alerts of one message, and what is not known to the agent: each of those opens an incident that stays. */
const ALERTS = 400;
const STRANGERS = 60;
/** Containers that break in each round. */
const BROKEN = 5;
const ROUND_MS = 2_000;
const REPORT_MS = 60_000;

type Peak = { readonly residentMiB: number; readonly anonymousMiB: number };

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes wants a number above 0');
  process.exit(2);
}
await soak(minutes * 60_000);

async function soak(durationMs: number): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const names = Array.from({ length: TARGETS }, (_, index) => `service-${index}`);
  const engine = opened.use(await RecordingEngine.open(names));
  const targets = Object.fromEntries(names.map((name) => [name, { container: name }]));
  const agent = opened.use(await startBenchAgent({ dockerHost: engine.dockerHost, targets }));
  const sender = opened.use(new WebhookSender(agent.url));
  const start = await memoryOf(agent.pid);
  let peak = start;
  let sent = 0;
  let refused = 0;
  const startedAt = nowMs();
  let reportedAt = startedAt;
  for (let round = 0; nowMs() - startedAt < durationMs && !interruption.signal.aborted; round += 1) {
    const roundAt = nowMs();
    for (let index = 0; index < BROKEN; index += 1)
      await engine.break(names[(round * BROKEN + index) % TARGETS] ?? '');
    for (const alerts of [known(round), strangers(round)]) {
      const { status } = await sender.post(alerts);
      if (status === 200) sent += alerts.length;
      else refused += 1;
    }
    peak = higher(peak, await memoryOf(agent.pid));
    if (nowMs() - reportedAt >= REPORT_MS) {
      reportedAt = nowMs();
      const open = await agent.metric(/^mpa_incidents_open(\{| )/);
      const passedMin = ((nowMs() - startedAt) / 60_000).toFixed(0);
      console.log(
        `${passedMin} min: ${sent} alerts taken, ${refused} messages refused, ${open} incidents open, peak ${describe(peak)}`,
      );
    }
    await pause(Math.max(0, ROUND_MS - (nowMs() - roundAt)));
  }
  console.log(
    `start ${describe(start)}; peak ${describe(peak)}; end ${describe(await memoryOf(agent.pid))}; ${sent} alerts taken, ${refused} messages refused`,
  );
}

/** Resends of what is known, and a few containers that really broke. */
function known(round: number): readonly BenchAlert[] {
  return Array.from({ length: ALERTS }, (_, index) => {
    const target = `service-${(round * BROKEN + index) % TARGETS}`;
    return { target, fingerprint: `${target}-${Math.floor(round / 100)}` };
  });
}

/** Nobody can place them: each opens an incident that stays with a person, until the agent is full. */
function strangers(round: number): readonly BenchAlert[] {
  return Array.from({ length: STRANGERS }, (_, index) => {
    const name = `stranger-${round}-${index}`;
    return { target: name, fingerprint: name };
  });
}

async function memoryOf(pid: number): Promise<Peak> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { residentMiB: mib('VmRSS'), anonymousMiB: mib('RssAnon') };
}

function higher(one: Peak, other: Peak): Peak {
  return {
    residentMiB: Math.max(one.residentMiB, other.residentMiB),
    anonymousMiB: Math.max(one.anonymousMiB, other.anonymousMiB),
  };
}

function describe({ residentMiB, anonymousMiB }: Peak): string {
  return `${residentMiB.toFixed(0)} MiB resident (${anonymousMiB.toFixed(0)} of it its own)`;
}
