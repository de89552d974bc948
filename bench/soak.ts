// `npm run soak -- --minutes N [--container MIB]`: storms against a real agent until it stands at its limits, and its memory
// meanwhile; then it is killed and starts on what it left. With `--container` it is the image, in a container with so much memory and no swap.
import { readOptions, refuse } from '../scripts/readOptions.ts';
import { openPeople, PEOPLE } from './people.ts';
import { RecordingEngine } from './recordingEngine.ts';
import { describeMemory, higher, residentMemory } from './residentMemory.ts';
import { soakedContainer, soakedProcess } from './soakedAgent.ts';
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

/** How often the memory is looked at, besides the end of each round. */
const LOOK_MS = 100;

const USAGE = `npm run soak [-- --minutes N] [--container MIB | --people HOW]

  --minutes N      how long; 30
  --container MIB  the image, in a container with so much memory and no swap; without it a process
  --people HOW     people are called, and their Alertmanager will "answer" or "hang"; without it nobody is called`;

const { values } = readOptions(USAGE, {
  minutes: { type: 'string', default: '30' },
  container: { type: 'string' },
  people: { type: 'string' },
});
const minutes = Number(values.minutes);
const containerMiB = values.container === undefined ? null : Number(values.container);
if (!(minutes > 0) || (containerMiB !== null && !(containerMiB > 0))) {
  refuse('--minutes and --container want a number above 0', USAGE);
}
const people = PEOPLE.find((how) => how === values.people);
if (values.people !== undefined && (people === undefined || containerMiB !== null)) {
  refuse(`--people wants ${PEOPLE.join(' or ')}, and a process`, USAGE);
}
// What was started is ended also when a person has seen enough.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
await soak(minutes * 60_000);

async function soak(durationMs: number): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await RecordingEngine.open(TARGETS));
  const { names, targets } = engine;
  const receiver = people === undefined ? null : opened.use(await openPeople(people));
  const agent = opened.use(
    containerMiB === null
      ? await soakedProcess({
          dockerHost: engine.dockerHost,
          targets,
          ...(receiver === null ? {} : { peopleUrl: receiver.url }),
        })
      : await soakedContainer(engine, targets, containerMiB * 1024 * 1024),
  );
  const sender = opened.use(new WebhookSender(agent.url, agent.token));
  const start = await residentMemory(agent.pid);
  let peak = start;
  const look = async () => {
    const seen = await residentMemory(agent.pid);
    peak = higher(peak, seen);
    return seen;
  };
  // Where it has ended, the next message fails and says so.
  const looks = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  opened.defer(() => clearInterval(looks));
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
    const now = await look();
    if (nowMs() - reportedAt >= REPORT_MS) {
      reportedAt = nowMs();
      const open = await agent.incidentsOpen();
      const passedMin = ((nowMs() - startedAt) / 60_000).toFixed(0);
      console.log(
        `${passedMin} min: ${sent} alerts taken, ${refused} messages refused, ${open} incidents open; now ${describeMemory(now)}; peak ${describeMemory(peak)}`,
      );
    }
    // Told to end: the loop sees it.
    await pause(Math.max(0, ROUND_MS - (nowMs() - roundAt))).catch(() => undefined);
  }
  console.log(
    `start ${describeMemory(start)}; peak ${describeMemory(peak)}; end ${describeMemory(await look())}; ${sent} alerts taken, ${refused} messages refused`,
  );
  console.log(await agent.verdict());
  if (receiver !== null) console.log(receiver.verdict());
  if (interruption.signal.aborted) return;
  peak = { residentMiB: 0, ownMiB: 0 };
  const killedAt = nowMs();
  await agent.killAndStart();
  console.log(
    `killed, and ready again after ${((nowMs() - killedAt) / 1_000).toFixed(1)} s; peak ${describeMemory(peak)}; ${await agent.incidentsOpen()} incidents open`,
  );
  console.log(await agent.verdict());
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
