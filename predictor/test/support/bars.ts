import { SAMPLE_PATH } from '../../src/cli/sample.ts';
import type { Bar } from '../../src/series/bar.ts';
import { judge } from '../../src/series/judge.ts';
import { csvFileSource } from '../../src/sources/csv-file.ts';
import { businessDays, simulateGarch } from './simulated.ts';

/** The sample as bars. */
export async function sampleBars(): Promise<readonly Bar[]> {
  const rows = await csvFileSource(SAMPLE_PATH).fetch('', new AbortController().signal);
  const nothing = { knownAt: () => undefined, knownBefore: () => undefined, calendar: undefined };
  return judge(rows, { nowMs: Date.UTC(2026, 0, 1), acceptJumps: false, ...nothing }).fresh;
}

/** Daily bars of a simulated market. */
export function simulatedBars(count: number, seed = 7): Bar[] {
  const shape = { errors: 't', dof: 7 } as const;
  const returns = simulateGarch(
    { mu: 0.05, omega: 0.02, alpha: 0.08, gamma: 0, beta: 0.9, shape },
    count,
    seed,
  );
  const times = businessDays(count);
  let close = 100;
  return Array.from(times, (time, i) => {
    const open = close;
    close *= Math.exp((returns[i] ?? 0) / 100);
    return {
      time,
      open,
      high: Math.max(open, close) * 1.002,
      low: Math.min(open, close) * 0.998,
      close,
      volume: 1000,
    };
  });
}
