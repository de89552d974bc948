// `npm run bench -w predictor`: the numbers that the service has to reach, measured on this machine.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SAMPLE_PATH } from '../src/cli/sample.ts';
import { fitGarch } from '../src/models/garch-fit.ts';
import { FAMILY_DEFAULTS } from '../src/models/settings.ts';
import type { Bar } from '../src/series/bar.ts';
import { judge } from '../src/series/judge.ts';
import { returnsOf } from '../src/series/returns.ts';
import { fitVersion } from '../src/service/fit-version.ts';
import { csvFileSource } from '../src/sources/csv-file.ts';
import { openLoop } from './open-loop.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** As in the start script and the image. */
const FLAGS = ['--max-semi-space-size=1', '--no-maglev', '--v8-pool-size=0', '--optimize-for-size'];
const ENVIRONMENT = { ...process.env, MALLOC_ARENA_MAX: '2' };
const RATE = 200;
const SECONDS = 15;
const TOKEN = 'a-token-for-the-benchmark';

interface Line {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  readonly reached: boolean;
}
const lines: Line[] = [];

function report(what: string, value: number, limit: number, unit: string): void {
  const line = {
    what,
    measured: `${value.toFixed(1)} ${unit}`,
    limit: `${limit} ${unit}`,
    reached: value <= limit,
  };
  lines.push(line);
  console.log(`${line.reached ? 'reached' : 'MISSED '}  ${what}: ${line.measured} (at most ${line.limit})`);
}

console.log(`${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, Node ${process.version}\n`);
await benchFits();
// As the image is built with it: the first start after an install compiles every module, which takes 30 MB more.
await promisify(execFile)(process.execPath, [...FLAGS, MAIN, 'forecast', '--sample'], { env: ENVIRONMENT });
await benchService();
await benchWalk();
process.exit(lines.every(({ reached }) => reached) ? 0 : 1);

async function benchFits(): Promise<void> {
  const bars = (await sampleBars()).slice(-5001);
  const series = returnsOf(bars);
  for (const asymmetric of [false, true]) {
    for (const errors of ['normal', 't'] as const) {
      const times = repeat(5, () => fitGarch(series.returns, { asymmetric, errors }));
      report(
        `fit of ${asymmetric ? 'GJR-' : ''}GARCH(1,1), ${errors} errors, 5,000 points, median of 5`,
        median(times),
        1000,
        'ms',
      );
    }
  }
  const whole = repeat(3, () => fitVersion(series, FAMILY_DEFAULTS));
  report(
    'fit of a whole version (all models, trial of 500 days), 5,000 points, median of 3',
    median(whole),
    1000,
    'ms',
  );
}

async function benchService(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'predictor-bench-'));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, TOKEN);
  const args = [
    'serve',
    '--db',
    join(folder, 'p.sqlite'),
    '--sample',
    '--port',
    '0',
    '--token-file',
    tokenFile,
  ];
  const child = spawn(process.execPath, [...FLAGS, MAIN, ...args, '--clock-at', '2020-04-18T00:00:00Z'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: ENVIRONMENT,
  });
  try {
    const url = await address(child.stdout);
    const path = `${url}/v1/forecasts/SP500?horizon=20&levels=0.5,0.8,0.95`;
    while (!(await fetch(path)).ok) await new Promise((resolve) => setTimeout(resolve, 50));
    pinToOneCore(child.pid);
    await openLoop(path, RATE, 3);
    const before = cpuSeconds(child.pid);
    const { p50, p99, max, failed } = await openLoop(path, RATE, SECONDS);
    const cpuMs = (1000 * (cpuSeconds(child.pid) - before)) / (RATE * SECONDS);
    console.log(
      `         p50 ${p50.toFixed(2)} ms, ${cpuMs.toFixed(2)} ms of CPU a request, max ${max.toFixed(1)} ms, ${failed} of ${RATE * SECONDS} failed`,
    );
    report(
      `warm forecast, ${RATE} requests a second for ${SECONDS} s, service on one core, p99`,
      failed === 0 ? p99 : Number.POSITIVE_INFINITY,
      20,
      'ms',
    );
    report('resident after it', residentMb(child.pid), 150, 'MB');

    const fit = fetch(`${url}/v1/models/SP500/fit`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: '{"fitBars":3000}',
    });
    const busy = await openLoop(path, RATE, 3);
    console.log(
      `         while a fit runs on the same core: p50 ${busy.p50.toFixed(2)} ms, p99 ${busy.p99.toFixed(1)} ms, ${busy.failed} failed`,
    );
    console.log(`         that fit answered ${(await fit).status}`);
    report('resident, highest so far (start, import, two fits, load)', peakMb(child.pid), 150, 'MB');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchWalk(): Promise<void> {
  const start = performance.now();
  const run = promisify(execFile);
  const { stdout } = await run(
    process.execPath,
    [MAIN, 'backtest', '--sample', '--from', '2005-01-01', '--json'],
    { maxBuffer: 64e6 },
  );
  const seconds = (performance.now() - start) / 1000;
  report('walk-forward on the sample, 2005 to 2020, refit monthly, with its audit', seconds, 60, 's');
  const result = JSON.parse(stdout);
  for (const { nominal, observed, conditional } of result.coverage.slice(0, 3)) {
    report(
      `coverage of the ${nominal * 100} % interval (${(100 * observed).toFixed(2)} %), distance`,
      100 * Math.abs(observed - nominal),
      1.5,
      'points',
    );
    console.log(`         Christoffersen, conditional coverage: p = ${conditional.pValue.toFixed(4)}`);
  }
  const [combined] = result.scores;
  console.log(
    `         CRPS against the random walk: skill ${(100 * combined.skill.value).toFixed(2)} %, Diebold-Mariano p = ${combined.dieboldMariano.pValue.toExponential(1)}`,
  );
}

async function sampleBars(): Promise<readonly Bar[]> {
  const rows = await csvFileSource(SAMPLE_PATH).fetch('', new AbortController().signal);
  const nothing = { knownAt: () => undefined, knownBefore: () => undefined, calendar: undefined };
  return judge(rows, { nowMs: Date.now(), acceptJumps: false, ...nothing }).fresh;
}

function repeat(times: number, work: () => unknown): number[] {
  return Array.from({ length: times }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function address(stdout: NodeJS.ReadableStream): Promise<string> {
  let log = '';
  for await (const chunk of stdout) {
    log += chunk;
    const found = /listening at (http:[^"]+)/.exec(log)?.[1];
    if (found !== undefined) {
      stdout.resume();
      return found;
    }
  }
  throw new Error(`the service did not start: ${log}`);
}

/** All threads of the service on the first core, where the system has taskset; else it is left where it is. */
function pinToOneCore(pid: number | undefined): void {
  spawn('taskset', ['-a', '-p', '-c', '0', String(pid)], { stdio: 'ignore' }).on('error', () => {
    console.log('         (no taskset here: the service is not held to one core)');
  });
}

function residentMb(pid: number | undefined): number {
  return statusMb(pid, 'VmRSS');
}

function peakMb(pid: number | undefined): number {
  return statusMb(pid, 'VmHWM');
}

/** What the process has used so far, in user and system time; says more than latencies where others use the machine. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Linux only; NaN, which reaches no limit, elsewhere. */
function statusMb(pid: number | undefined, field: string): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(field));
  return Number(line?.match(/\d+/)?.[0] ?? Number.NaN) / 1024;
}
