import { type CoverageTest, testCoverage } from '../scoring/coverage.ts';
import { average, type Skill, skillOver } from '../scoring/diebold-mariano.ts';
import type { ScoredDay } from './version.ts';

/** The quality of a record of forecasts that met their returns. CRPS in percent of return. */
export interface Scores {
  readonly days: number;
  readonly crps: number;
  readonly baselineCrps: number;
  /** Over the random walk with historical simulation. */
  readonly skill: Skill;
  readonly coverage: readonly CoverageTest[];
}

/** The levels that are watched, in the metrics too. */
const WATCHED_LEVELS: readonly number[] = [0.5, 0.8, 0.95];
/** Fewer days say nothing that is worth a number. */
const SCORED_DAYS_MIN = 20;

/** Undefined while the record is too short. */
export function scoresOf(record: readonly ScoredDay[]): Scores | undefined {
  if (record.length < SCORED_DAYS_MIN) return undefined;
  const crps = record.map((day) => day.crps);
  const baseline = record.map((day) => day.baselineCrps);
  return {
    days: record.length,
    crps: average(crps),
    baselineCrps: average(baseline),
    skill: skillOver(crps, baseline),
    coverage: WATCHED_LEVELS.map((level) =>
      testCoverage(
        record.map(({ probability }) => Math.abs(probability - 0.5) > level / 2),
        level,
      ),
    ),
  };
}

/** So small that a good version is hardly ever refused by chance; one that drifted is far below it. */
const KUPIEC_P_MIN = 0.001;

/** Whether every watched interval held about as many of the returns as it promises. A record too short is not good. */
export function hasGoodRecord(record: readonly ScoredDay[]): boolean {
  const coverage = scoresOf(record)?.coverage ?? [];
  return coverage.length > 0 && coverage.every(({ kupiec }) => kupiec.pValue >= KUPIEC_P_MIN);
}
