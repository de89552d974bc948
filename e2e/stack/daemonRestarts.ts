// Run by daemonRestart.real.test.ts in a world of its own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { JournalEntry, ListedIncident } from '../agentProcess.ts';
import { RestartableEngine } from '../lab/restartableEngine.ts';
import { TRUE_OF_A_TEST } from './faults.ts';
import { Stack, type StackService } from './stack.ts';

const SERVICES: readonly StackService[] = [
  'market-programmer-agent',
  'socket-proxy',
  'market-predictor',
  'prometheus',
  'alertmanager',
];
/** Several looks, probes and scrapes of those who are still there. */
const AWAY_MS = 8_000;
const ended = ({ phase }: ListedIncident) => phase === 'ended' || phase === 'escalated';
const mutations = (journal: readonly JournalEntry[]) =>
  journal.filter(({ body }) => body.type === 'mutation-started');

describe('the Docker daemon', () => {
  const opened = new AsyncDisposableStack();
  let engine: RestartableEngine;
  let stack: Stack;
  before(async () => {
    engine = opened.use(await RestartableEngine.start());
    stack = opened.use(await Stack.up(engine));
    await stack.whenWell();
  });
  after(() => opened.disposeAsync());

  test('restarted in order, brings all back but what was killed by hand, and that the agent starts again', async () => {
    const known = await stack.incidents();
    const toldBefore = (await stack.told()).length;
    // After a kill through the API Docker leaves it dead, after a restart of the daemon too.
    await stack.container('market-predictor').kill();
    const open = await stack.whenIncident(known, () => true);
    await engine.endDaemon('SIGTERM');
    await engine.startDaemon();

    const incident = await backWith(open, known);
    const journal = await stack.journal(incident.id);
    assert.equal(incident.outcome, 'recovered', JSON.stringify(journal, null, 1));
    assert.equal(mutations(journal).length, 1, JSON.stringify(journal, null, 1));
    await toldNothingButTheTruth(toldBefore);
  });

  test('killed and away while an incident is open, nothing is done until it is back, and then what is needed', async () => {
    const known = await stack.incidents();
    const toldBefore = (await stack.told()).length;
    await stack.fault({ kind: 'hang' });
    const open = await stack.whenIncident(known, () => true);
    const since = Math.floor(Date.now() / 1_000);
    await engine.endDaemon('SIGKILL');
    await delay(AWAY_MS);
    await engine.startDaemon();

    const incident = await backWith(open, known);
    const journal = await stack.journal(incident.id);
    // The engine ended what had outlived it, and left it down as if a person had stopped it.
    assert.equal(incident.outcome, 'recovered', JSON.stringify(journal, null, 1));
    const done = await stack.happened('market-predictor', since);
    assert.equal(done.filter((each) => each === 'start').length, 1, done.join());
    await toldNothingButTheTruth(toldBefore);
  });

  /** Until everything runs and is healthy; the incident is over, and no other came of it. */
  async function backWith({ id }: ListedIncident, known: readonly ListedIncident[]): Promise<ListedIncident> {
    await stack.whenHealthy('market-programmer-agent');
    const isOver = (incident: ListedIncident) => incident.id === id && ended(incident);
    const found = await stack.whenIncident(known, isOver).catch(async (error: unknown) => {
      throw new Error(JSON.stringify(await stack.journal(id), null, 1), { cause: error });
    });
    for (const service of SERVICES) {
      await stack.whenHealthy(service).catch(async (error: unknown) => {
        throw new Error(JSON.stringify(await stack.journal(id), null, 1), { cause: error });
      });
    }
    await stack.whenWell();
    const restarts = await Promise.all(
      SERVICES.map(async (service) => (await stack.inspect(service)).RestartCount),
    );
    assert.ok(Math.max(...restarts) <= 1, `nothing restarts in a loop: ${restarts.join()}`);
    const again = (await stack.incidents()).filter((each) => !known.some((before) => before.id === each.id));
    assert.deepEqual(
      again.map((each) => each.id),
      [id],
      JSON.stringify(again, null, 1),
    );
    return found;
  }

  async function toldNothingButTheTruth(before: number): Promise<void> {
    const told = (await stack.told())
      .slice(before)
      .filter(({ to }) => to !== 'dead_mans_switch_url')
      .flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname'] ?? ''));
    assert.deepEqual(
      told.filter((name) => !TRUE_OF_A_TEST.includes(name)),
      [],
    );
  }
});
