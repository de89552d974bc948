// Each fault of the predictor: seen, repaired, proved well, and told to nobody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedBars } from '../../predictor/test/support/bars.ts';
import type { JournalEntry, ListedIncident } from '../agentProcess.ts';
import { waitFor } from '../lab/waitFor.ts';
import { hangUntilSilent, killUntilKnown, mendByHand, slowUntilSeen } from './byHand.ts';
import type { Stack } from './stack.ts';
import { type Timetable, timesOf } from './timetable.ts';
import { withUsers } from './users.ts';

const SYMBOL = 'SP500';
const ANOTHER = 'ANOTHER';
const DAY_MS = 86_400_000;
/** The last day of the sample, a Friday. */
const LAST_BAR = Date.UTC(2020, 3, 17);
/** What the log says of it, in words that the shipped patterns know: a leak of descriptors, which a restart mends. */
const BECAUSE = 'too-many-open-files';
const ERRORS = { kind: 'errors', because: BECAUSE };
const SLOW = { kind: 'slow', delayMs: 2_000, because: BECAUSE };
const LEAK = { kind: 'leak', mbPerSecond: 20 };
/** Right about a service that all of this is done to, and a matter for people: nothing that the agent could repair. */
export const TRUE_OF_A_TEST = ['ServiceRestartLoop', 'MarketPredictorErrorBudgetBurnSlow'];

/** How often each fault that a restart mends is healed: single times scatter by what Docker's health check does meanwhile. */
const TURNS = Number(process.env['MPA_E2E_TURNS'] ?? 1);
const TURNS_BY_HAND = 3;

/** Two repairs, each with the whole of its proof. */
const HEALED_MS = 150_000;

/** @param running The stack, once it is up. */
export function faultTests(running: () => Stack, timetable: Timetable): void {
  /** When somebody repaired by hand, and the agent stood by; milliseconds since the epoch. */
  const byHand: { readonly from: number; readonly to: number }[] = [];
  const wasByHand = (at: number) => byHand.some(({ from, to }) => from <= at && at <= to);
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
    const incident = await running().whenIncident(known, ended, HEALED_MS);
    const journal = await running().journal(incident.id);
    timetable.add(title, timesOf(brokenAt, journal));
    assert.equal(incident.outcome, outcome, JSON.stringify(journal, null, 1));
    await running().whenWell();
    const again = (await running().incidents()).filter(({ id }) => !known.some((each) => each.id === id));
    assert.equal(again.length, 1, `one fault is one incident: ${JSON.stringify(again)}`);
    return journal;
  }

  /**
   * What a restart mends, by the agent and then by hand: one right after the other, since what else the machine does
   * moves both.
   *
   * @param stopTimeoutS That of the agent's strategy.
   * @param breakIt As the agent's turn does it; resolves when whoever watches can know.
   */
  function testBesideHand(
    title: string,
    { fault, stopTimeoutS, breakIt }: { fault: string; stopTimeoutS: number; breakIt: () => Promise<void> },
    turn: () => Promise<void>,
  ): void {
    test(title, async () => {
      for (let count = 0; count < TURNS; count += 1) {
        await turn();
        const from = Date.now();
        await running().mode('off');
        for (let hand = 0; hand < Math.ceil(TURNS_BY_HAND / TURNS); hand += 1)
          timetable.addByHand(fault, await mendByHand(running(), breakIt, stopTimeoutS));
        await running().whenCalm();
        byHand.push({ from, to: Date.now() });
        await running().mode(null);
      }
    });
  }

  const mutations = (journal: readonly JournalEntry[]) =>
    journal.flatMap(({ body }) => (body.type === 'mutation-started' ? [String(body['action'])] : []));
  const alerts = (journal: readonly JournalEntry[]) =>
    new Set(JSON.stringify(journal).match(/MarketPredictor\w+/g));

  testBesideHand(
    'killed so that Docker leaves it dead, it is started again',
    { fault: 'killed', stopTimeoutS: 10, breakIt: () => killUntilKnown(running()) },
    async () => {
      const { State } = await running().inspect('market-predictor');
      const journal = await heal('killed', () => running().container('market-predictor').kill());
      assert.deepEqual(mutations(journal), ['restart']);
      assert.notEqual((await running().inspect('market-predictor')).State.StartedAt, State.StartedAt);
    },
  );

  test('a crash that Docker mends by itself is left to it, and seen to be mended', async () => {
    const before = (await running().inspect('market-predictor')).RestartCount;
    const journal = await heal('crash', () => running().fault({ kind: 'crash' }), 'self-resolved');
    assert.deepEqual(mutations(journal), []);
    assert.equal((await running().inspect('market-predictor')).RestartCount, before + 1);
  });

  testBesideHand(
    'hanging, it is restarted',
    { fault: 'hang', stopTimeoutS: 5, breakIt: () => hangUntilSilent(running()) },
    async () => {
      const journal = await heal('hang', () => running().fault({ kind: 'hang' }));
      assert.deepEqual(mutations(journal), ['restart']);
      assert.ok(alerts(journal).has('MarketPredictorNotResponding'), [...alerts(journal)].join());
    },
  );

  testBesideHand(
    'answering with errors whose log says that a restart helps, it is restarted',
    { fault: 'errors', stopTimeoutS: 10, breakIt: () => running().fault(ERRORS) },
    async () => {
      const journal = await heal('errors', async (known) => {
        await running().fault(ERRORS);
        await demand(known);
      });
      assert.deepEqual(mutations(journal), ['restart']);
      assert.ok(alerts(journal).has('MarketPredictorErrorRatioHigh'), [...alerts(journal)].join());
    },
  );

  testBesideHand(
    'answering slowly, for a reason that a restart removes, it is restarted',
    { fault: 'slow', stopTimeoutS: 10, breakIt: () => slowUntilSeen(running(), SLOW, SYMBOL) },
    async () => {
      const journal = await heal('slow', async (known) => {
        await running().fault(SLOW);
        await demand(known);
      });
      assert.deepEqual(mutations(journal), ['restart']);
      assert.ok(alerts(journal).has('MarketPredictorLatencyHigh'), [...alerts(journal)].join());
    },
  );

  test('with old data of two series, it is told once to read anew what is stale', async () => {
    await running().addSeries(ANOTHER, barsLikeTheSample());
    const journal = await heal('stale', async () => {
      for (const symbol of [SYMBOL, ANOTHER]) await running().fault({ kind: 'stale', symbol });
    });
    assert.deepEqual(mutations(journal), ['http']);
    const answer = JSON.stringify(
      journal.find(({ body }) => body.type === 'action-ended' && body['instance'] !== null),
    );
    for (const symbol of [SYMBOL, ANOTHER]) assert.ok(answer.includes(symbol), answer);
  });

  test('with a drifted calibration, it is told to fit anew', async () => {
    const journal = await heal('drift', () => running().fault({ kind: 'drift', symbol: SYMBOL }));
    assert.deepEqual(mutations(journal), ['http']);
    assert.match(JSON.stringify(journal), /v1\/repairs\/fit/);
  });

  testBesideHand(
    'running out of memory, it is restarted before the OOM killer comes',
    { fault: 'memory', stopTimeoutS: 10, breakIt: () => running().fault(LEAK) },
    async () => {
      const journal = await heal('memory', () => running().fault(LEAK));
      assert.deepEqual(mutations(journal), ['restart']);
      assert.ok([...alerts(journal)].some((name) => name.startsWith('MarketPredictorMemory')));
      assert.doesNotMatch(JSON.stringify(journal), /"oomKilled":true|"event":"oom/);
    },
  );

  test('of all that people were told nothing: the agent was quicker, and nothing went wrong with it', async () => {
    const messages = await running().told();
    const told = messages
      .filter(({ to }) => to !== 'dead_mans_switch_url')
      .flatMap(({ alerts }) => alerts.filter(({ startsAt }) => !wasByHand(Date.parse(startsAt))))
      .map(({ labels }) => labels['alertname'] ?? '');
    assert.deepEqual(
      told.filter((name) => !TRUE_OF_A_TEST.includes(name)),
      [],
    );
    assert.ok(told.length < messages.length, 'the dead man’s switch is told all the time');
  });

  test('with a drift that a fit does not mend, it goes back to the last good version', async () => {
    const fault = { kind: 'drift', symbol: SYMBOL, survivesFit: true };
    const journal = await heal('drift again', () => running().fault(fault));
    assert.deepEqual(mutations(journal), ['http', 'http']);
    assert.match(JSON.stringify(journal), /v1\/repairs\/rollback/);
  });

  test('answering with errors that nothing explains, it is left alone, and a person is called', async () => {
    const stack = running();
    const known = await stack.incidents();
    const toldBefore = (await stack.told()).length;
    await stack.fault({ kind: 'errors' });
    await demand(known);
    const { id } = await stack.whenIncident(known, ({ phase }) => phase === 'escalated');
    assert.deepEqual(mutations(await stack.journal(id)), []);
    const called = async () => JSON.stringify((await stack.told()).slice(toldBefore));
    const reason = 'nothing says that a restart helps';
    await waitFor('a person to be told', called, (told) => told.includes(reason));

    // As the person does who was called; what was escalated closes when it is seen well.
    await stack.container('market-predictor').restart();
    await stack.whenIncident(known, (incident) => incident.id === id && incident.phase === 'ended');
    await stack.whenWell();
  });

  /** Users ask until the agent has heard of it: errors and slowness show in requests. */
  async function demand(known: readonly ListedIncident[]): Promise<void> {
    const heard = async () =>
      (await running().incidents()).some(({ id }) => !known.some((each) => each.id === id));
    await withUsers(running(), SYMBOL, () =>
      waitFor('an incident', heard, Boolean, { deadlineMs: 60_000, everyMs: 50 }),
    );
  }
}

/** Daily bars of a simulated market, up to where the sample ends. */
function barsLikeTheSample(): readonly object[] {
  const days = Array.from({ length: 1_000 }, (_, back) => new Date(LAST_BAR - (999 - back) * DAY_MS))
    .filter((day) => day.getUTCDay() % 6 !== 0)
    .map((day) => day.toISOString().slice(0, 10));
  return simulatedBars(days.length).map((bar, index) => ({ ...bar, time: days[index] }));
}
