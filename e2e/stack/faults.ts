// Each fault of the predictor: seen, repaired, proved well, and told to nobody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEntry, ListedIncident } from '../agentProcess.ts';
import { waitFor } from '../lab/waitFor.ts';
import type { Stack } from './stack.ts';
import { type Timetable, timesOf } from './timetable.ts';

const SYMBOL = 'SP500';
/** Right about a service that all of this is done to, and a matter for people: nothing that the agent could repair. */
export const TRUE_OF_A_TEST = ['ServiceRestartLoop', 'MarketPredictorErrorBudgetBurnSlow'];

/** @param running The stack, once it is up. */
export function faultTests(running: () => Stack, timetable: Timetable): void {
  const ended = ({ phase }: ListedIncident) => phase === 'ended' || phase === 'escalated';

  /** Breaks the predictor, and answers with the journal of the incident that came of it and ended. */
  async function heal(
    title: string,
    breakIt: (known: readonly ListedIncident[]) => Promise<void>,
    outcome = 'recovered',
  ): Promise<readonly JournalEntry[]> {
    const known = await running().incidents();
    const brokenAt = Date.now();
    await breakIt(known);
    const incident = await running().whenIncident(known, ended);
    const journal = await running().journal(incident.id);
    timetable.add(title, timesOf(brokenAt, journal));
    assert.equal(incident.outcome, outcome, JSON.stringify(journal, null, 1));
    await running().whenWell();
    const again = (await running().incidents()).filter(({ id }) => !known.some((each) => each.id === id));
    assert.equal(again.length, 1, `one fault is one incident: ${JSON.stringify(again)}`);
    return journal;
  }

  const mutations = (journal: readonly JournalEntry[]) =>
    journal.flatMap(({ body }) => (body.type === 'mutation-started' ? [String(body['action'])] : []));
  const alerts = (journal: readonly JournalEntry[]) =>
    new Set(JSON.stringify(journal).match(/MarketPredictor\w+/g));

  test('killed so that Docker leaves it dead, it is started again', async () => {
    const { State } = await running().inspect('market-predictor');
    const journal = await heal('killed', () => running().container('market-predictor').kill());
    assert.deepEqual(mutations(journal), ['restart']);
    assert.notEqual((await running().inspect('market-predictor')).State.StartedAt, State.StartedAt);
  });

  test('a crash that Docker mends by itself is left to it, and seen to be mended', async () => {
    const before = (await running().inspect('market-predictor')).RestartCount;
    const journal = await heal('crash', () => running().fault({ kind: 'crash' }), 'self-resolved');
    assert.deepEqual(mutations(journal), []);
    assert.equal((await running().inspect('market-predictor')).RestartCount, before + 1);
  });

  test('hanging, it is restarted', async () => {
    const journal = await heal('hang', () => running().fault({ kind: 'hang' }));
    assert.deepEqual(mutations(journal), ['restart']);
    assert.ok(alerts(journal).has('MarketPredictorNotResponding'), [...alerts(journal)].join());
  });

  test('answering with errors, it is restarted', async () => {
    const journal = await heal('errors', async (known) => {
      await running().fault({ kind: 'errors' });
      await demand(known);
    });
    assert.deepEqual(mutations(journal), ['restart']);
    assert.ok(alerts(journal).has('MarketPredictorErrorRatioHigh'), [...alerts(journal)].join());
  });

  test('answering slowly, it is restarted', async () => {
    const journal = await heal('slow', async (known) => {
      await running().fault({ kind: 'slow', delayMs: 2_000 });
      await demand(known);
    });
    assert.deepEqual(mutations(journal), ['restart']);
    assert.ok(alerts(journal).has('MarketPredictorLatencyHigh'), [...alerts(journal)].join());
  });

  test('with old data, it is told to read its source anew', async () => {
    const journal = await heal('stale', () => running().fault({ kind: 'stale', symbol: SYMBOL }));
    assert.deepEqual(mutations(journal), ['http']);
    assert.match(JSON.stringify(journal), new RegExp(`/v1/series/${SYMBOL}/refresh`));
  });

  test('with a drifted calibration, it is told to fit anew', async () => {
    const journal = await heal('drift', () => running().fault({ kind: 'drift', symbol: SYMBOL }));
    assert.deepEqual(mutations(journal), ['http']);
    assert.match(JSON.stringify(journal), new RegExp(`/v1/models/${SYMBOL}/fit`));
  });

  test('running out of memory, it is restarted before the OOM killer comes', async () => {
    const journal = await heal('memory', () => running().fault({ kind: 'leak', mbPerSecond: 20 }));
    assert.deepEqual(mutations(journal), ['restart']);
    assert.ok([...alerts(journal)].some((name) => name.startsWith('MarketPredictorMemory')));
    assert.doesNotMatch(JSON.stringify(journal), /"oomKilled":true|"event":"oom/);
  });

  test('by hand, a restart until Docker calls it healthy, to compare with', async () => {
    const stack = running();
    await stack.whenWell();
    const begun = Date.now();
    await stack.container('market-predictor').restart({ t: 10 });
    const restarted = Date.now();
    await stack.whenHealthy('market-predictor');
    const [repairMs, healthyMs] = [restarted - begun, Date.now() - begun];
    const none = { detectionMs: null, reactionMs: null, verificationMs: null };
    timetable.add('by hand', { ...none, repairMs, healthyMs, totalMs: healthyMs });
  });

  test('of all that people were told nothing: the agent was quicker, and nothing went wrong with it', async () => {
    const messages = await running().told();
    const told = messages
      .filter(({ to }) => to !== 'dead_mans_switch_url')
      .flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname'] ?? ''));
    assert.deepEqual(
      told.filter((name) => !TRUE_OF_A_TEST.includes(name)),
      [],
    );
    assert.ok(told.length < messages.length, 'the dead man’s switch is told all the time');
  });

  /** Users ask until the agent has heard of it: errors and slowness show in requests. */
  async function demand(known: readonly ListedIncident[]): Promise<void> {
    const heard = async () =>
      (await running().incidents()).some(({ id }) => !known.some((each) => each.id === id));
    const ask = async (signal: AbortSignal) => {
      // The one that is asked while it is restarted gets no answer: that is no news here.
      await fetch(`${running().url('market-predictor')}/v1/forecasts/${SYMBOL}`, { signal })
        .then((answer) => answer.text())
        .catch(() => null);
      return heard();
    };
    await waitFor('an incident', ask, Boolean, { deadlineMs: 60_000, everyMs: 200 });
  }
}
