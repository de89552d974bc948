import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RuntimeError } from '../../src/errors.ts';
import type { LogOptions, LogSource } from '../../src/ports.ts';
import { actionOf, Stage } from './stage.ts';

type Kept = Awaited<ReturnType<LogSource['logs']>>;

/** A source of kept logs that notes what it was asked for. */
function keptLogs(answer: () => Promise<Kept>): LogSource & { readonly asked: LogOptions[] } {
  const asked: LogOptions[] = [];
  return {
    name: 'Loki',
    asked,
    logs: (_target, options) => {
      asked.push(options);
      return answer();
    },
  };
}

const LINES: Kept = { text: 'the last words', truncated: false, remarks: [] };

describe('check_logs of a target whose instances show nothing', () => {
  it('keeps what is kept elsewhere when no instance exists, and says where from', async () => {
    const stage = new Stage();
    const source = keptLogs(async () => LINES);
    stage.keptLogs = source;
    stage.runtime.remove('web-1');
    const context = await stage.context('check_logs', { lines: 10, since: '1m' });
    const result = await actionOf('check_logs').run(context);
    assert.deepEqual(result, {
      outcome: 'succeeded',
      reason: 'kept the target’s logs from Loki, since no instance exists',
      output: { source: 'Loki', logs: [{ instance: '', text: 'the last words', truncated: false }] },
    });
    assert.deepEqual(source.asked, [{ lines: 10, since: stage.clock.now() - 60_000, maxBytes: 65_536 }]);
  });

  it('keeps what is kept elsewhere when no log can be read, and says why', async () => {
    const stage = new Stage();
    stage.keptLogs = keptLogs(async () => ({ ...LINES, remarks: ['an ingester is away'] }));
    const context = await stage.context('check_logs');
    const runtime = Object.assign(stage.runtime, {
      logs: async () => {
        throw new RuntimeError('RUNTIME_FAILED', 'the logging driver does not support reading', 'no');
      },
    });
    const { outcome, reason } = await actionOf('check_logs').run({ ...context, runtime });
    assert.equal(outcome, 'succeeded');
    assert.match(reason, /from Loki, since no logs could be read: web-1: .*does not support reading/);
    assert.match(reason, /; an ingester is away$/);
  });

  it('asks elsewhere while there is still time when the runtime hangs', async () => {
    const stage = new Stage();
    stage.keptLogs = keptLogs(async () => LINES);
    const context = await stage.context('check_logs');
    const runtime = Object.assign(stage.runtime, {
      logs: (_instance: unknown, _options: unknown, signal?: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    });
    const running = actionOf('check_logs').run({ ...context, runtime });
    await stage.clock.advance(context.step.timeoutMs / 2);
    const { outcome, reason } = await running;
    assert.equal(outcome, 'succeeded');
    assert.match(reason, /did not answer in half of the time/);
  });

  it('fails with both reasons when there is nothing elsewhere either', async () => {
    const stage = new Stage();
    stage.keptLogs = keptLogs(async () => {
      throw new Error('Loki has no lines');
    });
    stage.runtime.remove('web-1');
    const result = await actionOf('check_logs').run(await stage.context('check_logs'));
    assert.deepEqual(result, {
      outcome: 'failed',
      reason: 'no instance exists; Loki has no lines',
      output: null,
    });
  });

  it('fails as before where logs are kept nowhere', async () => {
    const stage = new Stage();
    stage.runtime.remove('web-1');
    const result = await actionOf('check_logs').run(await stage.context('check_logs'));
    assert.deepEqual([result.outcome, result.reason], ['failed', 'no instance exists']);
  });
});

describe('check_logs of a target whose instances show their logs', () => {
  it('asks nobody else, and leaves no timer behind', async () => {
    const stage = new Stage();
    const source = keptLogs(async () => LINES);
    stage.keptLogs = source;
    const result = await actionOf('check_logs').run(await stage.context('check_logs'));
    assert.equal(result.outcome, 'succeeded');
    assert.deepEqual(source.asked, []);
    assert.equal(stage.clock.sleeping, 0);
  });
});
