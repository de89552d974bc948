import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evolve } from '../../src/core/evolve.ts';
import type { Incident } from '../../src/core/incident.ts';
import {
  instancesToMend,
  isAnswering,
  judgeHealth,
  type Observation,
  type ProbeResult,
  type SymptomResult,
} from '../../src/core/observation.ts';
import { judgeSymptom } from '../../src/core/symptom.ts';
import type { Instance } from '../../src/core/target.ts';
import { alert } from '../engine/given.ts';
import { entry, incidentOf, instance, NOW } from './guards/request.ts';

const PASSES: ProbeResult = { name: 'http', ok: true, reason: '200', durationMs: 3 };
const FAILS: ProbeResult = { name: 'http', ok: false, reason: '500', durationMs: 3 };

const look = (
  instances: readonly Instance[],
  probes: readonly ProbeResult[] = [],
  symptoms: readonly SymptomResult[] = [],
): Observation => ({ at: NOW, runtime: { ok: true, instances }, probes, symptoms });

const verdict = (...of: Parameters<typeof look>) => judgeHealth(look(...of)).verdict;

test('what cannot be seen is unknown: neither well nor sick', () => {
  const blind: Observation = {
    at: NOW,
    runtime: { ok: false, reason: 'ENOENT' },
    probes: [PASSES],
    symptoms: [],
  };
  assert.deepEqual(judgeHealth(blind), { verdict: 'unknown', reason: 'ENOENT' });
  assert.deepEqual(instancesToMend(blind), []);
});

test('a target without an instance is sick', () => {
  assert.equal(verdict([]), 'unwell');
});

test('every instance must be in order, and every probe content', () => {
  assert.equal(verdict([instance(), instance()], [PASSES]), 'well');
  assert.equal(verdict([instance(), instance({ health: 'unhealthy' })], [PASSES]), 'unwell');
  assert.equal(verdict([instance()], [PASSES, FAILS]), 'unwell');
});

test('health is believed only of what runs', () => {
  for (const status of ['created', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const)
    assert.equal(verdict([instance({ status, health: 'healthy' })]), 'unwell', status);
});

test('what is starting is starting, although its probes fail; and never well, although they pass', () => {
  assert.equal(verdict([instance({ health: 'starting' })], [FAILS]), 'starting');
  assert.equal(verdict([instance({ health: 'starting' })], [PASSES]), 'starting');
  assert.equal(verdict([instance({ health: 'starting' }), instance({ status: 'exited' })]), 'unwell');
});

test('one that is starting and whose every probe passes is answering; of several nobody knows which', () => {
  const starting = instance({ health: 'starting' });
  assert.ok(isAnswering(look([starting], [PASSES])));
  assert.match(judgeHealth(look([starting], [PASSES])).reason, /yet to speak; probe http passes/);
  assert.ok(!isAnswering(look([starting], [])));
  assert.ok(!isAnswering(look([starting], [PASSES, FAILS])));
  assert.ok(!isAnswering({ ...look([starting], [PASSES]), unawaited: ['port'] }));
  assert.ok(!isAnswering(look([starting, instance({ name: 'web-2' })], [PASSES])));
  assert.ok(!isAnswering(look([instance()], [PASSES])));
});

test('the reason names the instance, its exit code, and memory where that was it', () => {
  const killed = instance({ status: 'exited', exitCode: 137, oomKilled: true });
  assert.equal(judgeHealth(look([killed])).reason, 'web-1 is exited with code 137, killed for memory');
});

test('those that are sick are mended; where none is sick by itself, all are', () => {
  const [one, sick] = [instance(), instance({ name: 'web-2', status: 'exited' })];
  assert.deepEqual(instancesToMend(look([one, sick])), [sick]);
  assert.deepEqual(instancesToMend(look([one], [FAILS])), [one]);
});

type Heard = {
  readonly fingerprint: string;
  readonly status?: 'firing' | 'resolved';
  readonly trusted?: boolean;
};

function withAlerts(...heard: readonly Heard[]): Incident {
  return heard.reduce<Incident>(
    (incident, { fingerprint, status = 'firing', trusted = true }) =>
      evolve(
        incident,
        entry(NOW, incident.id, 'web', {
          type: 'signal-heard',
          signal: { source: 'alertmanager', receiver: 'agent', alert: alert('web', { fingerprint, status }) },
          trusted,
        }),
      ),
    incidentOf(),
  );
}

const said = (fingerprint: string, verdict: SymptomResult['verdict']): SymptomResult => ({
  fingerprint,
  verdict,
  reason: 'asked',
});
const symptom = (incident: Incident, ...symptoms: readonly SymptomResult[]) =>
  judgeSymptom(incident, look([instance()], [], symptoms)).verdict;

test('without an alert there is no symptom beyond health', () => {
  assert.equal(symptom(incidentOf()), 'gone');
});

test('what a source says now is weighed over what a message said before, both ways', () => {
  assert.equal(symptom(withAlerts({ fingerprint: 'a' }), said('a', 'gone')), 'gone');
  assert.equal(
    symptom(withAlerts({ fingerprint: 'a', status: 'resolved' }), said('a', 'present')),
    'present',
  );
});

test('where no source can tell, the last message counts', () => {
  assert.equal(symptom(withAlerts({ fingerprint: 'a' }), said('a', 'unknown')), 'present');
  assert.equal(symptom(withAlerts({ fingerprint: 'a' })), 'present');
  assert.equal(symptom(withAlerts({ fingerprint: 'a' }, { fingerprint: 'a', status: 'resolved' })), 'gone');
});

test('a message that was late or a copy is no proof of a symptom, and none against it', () => {
  assert.equal(symptom(withAlerts({ fingerprint: 'a', trusted: false })), 'unknown');
  assert.equal(symptom(withAlerts({ fingerprint: 'a', trusted: false }), said('a', 'present')), 'present');
});

test('of several alerts every one must be over', () => {
  const two = withAlerts({ fingerprint: 'a' }, { fingerprint: 'b' });
  assert.equal(symptom(two, said('a', 'gone')), 'present');
  assert.equal(symptom(two, said('a', 'gone'), said('b', 'gone')), 'gone');
  const late = withAlerts({ fingerprint: 'a', trusted: false }, { fingerprint: 'b' });
  assert.equal(symptom(late, said('b', 'present')), 'present');
});

test('a copy that is late does not unsay what was heard in time', () => {
  assert.equal(symptom(withAlerts({ fingerprint: 'a' }, { fingerprint: 'a', trusted: false })), 'present');
});
