import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Telemetry } from '../../src/ports.ts';
import { everyTelemetry } from '../../src/telemetry/everyTelemetry.ts';
import { SAMPLE_BODIES, SAMPLE_OBSERVATION, sampleEntry } from '../fakes/entries.ts';
import { sampleStatus } from '../fakes/targetStatus.ts';

test('each listener is told everything, in order', () => {
  const told: string[] = [];
  const listener = (name: string): Telemetry => ({
    restoring: () => told.push(`${name} restoring`),
    entryRestored: (entry) => told.push(`${name} restored ${entry.body.type}`),
    entryAppended: (entry) => told.push(`${name} entry ${entry.body.type}`),
    journalCommitted: (durationMs, ok, error) => told.push(`${name} commit ${durationMs} ${ok} ${error}`),
    effectStarted: (kind) => told.push(`${name} start ${kind}`),
    effectEnded: (kind, durationMs) => told.push(`${name} end ${kind} ${durationMs}`),
    effectFailed: (kind, incident) => told.push(`${name} fail ${kind} ${incident}`),
    observed: (target) => told.push(`${name} seen ${target.name}`),
    incidentQuarantined: (incident) => told.push(`${name} aside ${incident}`),
    watchFailed: (what) => told.push(`${name} watch ${what}`),
  });
  const every = everyTelemetry(listener('a'), listener('b'));
  every.restoring();
  every.entryRestored(sampleEntry(SAMPLE_BODIES.resumed));
  every.entryAppended(sampleEntry(SAMPLE_BODIES.resumed));
  every.journalCommitted(1, false, 'full');
  every.effectStarted('look');
  every.effectEnded('look', 2);
  every.effectFailed('look', 'inc-1', null);
  every.observed(sampleStatus().target, SAMPLE_OBSERVATION);
  every.incidentQuarantined('inc-1', null);
  every.watchFailed('fleet', null);
  const events = [
    'restoring',
    'restored resumed',
    'entry resumed',
    'commit 1 false full',
    'start look',
    'end look 2',
    'fail look inc-1',
    'seen market-predictor',
    'aside inc-1',
    'watch fleet',
  ];
  assert.deepEqual(
    told,
    events.flatMap((event) => [`a ${event}`, `b ${event}`]),
  );
});
