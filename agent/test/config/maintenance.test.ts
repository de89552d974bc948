import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explain } from '../../src/config/explain.ts';
import { openWindows, windowAt } from '../../src/core/maintenance.ts';
import { configOf, load, problemsOf } from './load.ts';

const TARGETS = 'discovery: {by: []}\ntargets: {web: {container: web}, api: {container: api}}';

describe('a maintenance window that comes again', () => {
  const { settings, edge } = configOf(`${TARGETS}
maintenance:
  - {targets: [web], days: [sat, sun], start: "02:30", duration: 2h, time_zone: Europe/Berlin, reason: backups}
  - {start: 23:30, duration: 1h, reason: nightly}
`);

  it('is as the core asks it', () => {
    assert.deepEqual(settings.maintenance, [
      {
        targets: ['web'],
        days: [6, 0],
        startMinute: 150,
        durationMs: 7_200_000,
        timeZone: 'Europe/Berlin',
        reason: 'backups',
      },
      {
        targets: [],
        days: [],
        startMinute: 1_410,
        durationMs: 3_600_000,
        timeZone: 'UTC',
        reason: 'nightly',
      },
    ]);
  });

  it('is open when its own time zone says so', () => {
    // Saturday, 28 November 2026, 02:29:59 and 02:30 in Berlin.
    const start = Date.UTC(2026, 10, 28, 1, 30);
    assert.equal(windowAt(settings.maintenance, 'web', start - 1_000), null);
    assert.equal(windowAt(settings.maintenance, 'web', start)?.until, start + 7_200_000);
    assert.deepEqual(openWindows(settings.maintenance, start), [
      { targets: ['web'], until: start + 7_200_000, reason: 'backups' },
    ]);
    assert.equal(windowAt(settings.maintenance, 'api', start), null);
    const night = Date.UTC(2026, 10, 25, 0, 15);
    assert.equal(windowAt(settings.maintenance, 'api', night)?.reason, 'nightly');
  });

  it('is explained, for the agent and for each target that it is for', () => {
    const { agent, targets } = explain({ settings, edge });
    const told = (facts: readonly { readonly name: string; readonly value: string }[]) =>
      facts.filter(({ name }) => name === 'maintenance').map(({ value }) => value);
    const backups = 'sat, sun at 02:30 Europe/Berlin for 2h: backups';
    const nightly = 'every day at 23:30 UTC for 1h: nightly';
    assert.deepEqual(told(agent), [`${backups} (web)`, `${nightly} (all targets)`]);
    assert.deepEqual(
      targets.map(({ facts }) => told(facts)),
      [[backups, nightly], [nightly]],
    );
  });
});

describe('what is wrong with a maintenance window is told at its place', () => {
  const wrong = (window: string) => problemsOf(`${TARGETS}\nmaintenance:\n  - {${window}}\n`).join('\n');

  it('a time zone that nobody knows, with the nearest one', () => {
    const problem = wrong('start: "02:00", duration: 1h, time_zone: Europe/Berln, reason: x');
    assert.match(problem, /maintenance\[0\]\.time_zone: is no time zone .* did you mean "Europe\/Berlin"\?/);
  });

  it('a time of day that is none', () => {
    for (const start of ['"24:00"', '"2:00"', '"02:60"', '120']) {
      assert.match(wrong(`start: ${start}, duration: 1h, reason: x`), /start: must be a time of day/);
    }
  });

  it('a day that is none, a duration of more than a day, a missing reason', () => {
    assert.match(wrong('days: [satt], start: "02:00", duration: 1h, reason: x'), /did you mean "sat"/);
    assert.match(wrong('start: "02:00", duration: 25h, reason: x'), /duration: is 25h, outside of 1m to 1d/);
    assert.match(wrong('start: "02:00", duration: 1h'), /reason: is required/);
  });

  it('a target that nobody knows, and an empty list, which never means all', () => {
    assert.match(wrong('targets: [wep], start: "02:00", duration: 1h, reason: x'), /no target "wep".*"web"/);
    assert.match(
      wrong('targets: [], start: "02:00", duration: 1h, reason: x'),
      /must have at least 1 entries/,
    );
  });
});

describe('journal.retention', () => {
  it('is 90 days and 1 GB where nothing is written', () => {
    assert.deepEqual(configOf('{}').edge.journal.retention, { ageMs: 7_776_000_000, sizeBytes: 1e9 });
  });

  it('is what is written', () => {
    const { edge } = configOf('journal: {retention: {age: 30d, size: 250MB}}');
    assert.deepEqual(edge.journal.retention, { ageMs: 2_592_000_000, sizeBytes: 250e6 });
    const facts = explain(configOf('journal: {retention: {age: 30d, size: 250MB}}')).agent;
    assert.equal(facts.find(({ name }) => name === 'retention')?.value, '30d, at most 250MB');
  });

  it('is refused where it would take what guards and people still look at, or is no size', () => {
    assert.match(problemsOf('journal: {retention: {age: 1h}}').join(), /age: is 1h, outside of 1d to 3650d/);
    assert.match(problemsOf('journal: {retention: {size: 10}}').join(), /must be a size/);
    assert.match(problemsOf('journal: {retention: {size: 1TB}}').join(), /is no size: "1TB"/);
    assert.match(problemsOf('journal: {retention: {size: 1kB}}').join(), /is 1kB, less than 10MB/);
  });
});

describe('docker', () => {
  it('hears events and finds its own container by itself, unless it is told otherwise', () => {
    const { edge } = configOf('{}');
    assert.deepEqual([edge.docker?.events, edge.docker?.selfContainer], [true, null]);
    const told = configOf('docker: {events: false, self_container: agent-1}');
    assert.deepEqual([told.edge.docker?.events, told.edge.docker?.selfContainer], [false, 'agent-1']);
    const environment = { MPA_SELF_CONTAINER: 'agent-2' };
    assert.equal(configOf('{}', environment).edge.docker?.selfContainer, 'agent-2');
  });

  it('never takes its own container for a target', () => {
    const text = 'docker: {self_container: agent-1}\ntargets: {a: {container: agent-1}}';
    assert.match(problemsOf(text).join(), /agent-1 is the agent itself/);
    assert.equal(load(text.replaceAll('agent-1}}', 'other}}')).ok, true);
  });
});
