import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACTIONS } from '../../src/actions/index.ts';
import { RuntimeError } from '../../src/errors.ts';
import { settle } from '../fakes/clock.ts';
import { actionOf, Stage } from './stage.ts';

describe('every action', () => {
  for (const action of ACTIONS) {
    it(`${action.name} refuses an unknown parameter`, () => {
      assert.throws(() => action.parse({ no_such_parameter: 1 }), /no_such_parameter/);
    });
    it(`${action.name} says how it looks whether it happened, if it acts`, () => {
      assert.equal(action.happened !== undefined, action.kind === 'mutating');
    });
  }

  it('has a name of its own', () => {
    assert.equal(new Set(ACTIONS.map(({ name }) => name)).size, ACTIONS.length);
  });
});

describe('restart', () => {
  it('restarts the one permitted instance', async () => {
    const stage = new Stage();
    const result = await actionOf('restart').run(await stage.context('restart'));
    assert.equal(result.outcome, 'succeeded');
    assert.deepEqual(
      stage.runtime.calls.map(({ what, instance }) => `${what} ${instance}`),
      ['restart web-1'],
    );
  });

  it('touches nothing when it is handed several instances, or none', async () => {
    const stage = new Stage();
    const context = await stage.context('restart');
    for (const instances of [[], [...context.instances, ...context.instances]]) {
      await actionOf('restart').run({ ...context, instances });
    }
    assert.deepEqual(stage.runtime.calls, []);
  });

  it('leaves its step 15 s more than the stop timeout', () => {
    const restart = actionOf('restart');
    assert.equal(restart.defaultTimeoutMs(restart.parse({})), 25_000);
    assert.equal(restart.defaultTimeoutMs(restart.parse({ stop_timeout: '1m' })), 75_000);
  });

  it('does not know how it ended when the answer was lost', async () => {
    for (const trouble of ['answer-lost', 'never-applied'] as const) {
      const stage = new Stage();
      stage.runtime.trouble = trouble;
      assert.equal((await actionOf('restart').run(await stage.context('restart'))).outcome, 'unknown');
    }
  });

  it('has failed when the runtime could not be reached', async () => {
    const stage = new Stage();
    const context = await stage.context('restart');
    stage.runtime.trouble = 'unreachable';
    assert.equal((await actionOf('restart').run(context)).outcome, 'failed');
  });

  it('does not know how it ended when something threw that nobody foresaw', async () => {
    const stage = new Stage();
    stage.runtime.onAct = async () => {
      throw new TypeError('a defect');
    };
    const result = await actionOf('restart').run(await stage.context('restart'));
    assert.deepEqual([result.outcome, result.reason], ['unknown', 'a defect']);
  });
});

describe('whether a restart happened whose answer was lost', () => {
  const watch = async (stage: Stage, parameters: unknown = {}) => {
    const mutation = stage.mutation();
    const verdict = actionOf('restart').happened?.(mutation, await stage.context('restart', parameters));
    assert.ok(verdict !== undefined);
    return verdict;
  };

  it('is seen at once by another run of the instance', async () => {
    const stage = new Stage();
    const mutation = stage.mutation();
    stage.instance.startedAt = stage.clock.now() + 1;
    const answer = await actionOf('restart').happened?.(mutation, await stage.context('restart'));
    assert.equal(answer?.verdict, 'happened');
  });

  it('is waited for while the daemon may still be at it', async () => {
    const stage = new Stage();
    const answer = watch(stage);
    await stage.clock.advance(14_000);
    stage.instance.startedAt = stage.clock.now();
    await stage.clock.advance(1_000);
    assert.equal((await answer).verdict, 'happened');
  });

  it('is denied only after the stop timeout and 5 s', async () => {
    const stage = new Stage();
    let settled = false;
    const answer = watch(stage, { stop_timeout: '3s' }).finally(() => {
      settled = true;
    });
    await stage.clock.advance(7_900);
    assert.equal(settled, false);
    await stage.clock.advance(500);
    assert.equal((await answer).verdict, 'not-happened');
  });

  for (const byMs of [600_000, -600_000]) {
    it(`is denied no sooner and no later when the wall clock jumps by ${byMs} ms meanwhile`, async () => {
      const stage = new Stage();
      let settled = false;
      const answer = watch(stage, { stop_timeout: '3s' }).finally(() => {
        settled = true;
      });
      await stage.clock.advance(2_000);
      stage.clock.jump(byMs);
      await stage.clock.advance(5_900);
      assert.equal(settled, false);
      await stage.clock.advance(500);
      assert.equal(settled, true);
      assert.equal((await answer).verdict, 'not-happened');
    });
  }

  it('is denied at once when the agent was away for long', async () => {
    const stage = new Stage();
    const mutation = stage.mutation();
    await stage.clock.advance(60_000);
    const answer = await actionOf('restart').happened?.(mutation, await stage.context('restart'));
    assert.equal(answer?.verdict, 'not-happened');
  });

  it('is taken for granted when the instance is gone', async () => {
    const stage = new Stage();
    const mutation = stage.mutation();
    stage.runtime.remove('web-1');
    const answer = await actionOf('restart').happened?.(mutation, await stage.context('restart'));
    assert.equal(answer?.verdict, 'happened');
    assert.match(answer?.reason ?? '', /removed or recreated/);
  });

  it('stays unknown while the runtime cannot be asked', async () => {
    const stage = new Stage();
    const mutation = stage.mutation();
    const context = await stage.context('restart');
    stage.runtime.trouble = 'unreachable';
    const answer = actionOf('restart').happened?.(mutation, context);
    await stage.clock.advance(60_000);
    stage.runOutOfTime();
    assert.deepEqual([(await answer)?.verdict, stage.clock.sleeping], ['unknown', 0]);
  });

  it('is told when the runtime can be asked again', async () => {
    const stage = new Stage();
    const mutation = stage.mutation();
    const context = await stage.context('restart');
    stage.runtime.trouble = 'unreachable';
    const answer = actionOf('restart').happened?.(mutation, context);
    await stage.clock.advance(30_000);
    stage.instance.startedAt = stage.clock.now();
    stage.runtime.trouble = 'none';
    await stage.clock.advance(500);
    assert.equal((await answer)?.verdict, 'happened');
  });
});

describe('start', () => {
  it('starts the one permitted instance', async () => {
    const stage = new Stage();
    stage.runtime.die('web-1');
    assert.equal((await actionOf('start').run(await stage.context('start'))).outcome, 'succeeded');
    assert.equal(stage.instance.status, 'running');
  });

  it('has happened when the instance runs, and not when it does not after 5 s', async () => {
    const stage = new Stage();
    stage.runtime.die('web-1');
    const answer = actionOf('start').happened?.(stage.mutation(), await stage.context('start'));
    await stage.clock.advance(6_000);
    assert.equal((await answer)?.verdict, 'not-happened');
    stage.instance.status = 'running';
    const again = await actionOf('start').happened?.(stage.mutation(), await stage.context('start'));
    assert.equal(again?.verdict, 'happened');
  });
});

describe('check_health', () => {
  it('succeeds as soon as the target is well', async () => {
    const stage = new Stage();
    stage.instance.health = 'starting';
    const answer = actionOf('check_health').run(await stage.context('check_health'));
    await stage.clock.advance(5_000);
    stage.instance.health = 'healthy';
    await stage.clock.advance(1_000);
    assert.deepEqual(await answer, {
      outcome: 'succeeded',
      reason: 'web-1 is healthy',
      output: { verdict: 'well' },
    });
  });

  it('does not wait for a health check that has yet to speak where every probe passes: the proof does', async () => {
    const stage = new Stage();
    stage.instance.health = 'starting';
    stage.probes = [{ name: 'http', ok: true, reason: '200', durationMs: 3 }];
    const { outcome, output } = await actionOf('check_health').run(await stage.context('check_health'));
    assert.deepEqual([outcome, output], ['succeeded', { verdict: 'starting' }]);
  });

  it('fails with what it saw last when its time is over', async () => {
    const stage = new Stage();
    stage.runtime.die('web-1');
    const answer = actionOf('check_health').run(await stage.context('check_health'));
    await stage.clock.advance(3_000);
    stage.runOutOfTime();
    await settle();
    const { outcome, reason } = await answer;
    assert.equal(outcome, 'failed');
    assert.match(reason, /web-1 is exited with code 137/);
    assert.equal(stage.clock.sleeping, 0);
  });
});

describe('check_logs', () => {
  it('keeps the logs of every instance, within one bound for all', async () => {
    const stage = new Stage();
    stage.runtime.run('web', 'web-2');
    const asked: number[] = [];
    const context = await stage.context('check_logs', { lines: 10, since: '1m' });
    const runtime = Object.assign(stage.runtime, {
      logs: async (
        _instance: unknown,
        options: { maxBytes: number; since: number | null; lines: number },
      ) => {
        asked.push(options.maxBytes);
        assert.equal(options.lines, 10);
        assert.equal(options.since, stage.clock.now() - 60_000);
        return { text: 'line', truncated: true };
      },
    });
    const result = await actionOf('check_logs').run({ ...context, runtime });
    assert.deepEqual(result.output, {
      source: 'docker',
      logs: [
        { instance: 'web-1', text: 'line', truncated: true },
        { instance: 'web-2', text: 'line', truncated: true },
      ],
    });
    assert.ok(asked.reduce((sum, bytes) => sum + bytes, 0) <= 65_536);
  });

  it('succeeds with what could be read, and fails only when nothing could', async () => {
    const stage = new Stage();
    stage.runtime.run('web', 'web-2');
    const context = await stage.context('check_logs');
    const failing = new Set(['web-1']);
    const runtime = Object.assign(stage.runtime, {
      logs: async ({ name }: { name: string }) => {
        if (failing.has(name)) throw new RuntimeError('RUNTIME_GONE', name, 'no');
        return { text: 'line', truncated: false };
      },
    });
    const partly = await actionOf('check_logs').run({ ...context, runtime });
    assert.equal(partly.outcome, 'succeeded');
    assert.match(partly.reason, /1 of 2 instances; web-1: /);
    failing.add('web-2');
    assert.equal((await actionOf('check_logs').run({ ...context, runtime })).outcome, 'failed');
  });
});

describe('check_resources', () => {
  it('fails when a limit is passed, and says by how much', async () => {
    const stage = new Stage();
    const run = async (parameters: unknown) =>
      actionOf('check_resources').run(await stage.context('check_resources', parameters));
    assert.equal((await run({})).outcome, 'succeeded');
    assert.equal((await run({ max_memory_share: 0.5, max_cpu_share: 0.5 })).outcome, 'succeeded');
    const over = await run({ max_memory_share: 0.4, max_cpu_share: 0.05 });
    assert.equal(over.outcome, 'failed');
    assert.match(over.reason, /50 % of its memory, over 40 %; .*10 % of its CPU, over 5 %/);
  });

  it('waits for a second reading only where the use of CPU is wanted', async () => {
    const stage = new Stage();
    const asked = async (parameters: unknown) => {
      const context = await stage.context('check_resources', parameters);
      const wanted: unknown[] = [];
      const runtime = Object.assign(stage.runtime, {
        resources: async (_instance: unknown, _signal: AbortSignal, only?: 'memory') => {
          wanted.push(only);
          return { cpuShare: null, memoryBytes: 1, memoryLimitBytes: 2, pids: null };
        },
      });
      await actionOf('check_resources').run({ ...context, runtime });
      return wanted;
    };
    assert.deepEqual(await asked({ max_memory_share: 0.9 }), ['memory']);
    assert.deepEqual(await asked({ max_memory_share: 0.9, max_cpu_share: 1 }), [undefined]);
    assert.deepEqual(await asked({}), [undefined]);
  });

  it('fails when a limit cannot be compared', async () => {
    const stage = new Stage();
    const context = await stage.context('check_resources', { max_memory_share: 0.9 });
    const runtime = Object.assign(stage.runtime, {
      resources: async () => ({ cpuShare: null, memoryBytes: 5, memoryLimitBytes: null, pids: null }),
    });
    const result = await actionOf('check_resources').run({ ...context, runtime });
    assert.deepEqual([result.outcome, /does not tell/.test(result.reason)], ['failed', true]);
  });
});

describe('wait', () => {
  it('tells the core for how long, in milliseconds', () => {
    assert.deepEqual(actionOf('wait').parse({ for: '1m30s' }), { durationMs: 90_000 });
  });
});
