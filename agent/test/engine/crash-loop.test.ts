import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import type { Cause } from '../../src/core/diagnosis.ts';
import { DEFAULT_GUARDS, type Settings } from '../../src/core/settings.ts';
import { RuleDiagnoser } from '../../src/diagnosis/ruleDiagnoser.ts';
import type { Diagnoser } from '../../src/ports.ts';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

const INVALID: Cause = {
  id: 'configuration-invalid',
  group: 'configuration',
  summary: 'The service refuses its configuration',
  restartHelps: 'no',
  confidence: 0.9,
  citations: [],
  remedy: 'Correct it and start the service.',
};

/** Knows one cause by its line in the logs, wherever it stands. */
const RULES: Diagnoser = {
  diagnose: (_target, evidence) => ({
    causes: evidence.flatMap(({ id, text }) =>
      text.split('\n').flatMap((line, index) => {
        return line.includes('invalid configuration')
          ? [{ ...INVALID, citations: [`${id}:${index + 1}`] }]
          : [];
      }),
    ),
    unusual: [],
  }),
};

const SETTINGS = settings({
  strategies: [
    strategy([
      step('check_logs'),
      step('restart'),
      step('restart'),
      step('restart'),
      step('restart'),
      step('escalate_to_human'),
    ]),
  ],
});

/** A target that ends with the same line however often it is started. */
async function crashing(of: Settings, diagnoser?: Diagnoser): Promise<Harness> {
  const harness = await Harness.started(of, diagnoser === undefined ? {} : { diagnoser });
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1', 1);
  harness.runtime.says = 'starting\nfatal: invalid configuration: PORT is not a number';
  harness.symptom = 'present';
  await harness.fire(alert('web'));
  return harness;
}

test('a crash loop by a bad configuration costs no restart: a person is called at once, with the cause', async () => {
  const harness = await crashing(SETTINGS, RULES);
  await harness.pass(100);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['restart-cannot-help']);
  const [message] = harness.delivered;
  assert.match(
    message?.reason ?? '',
    /refuses its configuration \(E2:2\), and a restart cannot help\. Correct it/,
  );
  assert.deepEqual(
    message?.causes.map(({ id }) => id),
    ['configuration-invalid'],
  );
  await harness.pass(60 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(
    harness.said('plan-tempered').map(({ withheld }) => withheld.length),
    [4],
  );
});

test('the shipped patterns know a service that refuses its configuration', async () => {
  const harness = await crashing(SETTINGS, new RuleDiagnoser(shippedPatterns()));
  await harness.pass(100);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['restart-cannot-help']);
});

test('without a diagnosis the same crash loop is restarted until its budget is spent', async () => {
  const harness = await crashing(SETTINGS);
  await harness.pass(30 * MINUTE_MS);
  assert.equal(harness.acts().length, DEFAULT_GUARDS.budget.mutations);
  assert.deepEqual(harness.escalations(), ['guard-refused']);
});

test('a cause that is not sure enough for the configuration holds no restart back', async () => {
  const harness = await crashing({ ...SETTINGS, diagnosis: { minimumConfidence: 0.95 } }, RULES);
  await harness.pass(30 * MINUTE_MS);
  assert.equal(harness.acts().length, DEFAULT_GUARDS.budget.mutations);
});

test('a person who knows the cause may order the restart all the same, once', async () => {
  const harness = await crashing(SETTINGS, RULES);
  await harness.pass(100);
  harness.runtime.run('web').recovers = true;
  harness.runtime.die('web-1', 1);
  await harness.settled(harness.engine.recover('web', 'ann', 'the file is corrected'));
  harness.symptom = 'gone';
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.match(harness.said('strategy-chosen').at(-1)?.reason ?? '', /ordered by ann/);
});

test('the guards hold for what a person ordered', async () => {
  const harness = await crashing(SETTINGS, RULES);
  await harness.pass(100);
  await harness.settled(harness.engine.recover('web', 'ann', 'try it'));
  await harness.pass(30 * MINUTE_MS);
  assert.equal(harness.acts().length, DEFAULT_GUARDS.budget.mutations);
});

test('a line in the logs calls nobody while the target is well', async () => {
  const harness = await Harness.started(SETTINGS, { diagnoser: RULES });
  harness.runtime.says = 'invalid configuration: ignored';
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.escalations(), []);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
});

test('nobody is called about a target in maintenance, and at its end about what still holds', async () => {
  const harness = await Harness.started(SETTINGS, { diagnoser: RULES });
  const until = harness.clock.now() + 20 * MINUTE_MS;
  const control = { kind: 'maintenance-start', id: 'm', target: 'web', until } as const;
  await harness.settled(harness.engine.control(control, 'ann', 'upgrade'));
  harness.runtime.says = 'invalid configuration';
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1', 1);
  await harness.fire(alert('web'));
  await harness.pass(19 * MINUTE_MS);
  assert.deepEqual(harness.escalations(), []);
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.escalations(), ['restart-cannot-help']);
});

test('what fails because its dependency is down waits for that, and nobody is called for it', async () => {
  const db = target('db');
  const web = target('web', { dependsOn: ['db'] });
  const harness = await Harness.started({ ...SETTINGS, targets: [web, db] }, { diagnoser: RULES });
  harness.runtime.run('db').recovers = false;
  harness.runtime.die('db-1', 1);
  await harness.fire(alert('db'));
  await harness.pass(100);
  harness.runtime.says = 'invalid configuration';
  harness.runtime.die('web-1', 1);
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  const called = harness.content.entries.filter(({ body }) => body.type === 'escalated');
  assert.ok(called.every(({ target: of }) => of === 'db'));
  assert.match(harness.said('step-held').at(-1)?.reason ?? '', /it depends on db/);
});

test('a diagnoser that throws is told with the evidence, and the target is restarted as planned', async () => {
  const broken: Diagnoser = {
    diagnose: () => {
      throw new Error('a pattern does not compile');
    },
  };
  const harness = await Harness.started(SETTINGS, { diagnoser: broken });
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.ok(harness.said('evidence-gathered')[0]?.missing.includes('diagnosis: a pattern does not compile'));
  assert.deepEqual(harness.quarantined, []);
});
