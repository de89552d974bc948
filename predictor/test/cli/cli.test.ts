import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SAMPLE_PATH } from '../../src/cli/sample.ts';
import { until } from '../support/service.ts';
import { simulateGarch } from '../support/simulated.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'predictor-cli-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function predictor(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { maxBuffer: 64e6, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

describe('fit', () => {
  test('fits any column of returns as it stands, and prints parameters to many digits', async () => {
    const truth = {
      mu: 0.01,
      omega: 0.02,
      alpha: 0.15,
      gamma: 0,
      beta: 0.8,
      shape: { errors: 'normal' },
    } as const;
    const path = join(folder, 'returns.csv');
    await writeFile(
      path,
      `"r","other"\n${[...simulateGarch(truth, 1974, 21)].map((r) => `  ${r} ,x`).join('\n')}\n`,
    );
    const { code, out } = await predictor(
      ...[
        'fit',
        '--csv',
        path,
        '--column',
        'r',
        '--returns',
        '--model',
        'garch',
        '--errors',
        'normal',
        '--json',
      ],
    );
    assert.equal(code, 0);
    const json = JSON.parse(out);
    assert.equal(json.observations, 1974);
    assert.deepEqual(Object.keys(json.parameters), ['mu', 'omega', 'alpha', 'beta']);
    for (const [name, value] of Object.entries(truth).filter(([, v]) => typeof v === 'number' && v > 0)) {
      assert.ok(
        Math.abs(json.parameters[name] - Number(value)) < 4 * json.standardErrors[name],
        `${name} ${json.parameters[name]}`,
      );
    }
    assert.ok(json.gradientNorm < 1e-6);
  });

  test('fits prices of a file of bars, with asymmetry and fat tails', async () => {
    const { out } = await predictor(
      'fit',
      '--csv',
      SAMPLE_PATH,
      '--column',
      'close',
      '--model',
      'gjr',
      '--errors',
      't',
    );
    assert.match(out, /gamma +0\.21\d+/);
    assert.match(out, /dof +7\.16/);
    assert.match(out, /on 5104 returns/);
  });

  test('what it cannot read or fit it says, with exit status 1', async () => {
    const path = join(folder, 'bad.csv');
    await writeFile(path, 'a,b\n1,2\nx,3\n');
    const cases: [string[], RegExp][] = [
      [['fit', '--csv', path, '--column', 'c'], /no column "c"; there is: a, b/],
      [['fit', '--csv', path, '--column', 'constructor'], /no column "constructor"/],
      [['forecast', '--sample', '--levels', '0.5,1'], /not a list of at most 10 numbers/],
      [['fit', '--csv', path, '--column', 'a'], /Row 2: "x" in column "a" is not a number/],
      [['fit', '--csv', path, '--column', 'b', '--returns'], /(Row|observations)/],
      [['fit', '--csv', join(folder, 'none.csv'), '--column', 'a'], /cannot be read/],
      [['fit', '--sample', '--max-iterations', '2'], /did not converge.*gradient is still/s],
      [['fit'], /Say which bars/],
    ];
    for (const [args, expected] of cases) {
      const { code, err } = await predictor(...args);
      assert.equal(code, 1, args.join(' '));
      assert.match(err, expected);
      assert.doesNotMatch(err, /at .*\.ts:/, 'no stack for what was expected');
    }
  });
});

describe('import, forecast, backtest', () => {
  test('bars are imported once, each bad row told, and forecast from', async () => {
    const db = join(folder, 'p.sqlite');
    const lines = (await readFile(SAMPLE_PATH, 'utf8')).trim().split('\n');
    const path = join(folder, 'bars.csv');
    await writeFile(
      path,
      [...lines.slice(0, 900), '2003-08-01,1,0.5,2,1,1,1', ...lines.slice(900, 1000)].join('\n'),
    );
    const first = await predictor('import', '--symbol', 'SPX', '--db', db, '--csv', path, '--json');
    const json = JSON.parse(first.out);
    assert.deepEqual([json.rows, json.added, json.rejected], [1000, 999, 1]);
    assert.deepEqual([json.verdicts[0].row, json.verdicts[0].verdict], [900, 'high-below-low']);
    const again = await predictor('import', '--symbol', 'SPX', '--db', db, '--csv', path);
    assert.match(again.out, /0 added, 999 known, 1 rejected/);
    const forecast = await predictor('forecast', '--symbol', 'SPX', '--db', db, '--horizon', '3', '--json');
    assert.equal(JSON.parse(forecast.out).steps.length, 3);
    const table = await predictor('forecast', '--symbol', 'SPX', '--db', db);
    assert.match(table.out, /skill over the random walk, last 250 days/);
    assert.match((await predictor('forecast', '--symbol', 'NOPE', '--db', db)).err, /no series "NOPE"/);
  });

  test('a bar is corrected, and a jump accepted, only where that is asked for', async () => {
    const db = join(folder, 'corrected.sqlite');
    const path = join(folder, 'corrected.csv');
    const run = async (lines: string[], ...options: string[]) => {
      await writeFile(path, ['time,open,high,low,close', ...lines].join('\n'));
      const { out } = await predictor(
        ...['import', '--symbol', 'C', '--db', db, '--csv', path, '--json', ...options],
      );
      const { added, replaced, rejected, verdicts } = JSON.parse(out);
      return [added, replaced, rejected, ...verdicts.map((v: { verdict: string }) => v.verdict)];
    };
    const good = '2020-01-02,2860,2880,2850,2870';
    const wrong = '2020-01-03,2.86,2.88,2.85,2.87';
    assert.deepEqual(await run([good, wrong]), [1, 0, 1, 'implausible-jump']);
    assert.deepEqual(await run([good, wrong], '--accept-jumps'), [1, 0, 0]);
    const right = '2020-01-03,2860,2880,2850,2871';
    assert.deepEqual(await run([good, right]), [0, 0, 1, 'conflict']);
    assert.deepEqual(await run([good, right], '--replace'), [0, 1, 0, 'replaced']);
    assert.deepEqual(await run([good, right]), [0, 0, 0]);
  });

  test('a backtest shows its progress and writes its reports', async () => {
    const html = join(folder, 'r.html');
    const days = join(folder, 'r.csv');
    const { code, out, err } = await predictor(
      ...[
        'backtest',
        '--sample',
        '--from',
        '2019-01-01',
        '--to',
        '2019-12-31',
        '--html',
        html,
        '--days-csv',
        days,
      ],
    );
    assert.equal(code, 0);
    assert.match(err, /backtest: 0 %\n(backtest: \d+ %\n)+/);
    assert.match(out, /252 days from 2019-01-02 to 2019-12-31/);
    assert.match(out, /look-ahead audit: clean/);
    assert.match(await readFile(html, 'utf8'), /<svg /);
    assert.equal((await readFile(days, 'utf8')).trimEnd().split('\n').length, 253);
  });

  test('a wrong option is told with a hint, and help names every command', async () => {
    assert.match((await predictor('backtest', '--sample', '--from', 'soon')).err, /It must be an ISO date/);
    const { out } = await predictor('--help');
    for (const command of ['serve', 'import', 'fit', 'forecast', 'backtest'])
      assert.ok(out.includes(command));
  });
});

describe('serve, on a real socket and a real file', () => {
  const TOKEN = 'a-token-for-the-command-line';

  async function serve(
    db: string,
  ): Promise<AsyncDisposable & { url: string; child: ChildProcess; log: () => string }> {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, TOKEN);
    const child = spawn(
      process.execPath,
      [
        ...[MAIN, 'serve', '--db', db, '--sample', '--port', '0', '--token-file', tokenFile],
        ...['--allow-faults', '--clock-at', '2020-04-18T00:00:00Z'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let log = '';
    child.stdout.on('data', (chunk) => {
      log += chunk;
    });
    child.stderr.on('data', (chunk) => {
      log += chunk;
    });
    await until('the address', () => /listening at (http:[^"]+)/.test(log));
    const url = /listening at (http:[^"]+)/.exec(log)?.[1] ?? '';
    await until('a forecast', async () => (await fetch(`${url}/v1/forecasts/SP500`)).ok, 40_000);
    return {
      url,
      child,
      log: () => log,
      async [Symbol.asyncDispose]() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  }

  const fault = (url: string, body: object) =>
    fetch(`${url}/v1/faults`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('serves, ends in order at SIGTERM, and goes on where it was after a restart', async () => {
    const db = join(folder, 'serve.sqlite');
    let before: { steps: unknown };
    {
      await using service = await serve(db);
      before = (await (await fetch(`${service.url}/v1/forecasts/SP500?horizon=3`)).json()) as {
        steps: unknown;
      };
      service.child.kill('SIGTERM');
      const [code] = await once(service.child, 'exit');
      assert.equal(code, 0);
    }
    await using again = await serve(db);
    const after = (await (await fetch(`${again.url}/v1/forecasts/SP500?horizon=3`)).json()) as typeof before;
    assert.deepEqual(after, before, 'the same version and the same forecast');
    assert.doesNotMatch(again.log(), /a new model version/);
  });

  test('the fault "crash" ends the process with a stack in its log', async () => {
    await using service = await serve(join(folder, 'crash.sqlite'));
    const ended = once(service.child, 'exit');
    assert.equal((await fault(service.url, { kind: 'crash' })).status, 202);
    const [code] = await ended;
    assert.notEqual(code, 0);
    assert.match(service.log(), /Error: a crash was asked for/);
  });

  test('the fault "hang" lets nothing be answered until it is over', async () => {
    await using service = await serve(join(folder, 'hang.sqlite'));
    assert.equal((await fault(service.url, { kind: 'hang' })).status, 202);
    await until('silence', async () => {
      const answer = await fetch(`${service.url}/health`, { signal: AbortSignal.timeout(300) }).catch(
        () => undefined,
      );
      return answer === undefined;
    });
    service.child.kill('SIGTERM');
    const answer = await fetch(`${service.url}/health`, { signal: AbortSignal.timeout(300) }).catch(
      () => undefined,
    );
    assert.equal(answer, undefined, 'not even SIGTERM is heard');
    assert.equal(service.child.exitCode, null);
  });

  test('a port that is taken is a sentence and exit status 1', async () => {
    await using service = await serve(join(folder, 'port.sqlite'));
    const { port } = new URL(service.url);
    const { code, err } = await predictor('serve', '--port', port, '--db', ':memory:');
    assert.equal(code, 1);
    assert.match(err, /EADDRINUSE/);
  });
});
