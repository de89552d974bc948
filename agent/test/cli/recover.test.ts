import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryBody } from '../../src/core/entry.ts';
import { JournalError } from '../../src/errors.ts';
import type { IncidentSummary } from '../../src/ports.ts';
import { ManualClock } from '../fakes/clock.ts';
import { SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';
import { sampleSummary } from '../fakes/summary.ts';
import { sampleStatus } from '../fakes/targetStatus.ts';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

const ORDERED = { type: 'person-said', command: 'recover', who: 'ada', reason: 'slow' } as const;
const RECOVER = ['recover', 'market-predictor', '--reason', 'slow'];

/** A clock that lets something happen at each sleep, and does not wait. */
class SteppingClock extends ManualClock {
  readonly #steps: (() => unknown)[];
  constructor(...steps: readonly (() => unknown)[]) {
    super();
    this.#steps = [...steps];
  }
  override async sleep(ms: number): Promise<void> {
    await this.#steps.shift()?.();
    await this.advance(ms);
  }
}

/** An agent whose target has an incident with an old story, and a new order of a person. */
async function openOrdered() {
  const agent = await openAgent();
  agent.control.statuses = [sampleStatus()];
  const write = (summary: Partial<IncidentSummary>, ...bodies: readonly EntryBody[]) =>
    agent.journal.append(
      bodies.map((body) => sampleEntry(body)),
      [sampleSummary(summary)],
    );
  await write({ phase: 'gathering' }, SAMPLE_BODIES.escalated, ORDERED);
  return { agent, write };
}

test('a recovery is followed from its order to its end, and the exit code says that the target is well', async () => {
  const { agent, write } = await openOrdered();
  await using _ = agent;
  const clock = new SteppingClock(
    () => write({ phase: 'acting' }, SAMPLE_BODIES['mutation-started']),
    () => write({ phase: 'ended', outcome: 'recovered', endedAt: 1 }, SAMPLE_BODIES['incident-ended']),
  );
  const { out, exitCode } = await runMpa([...RECOVER, '--wait'], agent.environment, clock);
  assert.equal(exitCode, 0, out);
  assert.deepEqual(out.split('\n'), [
    'market-predictor: heard; incident inc-1 is followed for at most 10m',
    '2026-11-23 19:10:00  market-predictor: ada said recover: slow',
    '2026-11-23 19:10:00  market-predictor: restart of predictor-1 issued; then predictor-2',
    '2026-11-23 19:10:00  market-predictor: recovered: healthy for 10 s',
    'market-predictor: recovered',
    '',
  ]);
});

test('what was well already is as good as recovered', async () => {
  const { agent, write } = await openOrdered();
  await using _ = agent;
  await write({ phase: 'ended', outcome: 'self-resolved', endedAt: 1 });
  const { out, exitCode } = await runMpa([...RECOVER, '--wait', '--json'], agent.environment);
  assert.equal(exitCode, 0);
  assert.deepEqual(JSON.parse(out), {
    incident: 'inc-1',
    recovered: true,
    how: 'ended',
    phase: 'ended',
    outcome: 'self-resolved',
  });
});

for (const [what, summary, body] of [
  ['is handed to a person', { phase: 'escalated', escalated: true }, SAMPLE_BODIES.escalated],
  ['is set aside', { phase: 'acting', escalated: true }, SAMPLE_BODIES.quarantined],
] as const) {
  test(`one that ${what} is not waited for any longer, and the exit code says so`, async () => {
    const { agent, write } = await openOrdered();
    await using _ = agent;
    const clock = new SteppingClock(() => write(summary, body));
    const { out, exitCode } = await runMpa([...RECOVER, '--wait', '1h'], agent.environment, clock);
    assert.equal(exitCode, 1);
    assert.match(
      out,
      /\nmarket-predictor: not recovered: it is with a person; see `mpa incidents show inc-1`\n$/,
    );
  });
}

test('one that is closed by a person is not well by that', async () => {
  const { agent, write } = await openOrdered();
  await using _ = agent;
  await write({ phase: 'ended', outcome: 'closed-by-person', endedAt: 1 });
  const { out, exitCode } = await runMpa([...RECOVER, '--wait'], agent.environment);
  assert.equal(exitCode, 1);
  assert.match(out, /\nmarket-predictor: closed-by-person; see `mpa incidents show inc-1`\n$/);
});

test('one that takes longer than is waited for is said to go on', async () => {
  const { agent } = await openOrdered();
  await using _ = agent;
  const { out, exitCode } = await runMpa(
    [...RECOVER, '--wait', '5s'],
    agent.environment,
    new SteppingClock(),
  );
  assert.equal(exitCode, 1);
  assert.match(out, /not recovered yet \(gathering\), and no longer followed; the agent goes on; see `mpa/);
});

test('an agent that cannot answer for a moment is asked again', async () => {
  const { agent, write } = await openOrdered();
  await using _ = agent;
  const { journal } = agent;
  const read = journal.incident.bind(journal);
  journal.incident = () => Promise.reject(new JournalError('JOURNAL_READ', 'it is away'));
  const clock = new SteppingClock(() => {
    journal.incident = read;
    return write({ phase: 'ended', outcome: 'recovered', endedAt: 1 }, SAMPLE_BODIES['incident-ended']);
  });
  const { out, exitCode } = await runMpa([...RECOVER, '--wait'], agent.environment, clock);
  assert.equal(exitCode, 0, out);
});

test('an agent that answers no more until the time is over is said so', async () => {
  const { agent } = await openOrdered();
  await using _ = agent;
  agent.journal.incident = () => Promise.reject(new JournalError('JOURNAL_READ', 'it is away'));
  const { err, exitCode } = await runMpa(
    [...RECOVER, '--wait', '3s'],
    agent.environment,
    new SteppingClock(),
  );
  assert.equal(exitCode, 1);
  assert.match(err, /^mpa: The journal could not be read: /);
});

test('who puts the target behind --wait is told where it belongs', async () => {
  const { err, exitCode } = await runMpa(['recover', '--wait', 'market-predictor', '--reason', 'slow']);
  assert.equal(exitCode, 1);
  assert.match(err, /put --wait behind the target/);
});
