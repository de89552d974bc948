// The numbers that the service is to reach, on the real S&P 500. The longest test: about ten seconds.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { csvReport } from '../../src/backtest/report-csv.ts';
import { htmlReport } from '../../src/backtest/report-html.ts';
import { type BacktestResult, COMBINED, LEVELS } from '../../src/backtest/result.ts';
import { runBacktest } from '../../src/backtest/run.ts';
import { FAMILY_DEFAULTS } from '../../src/models/settings.ts';
import { returnsOf } from '../../src/series/returns.ts';
import { sampleBars } from '../support/bars.ts';

describe('the walk-forward on the S&P 500, 2005 to 2020, refit monthly', () => {
  let result: BacktestResult;
  const progress: number[] = [];

  before(async () => {
    result = runBacktest(
      returnsOf(await sampleBars()),
      {
        symbol: 'SP500',
        fromMs: Date.UTC(2005, 0, 1),
        toMs: Date.UTC(2020, 11, 31),
        refit: 'monthly',
        family: FAMILY_DEFAULTS,
      },
      ({ done, total }) => progress.push(done / total),
    );
  });

  test('covers every day from 2005 on with a fit each month, all of them converged', () => {
    assert.equal(result.days.length, 3849);
    assert.equal(result.refits, 196);
    assert.equal(result.refitsFailed, 0);
  });

  test('the 50, 80 and 95 % intervals cover within 1.5 points of what they say', () => {
    for (const { nominal, observed } of result.coverage.slice(0, 3)) {
      assert.ok(Math.abs(observed - nominal) <= 0.015, `${nominal}: ${observed}`);
    }
  });

  test('coverage of the 80 and 95 % intervals is not rejected at 1 %: share, independence, both', () => {
    for (const level of [0.8, 0.95]) {
      const test = result.coverage.find(({ nominal }) => nominal === level);
      assert.ok(test !== undefined);
      for (const { pValue } of [test.kupiec, test.independence, test.conditional])
        assert.ok(pValue >= 0.01, `${level}: ${pValue}`);
    }
  });

  test('CRPS is below that of the random walk, significantly (Diebold-Mariano, p < 0.01)', () => {
    const combined = result.scores.find(({ name }) => name === COMBINED);
    assert.ok(combined?.dieboldMariano !== undefined);
    assert.ok(combined.dieboldMariano.statistic < 0 && combined.dieboldMariano.pValue < 0.01);
    assert.ok(combined.skill.lower > 0);
  });

  test('the audit found no look-ahead', () => {
    assert.equal(result.audit.clean, true);
    assert.ok(result.audit.daysCompared >= 500);
  });

  test('progress was told along the way and ends at the whole', () => {
    assert.ok(progress.length > 50);
    assert.ok(progress.every((share, i) => i === 0 || share >= (progress[i - 1] ?? 0)));
    assert.equal(progress.at(-1), 1);
  });

  test('the HTML report stands by itself, with its plots', () => {
    const html = htmlReport(result, Date.UTC(2026, 0, 1));
    assert.equal(html.match(/<svg /g)?.length, 5);
    assert.doesNotMatch(html, /(src|href)=|@import|url\(|<script/);
    assert.doesNotMatch(html, /NaN|undefined|Infinity/);
    assert.match(html, /3,849 days from 2005-01-03 to 2020-04-17/);
  });

  test('the CSV report has a row for each day and two bounds for each level', () => {
    const lines = csvReport(result).trimEnd().split('\n');
    assert.equal(lines.length, 3850);
    assert.equal(lines[0]?.split(',').length, 6 + 2 * LEVELS.length);
    assert.ok(
      lines
        .slice(1)
        .every((line) => line.split(',').length === 6 + 2 * LEVELS.length && !line.includes('NaN')),
    );
  });
});
