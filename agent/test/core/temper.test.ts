import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Advice } from '../../src/core/diagnosis.ts';
import { doesNoMore } from '../../src/core/gentler.ts';
import { isStricterOrEqual } from '../../src/core/settings.ts';
import type { Step } from '../../src/core/strategy.ts';
import type { Mode } from '../../src/core/target.ts';
import { type Plan, temper } from '../../src/core/temper.ts';
import { step as configured } from '../engine/given.ts';

const RESTARTS = ['restart', 'start'];

const PLAIN = { noNullPrototype: true } as const;

const parameters = fc.oneof(
  fc.constant({}),
  fc.record({ stopTimeoutMs: fc.constantFrom(1_000, 10_000) }, PLAIN),
  fc.record(
    {
      url: fc.constantFrom('http://a/', 'http://b/'),
      body: fc.record({ a: fc.nat(1), b: fc.nat(1) }, PLAIN),
    },
    PLAIN,
  ),
);

const acting: fc.Arbitrary<Step> = fc.record(
  {
    action: fc.constantFrom('restart', 'start', 'http'),
    kind: fc.constant('mutating' as const),
    scope: fc.constant('target' as const),
    parameters,
    timeoutMs: fc.constantFrom(1_000, 25_000),
    onFailure: fc.constantFrom('next' as const, 'stop' as const),
  },
  { requiredKeys: ['action', 'kind', 'parameters', 'timeoutMs', 'onFailure'] },
);
const looking: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom('check_logs', 'check_health'),
  kind: fc.constant('observing' as const),
  parameters: fc.constant({}),
  timeoutMs: fc.constantFrom(1_000, 5_000),
  onFailure: fc.constantFrom('next' as const, 'stop' as const),
});
const waiting: fc.Arbitrary<Step> = fc.record({
  action: fc.constant('wait'),
  kind: fc.constant('waiting' as const),
  parameters: fc.record({ durationMs: fc.constantFrom(5_000, 60_000) }),
  timeoutMs: fc.constant(0),
  onFailure: fc.constant('next' as const),
});
const calling: fc.Arbitrary<Step> = fc.record({
  action: fc.constant('escalate_to_human'),
  kind: fc.constant('escalating' as const),
  parameters: fc.constant({}),
  timeoutMs: fc.constant(0),
  onFailure: fc.constant('next' as const),
});
const steps = fc.array(
  fc.oneof(
    { arbitrary: acting, weight: 4 },
    { arbitrary: looking, weight: 2 },
    { arbitrary: waiting, weight: 3 },
    calling,
  ),
  { maxLength: 7 },
);
const mode: fc.Arbitrary<Mode> = fc.constantFrom('auto', 'approve', 'observe', 'off');
const plan = (name: fc.Arbitrary<string>): fc.Arbitrary<Plan> => fc.record({ strategy: name, mode, steps });

const advice: fc.Arbitrary<Advice> = fc.record({
  from: fc.constantFrom('rules' as const, 'analyst' as const),
  strategy: fc.oneof(
    fc.constant(null),
    { arbitrary: fc.constantFrom('all', 'a', 'b', 'c'), weight: 4 },
    fc.string(),
  ),
  withhold: fc.constantFrom('nothing' as const, 'restarts' as const, 'mutations' as const),
  person: fc.constantFrom('as-planned' as const, 'approve' as const, 'now' as const),
  reason: fc.string(),
});

/** The same step, or one that differs from it in one thing. */
const tweak = (step: Step): fc.Arbitrary<Step> =>
  fc.oneof(
    { arbitrary: fc.constant(step), weight: 8 },
    fc.constantFrom(500, 90_000).map((timeoutMs) => ({ ...step, timeoutMs })),
    fc.constantFrom('next' as const, 'stop' as const).map((onFailure) => ({ ...step, onFailure })),
    {
      arbitrary: fc.constantFrom(100, 90_000).map((durationMs) => ({ ...step, parameters: { durationMs } })),
      weight: 3,
    },
  );

/** A strategy that is made of a part of the plan, so that it often does less, and often only seems to. */
const partOf = (of: Plan, name: string): fc.Arbitrary<Plan> =>
  fc.record({ from: fc.nat(3), to: fc.nat(7), whole: fc.boolean() }).chain(({ from, to, whole }) =>
    fc.record({
      strategy: fc.constant(name),
      mode,
      steps: fc.tuple(...of.steps.slice(whole ? 0 : from, to).map(tweak)),
    }),
  );

/** A plan, what else is configured, and an advice. */
const occasion = plan(fc.constant('all')).chain((of) =>
  fc.record({
    of: fc.constant(of),
    others: fc.tuple(plan(fc.constant('a')), partOf(of, 'b'), partOf(of, 'c')),
    advice,
  }),
);

/** What a plan can do to the world: each mutating step until a person is called, with what comes right before it. */
function deeds({ steps: all }: Plan): readonly { readonly step: Step; readonly before: readonly Step[] }[] {
  const end = all.findIndex(({ kind }) => kind === 'escalating');
  const reached = end === -1 ? all : all.slice(0, end);
  return reached.flatMap((step, index) => {
    if (step.kind !== 'mutating') return [];
    const last = reached.slice(0, index).findLastIndex(({ kind }) => kind === 'mutating');
    return [{ step, before: reached.slice(last + 1, index) }];
  });
}

function waitMs(before: readonly Step[]): number {
  return before.reduce((sum, { parameters: { durationMs } }) => sum + Number(durationMs ?? 0), 0);
}

test('whatever is advised, what is left of the acting steps are the first ones of the plan, each as it was', () => {
  fc.assert(
    fc.property(occasion, ({ of, others, advice: said }) => {
      const planned = deeds(of);
      const left = deeds(temper(of, said, others).plan);
      assert.ok(left.length <= planned.length);
      for (const [index, { step }] of left.entries()) {
        const before = planned[index]?.step;
        assert.ok(before !== undefined);
        assert.equal(step.action, before.action);
        assert.equal(step.scope, before.scope);
        assert.deepEqual(step.parameters, before.parameters);
        assert.ok(step.timeoutMs <= before.timeoutMs);
        assert.ok(step.onFailure === 'stop' || before.onFailure === 'next');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('no wait before an acting step gets shorter, and what can stop the plan before it can stop it still', () => {
  fc.assert(
    fc.property(occasion, ({ of, others, advice: said }) => {
      const planned = deeds(of);
      for (const [index, { before }] of deeds(temper(of, said, others).plan).entries()) {
        const then = planned[index]?.before ?? [];
        assert.ok(waitMs(before) >= waitMs(then));
        const gates = then.filter(({ onFailure }) => onFailure === 'stop').map(({ action }) => action);
        const kept = before.filter(({ onFailure }) => onFailure === 'stop').map(({ action }) => action);
        for (const gate of gates) {
          const at = kept.indexOf(gate);
          assert.ok(at >= 0, `${gate} no longer stops it`);
          kept.splice(0, at + 1);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test('no mode gets looser', () => {
  fc.assert(
    fc.property(occasion, ({ of, others, advice: said }) => {
      const { mode: after } = temper(of, said, others).plan;
      assert.ok(isStricterOrEqual(after, of.mode));
    }),
  );
});

test('every step of the outcome is one of a configured strategy, or a handover to a person', () => {
  fc.assert(
    fc.property(occasion, ({ of, others, advice: said }) => {
      const known = new Set([of, ...others].flatMap((each) => each.steps));
      for (const step of temper(of, said, others).plan.steps) {
        assert.ok(known.has(step) || (step.kind === 'escalating' && step.handover !== undefined));
      }
    }),
  );
});

test('the same advice twice is the same as once', () => {
  fc.assert(
    fc.property(occasion, ({ of, others, advice: said }) => {
      const once = temper(of, said, others);
      const again = temper(once.plan, said, [of, ...others]);
      assert.deepEqual(again.plan, once.plan);
      assert.equal(again.changed, false);
    }),
    { numRuns: 2_000 },
  );
});

test('more careful advice never lets more be done than less careful one', () => {
  const withholds = ['nothing', 'restarts', 'mutations'] as const;
  const persons = ['as-planned', 'approve', 'now'] as const;
  fc.assert(
    fc.property(occasion, fc.nat(2), fc.nat(2), ({ of, others, advice: said }, withhold, person) => {
      const more = {
        ...said,
        withhold: withholds[Math.max(withhold, withholds.indexOf(said.withhold))] ?? 'mutations',
        person: persons[Math.max(person, persons.indexOf(said.person))] ?? 'now',
      };
      assert.ok(doesNoMore(temper(of, more, others).plan, temper(of, said, others).plan));
    }),
    { numRuns: 2_000 },
  );
});

test('what is withheld is no longer done, and what was there to be withheld ends with a person', () => {
  fc.assert(
    fc.property(occasion, ({ of, others, advice: said }) => {
      const { plan: after, withheld } = temper(of, said, others);
      const left = deeds(after).map(({ step }) => step.action);
      if (said.withhold === 'mutations' || said.person === 'now') assert.deepEqual(left, []);
      if (said.withhold === 'restarts') assert.ok(left.every((action) => !RESTARTS.includes(action)));
      assert.deepEqual(
        [...left, ...withheld],
        deeds(of).map(({ step }) => step.action),
      );
      if (said.person === 'now') assert.ok(after.steps[0]?.handover !== undefined);
    }),
    { numRuns: 2_000 },
  );
});

test('doing no more is a partial order', () => {
  fc.assert(
    fc.property(occasion, ({ of, others }) => {
      const all = [of, ...others];
      for (const one of all) {
        assert.ok(doesNoMore(one, one));
        for (const other of all)
          for (const third of all)
            if (doesNoMore(one, other) && doesNoMore(other, third)) assert.ok(doesNoMore(one, third));
      }
    }),
  );
});

const NOTHING: Advice = {
  from: 'analyst',
  strategy: null,
  withhold: 'nothing',
  person: 'as-planned',
  reason: 'so',
};
const check = configured('check_logs');
const restart = configured('restart');
const start = configured('start');
const person = configured('escalate_to_human');
const planOf = (...of: readonly Step[]): Plan => ({ strategy: 'all', mode: 'auto', steps: of });
const actions = ({ plan: { steps: of } }: { readonly plan: Plan }) => of.map(({ action }) => action);

test('a withheld restart is replaced by the handover, and what was looked at for its sake is not looked at', () => {
  const tempered = temper(
    planOf(check, restart, configured('check_health'), person),
    { ...NOTHING, from: 'rules', withhold: 'restarts', reason: 'the configuration is invalid' },
    [],
  );
  assert.deepEqual(actions(tempered), ['escalate_to_human']);
  assert.equal(tempered.plan.steps[0]?.handover, 'restart-cannot-help');
  assert.deepEqual(tempered.plan.steps[0]?.parameters, { reason: 'the configuration is invalid' });
  assert.deepEqual(tempered.withheld, ['restart']);
});

test('what acts before a withheld restart and runs nothing anew is still done', () => {
  const drain = { ...restart, action: 'http' };
  const tempered = temper(planOf(check, drain, check, restart), { ...NOTHING, withhold: 'restarts' }, []);
  assert.deepEqual(actions(tempered), ['check_logs', 'http', 'escalate_to_human']);
});

test('a strategy that only looks is taken where it is named', () => {
  const looks = { strategy: 'looks', mode: 'auto', steps: [check, person] } as const;
  const tempered = temper(planOf(check, restart), { ...NOTHING, strategy: 'looks' }, [looks]);
  assert.equal(tempered.plan.strategy, 'looks');
  assert.deepEqual(tempered.withheld, ['restart']);
});

test('a strategy that makes at once what the plan makes only as its last resort is left, and the reason says so', () => {
  const harsh = { strategy: 'harsh', mode: 'auto', steps: [restart] } as const;
  const tempered = temper(planOf(start, restart), { ...NOTHING, strategy: 'harsh' }, [harsh]);
  assert.equal(tempered.changed, false);
  assert.match(tempered.reason, /harsh does not do less than all, and is left/);
});

test('a strategy that restarts another way, or waits less before it, is left', () => {
  const kill = configured('restart', { stop_timeout: '0s' });
  const pause = configured('wait', { for: '1m' });
  const blink = configured('wait', { for: '1s' });
  const others = [
    { strategy: 'kill', mode: 'approve', steps: [kill] },
    { strategy: 'blink', mode: 'approve', steps: [blink, restart] },
  ] as const;
  for (const strategy of ['kill', 'blink', 'unheard of'])
    assert.equal(temper(planOf(pause, restart), { ...NOTHING, strategy }, others).changed, false);
});

test('a strategy without the check that could have stopped the plan is left', () => {
  const gate = configured('check_health', {}, { onFailure: 'stop' });
  const bold = { strategy: 'bold', mode: 'approve', steps: [restart] } as const;
  assert.equal(temper(planOf(gate, restart), { ...NOTHING, strategy: 'bold' }, [bold]).changed, false);
});

test('an approval is asked for only where something acts, and never loosens a stricter mode', () => {
  const asks = { ...NOTHING, person: 'approve' } as const;
  assert.equal(temper(planOf(restart), asks, []).plan.mode, 'approve');
  assert.equal(temper({ ...planOf(restart), mode: 'observe' }, asks, []).plan.mode, 'observe');
  assert.equal(temper(planOf(check, person), asks, []).changed, false);
});
