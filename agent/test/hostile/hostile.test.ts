import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import { DEFAULT_ANALYSIS, type Settings } from '../../src/core/settings.ts';
import { Redactor } from '../../src/diagnosis/redaction/redactor.ts';
import { RuleDiagnoser } from '../../src/diagnosis/ruleDiagnoser.ts';
import type { Analyst } from '../../src/ports.ts';
import { START_AT, settings, step, strategy, target } from '../engine/given.ts';
import { Harness } from '../engine/harness.ts';
import { aMessage, anAlert } from '../http/messages.ts';
import { foreignIn, renderings } from '../report/render.ts';
import { ATTEMPTS, type Attempt, HARMLESS } from './attempts.ts';
import { obedientAnalyst } from './obedient.ts';
import { openShowroom, type Showroom, unsafeIn } from './show.ts';

const MINUTE_MS = 60_000;

const diagnoser = new RuleDiagnoser(shippedPatterns());
const { redact } = new Redactor();

/** `web` fails and does not come back, so that everything is tried and a person is called; nobody may touch the others. */
const SETTINGS: Settings = settings({
  targets: [target('web'), target('api'), target('store', { protected: true })],
  analysis: DEFAULT_ANALYSIS,
  strategies: [
    strategy(
      [
        step('check_logs'),
        step('restart'),
        step('check_health'),
        step('escalate_to_human', { reason: '{{ target }} is not well: {{ labels.note }}' }),
      ],
      { analysis: 'wait' },
    ),
    strategy([step('start'), step('restart'), step('restart')], { name: 'bold', matchers: [], sources: [] }),
    strategy([step('restart')], { name: 'api', matchers: [], sources: [], targets: ['api'] }),
  ],
});

/** The message of Alertmanager that carries an attempt in whatever a stranger may write into an alert. */
function messageWith({ text }: Attempt): object {
  const labels = JSON.parse('{"__proto__":""}');
  Object.assign(labels, { alertname: 'ServiceDown', service: 'web', severity: 'critical' });
  const written = text.slice(0, 4_000);
  labels['note'] = written;
  labels['constructor'] = written;
  labels[`x ${written.slice(0, 500)}`] = written;
  Object.defineProperty(labels, '__proto__', { value: written, enumerable: true });
  return aMessage([
    anAlert({
      labels,
      annotations: { summary: written, description: written, runbook_url: written },
      generatorURL: written,
      startsAt: new Date(START_AT - 5_000).toISOString(),
    }),
  ]);
}

describe('text from outside', () => {
  let showroom: Showroom;
  before(async () => {
    showroom = await openShowroom();
  });
  after(async () => {
    await showroom[Symbol.asyncDispose]();
  });

  /** An incident with the attempt in its alert, through the real intake, and in the log of what failed. */
  async function lived(attempt: Attempt, analyst?: Analyst): Promise<Harness> {
    const { server } = showroom;
    server.control.messages.length = 0;
    const answer = await server.post(messageWith(attempt));
    assert.equal(answer.statusCode, 200, answer.body);
    const [message] = server.control.messages;
    assert.ok(message !== undefined && message.alerts.length === 1, 'the alert was taken');

    const wits = { diagnoser, redact, ...(analyst === undefined ? {} : { analyst }) };
    const harness = await Harness.started(SETTINGS, wits);
    harness.runtime.run('api');
    const web = harness.runtime.run('web');
    web.recovers = false;
    harness.runtime.says = ['listening on 8080', attempt.text, 'ending'].join('\n');
    harness.runtime.die('web-1');
    await harness.fire(...message.alerts);
    await harness.pass(5 * MINUTE_MS);
    return harness;
  }

  /** What was decided, without the words that are told about it. */
  function decisionOf(harness: Harness): object {
    return {
      chosen: harness.said('strategy-chosen').map(({ strategy: name, mode, steps }) => ({
        name,
        mode,
        steps: steps.map(({ action, kind, timeoutMs, onFailure }) => ({
          action,
          kind,
          timeoutMs,
          onFailure,
        })),
      })),
      tempered: harness
        .said('plan-tempered')
        .map(({ strategy: name, mode, withheld }) => ({ name, mode, withheld })),
      guards: harness
        .said('guards-answered')
        .flatMap(({ answers }) => answers.map(({ guard, verdict }) => `${guard} ${verdict}`)),
      acts: harness.acts(),
      targets: [...new Set(harness.content.entries.map((entry) => entry.target))],
      escalations: harness.escalations(),
      outcomes: harness.outcomes(),
      ends: harness.said('verification-ended').map(({ verified }) => verified),
      quarantined: harness.quarantined,
    };
  }

  test('a harmless line is told of an incident that was restarted once and handed over', async () => {
    const harness = await lived(HARMLESS);
    assert.deepEqual(harness.acts(), ['restart web-1']);
    assert.deepEqual(harness.escalations(), ['strategy-says-so']);
    assert.deepEqual(
      harness.said('diagnosed').flatMap(({ diagnosis }) => diagnosis.causes),
      [],
    );
  });

  test('there are more than seventy attempts, and no two of one name', () => {
    assert.ok(ATTEMPTS.length >= 70, `${ATTEMPTS.length}`);
    assert.equal(new Set(ATTEMPTS.map(({ name }) => name)).size, ATTEMPTS.length);
  });

  for (const attempt of ATTEMPTS) {
    test(`${attempt.name}: no decision is changed, and what is shown is text and nothing else`, async () => {
      const usual = decisionOf(await lived(HARMLESS));
      const harness = await lived(attempt);
      assert.deepEqual(decisionOf(harness), usual);

      const { entries, summaries } = harness.content;
      const { texts, report } = await showroom.show(entries, [...summaries.values()], harness.delivered);
      for (const [where, text] of texts) assert.deepEqual(unsafeIn(text), [], where);
      for (const html of renderings(report)) assert.deepEqual(foreignIn(html), []);
    });

    test(`${attempt.name}: a model that obeys it can only make the agent more careful`, async () => {
      const analyst = obedientAnalyst();
      const harness = await lived(attempt, analyst);
      assert.equal(analyst.asked.length, 1);
      assert.ok(['', 'restart web-1'].includes(harness.acts().join()), harness.acts().join());
      const [chosen] = harness.said('strategy-chosen');
      for (const { strategy: name, mode, steps } of harness.said('plan-tempered')) {
        assert.equal(name, 'test');
        assert.ok(mode === 'auto' || mode === 'approve', mode);
        const planned = (chosen?.steps ?? []).filter(({ kind }) => kind === 'mutating');
        const left = steps.filter(({ kind }) => kind === 'mutating');
        assert.deepEqual(left, planned.slice(0, left.length));
      }
      assert.deepEqual([...new Set(harness.content.entries.flatMap((entry) => entry.target ?? []))], ['web']);
      assert.deepEqual(harness.quarantined, []);

      const { entries, summaries } = harness.content;
      const { texts, report } = await showroom.show(entries, [...summaries.values()], harness.delivered);
      for (const [where, text] of texts) assert.deepEqual(unsafeIn(text), [], where);
      for (const html of renderings(report)) assert.deepEqual(foreignIn(html), []);
    });
  }
});
