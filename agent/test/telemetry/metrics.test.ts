import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryBody } from '../../src/core/entry.ts';
import { type ControlsShown, NOTHING_SET } from '../../src/telemetry/controlsShown.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { SAMPLE_AT, SAMPLE_BODIES, SAMPLE_OBSERVATION, sampleEntry } from '../fakes/entries.ts';
import { sampleStatus } from '../fakes/targetStatus.ts';

/** The value of one series; `undefined` when there is none. */
async function read(metrics: Metrics, series: string): Promise<number | undefined> {
  const line = (await metrics.render()).split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const MOVED_BY: readonly (readonly [EntryBody['type'], string])[] = [
  ['signal-heard', 'mpa_signals_received_total{source="alertmanager"}'],
  ['signal-repeated', 'mpa_signals_received_total{source="alertmanager"}'],
  ['signal-repeated', 'mpa_signals_repeated_total'],
  ['signal-ignored', 'mpa_signals_ignored_total{reason="mode-off"}'],
  ['incident-opened', 'mpa_incidents_opened_total{target="market-predictor"}'],
  ['incident-ended', 'mpa_incidents_total{target="market-predictor",outcome="recovered",acted="false"}'],
  ['mutation-started', 'mpa_mutations_total{target="market-predictor",action="restart"}'],
  ['verification-ended', 'mpa_verifications_total{result="verified"}'],
  ['plan-tempered', 'mpa_restarts_avoided_total{source="rules"}'],
  ['analysis-ended', 'mpa_analyses_total{result="answered"}'],
  ['analysis-ended', 'mpa_diagnoses_total{source="analyst",cause="other",restart_helps="no"}'],
  ['escalated', 'mpa_escalations_total{reason="strategy-exhausted"}'],
  ['notified', 'mpa_escalation_deliveries_total{channel="webhook",result="failed"}'],
  ['protective-action', 'mpa_protective_actions_total{layer="intake",reason="self"}'],
  ['guards-answered', 'mpa_guard_answers_total{guard="budget",verdict="allow"}'],
  ['guards-answered', 'mpa_guard_answers_total{guard="grace",verdict="delay"}'],
  ['breaker-opened', 'mpa_breakers_opened_total{target="market-predictor"}'],
  ['control-set', 'mpa_controls_set_total{kind="maintenance-start"}'],
  ['person-said', 'mpa_person_words_total{command="acknowledge"}'],
  ['resumed', 'mpa_journal_entries_total{type="resumed"}'],
];

for (const [type, series] of MOVED_BY) {
  test(`an entry "${type}" moves ${series}`, async () => {
    const metrics = new Metrics('0.1.0');
    assert.equal((await read(metrics, series)) ?? 0, 0);
    metrics.entryAppended(sampleEntry(SAMPLE_BODIES[type]));
    assert.equal(await read(metrics, series), 1);
    metrics.entryAppended(sampleEntry(SAMPLE_BODIES[type]));
    assert.equal(await read(metrics, series), 2);
  });
}

test('a jump of the clock that is also said for each open incident is one jump', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['clock-jumped'], { incident: null, target: null }));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['clock-jumped']));
  assert.equal(await read(metrics, 'mpa_clock_jumps_total'), 1);
});

test('alerts that a message left out are counted one by one', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['alerts-truncated']));
  assert.equal(await read(metrics, 'mpa_alerts_truncated_total{read_back="false"}'), 2);
});

test('a step’s duration is measured from its start to its end, by action and outcome', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-opened']));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['mutation-started'], { at: SAMPLE_AT + 1_000 }));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['action-ended'], { at: SAMPLE_AT + 1_400 }));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['step-ended'], { at: SAMPLE_AT + 9_000 }));
  const labels = '{action="restart",outcome="succeeded"}';
  assert.equal(await read(metrics, `mpa_step_duration_seconds_sum${labels}`), 0.4);
  assert.equal(await read(metrics, `mpa_step_duration_seconds_count${labels}`), 1);
});

test('a cause counts once for an incident, however often its evidence is diagnosed anew', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-opened']));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES.diagnosed));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES.diagnosed));
  const labels = '{source="rules",cause="tls-certificate-expired",restart_helps="no"}';
  assert.equal(await read(metrics, `mpa_diagnoses_total${labels}`), 1);
});

test('what an analysis took is counted, also when its incident ended before it', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-opened']));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['analysis-started']));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-ended']));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['analysis-ended'], { at: SAMPLE_AT + 4_000 }));
  assert.equal(await read(metrics, 'mpa_analysis_duration_seconds_sum'), 4);
  assert.equal(await read(metrics, 'mpa_analysis_tokens_total{direction="input"}'), 3_000);
  assert.equal(await read(metrics, 'mpa_analysis_tokens_total{direction="output"}'), 200);
  assert.equal(await read(metrics, 'mpa_analysis_cost_usd_total'), 0.012);
});

test('every way in which the rules come to decide alone has its series from the start', async () => {
  const metrics = new Metrics('0.1.0');
  for (const result of ['timeout', 'rate-limited', 'malformed', 'budget-spent', 'breaker-open'])
    assert.equal(await read(metrics, `mpa_analyses_total{result="${result}"}`), 0);
});

test('a recovery’s duration is measured from the opening of its incident', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-opened']));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-ended'], { at: SAMPLE_AT + 12_000 }));
  assert.equal(await read(metrics, 'mpa_recovery_duration_seconds_sum'), 12);
});

test('an incident that the agent acted on is told from one that it left alone, also after its restart', async () => {
  const metrics = new Metrics('0.1.0');
  const disproved = { type: 'incident-ended', outcome: 'self-resolved', reason: 'by another hand' } as const;
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-opened']));
  metrics.entryAppended(sampleEntry(disproved));
  metrics.restoring();
  metrics.entryRestored(sampleEntry(SAMPLE_BODIES['incident-opened']));
  metrics.entryRestored(sampleEntry(SAMPLE_BODIES['mutation-started']));
  metrics.entryAppended(sampleEntry(disproved));
  for (const acted of ['true', 'false']) {
    const labels = `{target="market-predictor",outcome="self-resolved",acted="${acted}"}`;
    assert.equal(await read(metrics, `mpa_incidents_total${labels}`), 1, acted);
  }
});

test('an incident that did not recover is no recovery', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-opened']));
  metrics.entryAppended(sampleEntry({ type: 'incident-ended', outcome: 'expired', reason: 'old' }));
  assert.equal(await read(metrics, 'mpa_recovery_duration_seconds_count'), 0);
});

test('open, escalated and quarantined incidents are gauges that go down again', async () => {
  const metrics = new Metrics('0.1.0');
  const gauges = async () =>
    Promise.all(['open', 'escalated', 'quarantined'].map((what) => read(metrics, `mpa_incidents_${what}`)));
  for (const type of ['incident-opened', 'escalated', 'quarantined'] as const) {
    metrics.entryAppended(sampleEntry(SAMPLE_BODIES[type]));
  }
  assert.deepEqual(await gauges(), [1, 1, 1]);
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-ended']));
  assert.deepEqual(await gauges(), [0, 0, 0]);
});

test('what the journal held at start is known and not counted again', async () => {
  const metrics = new Metrics('0.1.0');
  const opened = sampleEntry(SAMPLE_BODIES['incident-opened']);
  for (let turn = 0; turn < 2; turn += 1) {
    metrics.restoring();
    metrics.entryRestored(opened);
  }
  assert.equal(await read(metrics, 'mpa_incidents_open'), 1);
  assert.equal(await read(metrics, 'mpa_incidents_opened_total{target="market-predictor"}'), undefined);
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-ended'], { at: SAMPLE_AT + 3_000 }));
  assert.equal(await read(metrics, 'mpa_recovery_duration_seconds_sum'), 3);
});

test('a look tells each probe and the target, until the target is gone', async () => {
  const metrics = new Metrics('0.1.0');
  const { target } = sampleStatus();
  metrics.observed(target, SAMPLE_OBSERVATION);
  const probe = '{target="market-predictor",probe="health"}';
  assert.equal(await read(metrics, `mpa_probe_success${probe}`), 0);
  assert.equal(await read(metrics, `mpa_probe_duration_seconds${probe}`), 0.25);
  assert.equal(await read(metrics, 'mpa_target_well{target="market-predictor"}'), 0);
  metrics.retainTargets(new Set(['another']));
  assert.equal(await read(metrics, `mpa_probe_success${probe}`), undefined);
  assert.equal(await read(metrics, 'mpa_target_well{target="market-predictor"}'), undefined);
});

test('a round of scheduled probes tells whether the target is well, though no instance was looked at', async () => {
  const metrics = new Metrics('0.1.0');
  const { target } = sampleStatus();
  for (const ok of [true, false]) {
    const probes = [{ name: 'health', ok, reason: 'as it was', durationMs: 2 }];
    metrics.observed(target, { at: 1, runtime: { ok: true, instances: [] }, probes, symptoms: [] });
    assert.equal(await read(metrics, 'mpa_target_well{target="market-predictor"}'), ok ? 1 : 0);
  }
});

test('what people set is a gauge at each scrape, and goes when it is no longer in force', async () => {
  const metrics = new Metrics('0.1.0');
  let shown: ControlsShown = {
    maintenance: 2,
    recurring: 1,
    breakers: ['web'],
    modes: [
      { target: null, mode: 'observe' },
      { target: 'web', mode: 'off' },
    ],
    approvals: 3,
    holds: { instances: 4, targets: 5 },
  };
  metrics.showControls(() => shown);
  const series = [
    'mpa_maintenance_open{origin="declared"}',
    'mpa_maintenance_open{origin="recurring"}',
    'mpa_breaker_open{target="web"}',
    'mpa_mode_set{target="*",mode="observe"}',
    'mpa_mode_set{target="web",mode="off"}',
    'mpa_approvals_waiting',
    'mpa_instances_held',
    'mpa_targets_held_whole',
  ];
  const all = () => Promise.all(series.map((each) => read(metrics, each)));
  assert.deepEqual(await all(), [2, 1, 1, 1, 1, 3, 4, 5]);
  shown = NOTHING_SET;
  assert.deepEqual(await all(), [0, 0, undefined, undefined, undefined, 0, 0, 0]);
});

test('whether signals are taken is asked for at each scrape', async () => {
  const metrics = new Metrics('0.1.0');
  let ready = true;
  assert.equal(await read(metrics, 'mpa_ready'), 0);
  metrics.showReady(() => ready);
  assert.equal(await read(metrics, 'mpa_ready'), 1);
  ready = false;
  assert.equal(await read(metrics, 'mpa_ready'), 0);
});

test('an outage of the journal is counted with its length when it is over', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.entryAppended(sampleEntry({ type: 'journal-recovered', afterMs: 2_500, reason: 'disk full' }));
  assert.equal(await read(metrics, 'mpa_journal_outages_total'), 1);
  assert.equal(await read(metrics, 'mpa_journal_outage_seconds_total'), 2.5);
});

test('the stream of the engine’s events tells whether it is heard, its breaks, losses and lag', async () => {
  const metrics = new Metrics('0.1.0');
  assert.equal(await read(metrics, 'mpa_runtime_events_connected{runtime="docker"}'), undefined);
  metrics.eventStream({ kind: 'connected' });
  assert.equal(await read(metrics, 'mpa_runtime_events_connected{runtime="docker"}'), 1);
  metrics.eventStream({ kind: 'disconnected' });
  metrics.eventStream({ kind: 'lost', count: 2 });
  metrics.eventStream({ kind: 'unreadable' });
  metrics.containerEvent(40);
  for (const [series, value] of [
    ['mpa_runtime_events_connected{runtime="docker"}', 0],
    ['mpa_runtime_events_disconnects_total{runtime="docker"}', 1],
    ['mpa_runtime_events_lost_total{runtime="docker"}', 2],
    ['mpa_runtime_events_unreadable_total{runtime="docker"}', 1],
    ['mpa_runtime_event_lag_seconds_sum{runtime="docker"}', 0.04],
  ] as const) {
    assert.equal(await read(metrics, series), value, series);
  }
});

test('commits, effects, refusals and failed decisions are told', async () => {
  const metrics = new Metrics('0.1.0');
  metrics.journalCommitted(0.3, true);
  metrics.journalCommitted(5, false);
  metrics.effectStarted('look');
  metrics.effectStarted('look');
  metrics.effectEnded('look', 20);
  metrics.effectFailed('look');
  metrics.signalsRefused('not_v4', 3);
  metrics.incidentQuarantined();
  metrics.watchFailed();
  metrics.requestAnswered('GET', '/api/v1/incidents/:id', 404, 2);
  metrics.requestAnswered('BREW', '/coffee', 418, 2);
  for (const [series, value] of [
    ['mpa_journal_commit_duration_seconds_count', 1],
    ['mpa_journal_commit_failures_total', 1],
    ['mpa_effects_pending{kind="look"}', 1],
    ['mpa_effect_duration_seconds_count{kind="look"}', 1],
    ['mpa_effect_failures_total{kind="look"}', 1],
    ['mpa_signals_refused_total{reason="not_v4"}', 3],
    ['mpa_decision_failures_total', 2],
    ['mpa_http_request_duration_seconds_count{method="GET",route="/api/v1/incidents/:id",status="404"}', 1],
    ['mpa_http_request_duration_seconds_count{method="other",route="/coffee",status="418"}', 1],
    [`mpa_build_info{version="0.1.0",node="${process.version}"}`, 1],
  ] as const) {
    assert.equal(await read(metrics, series), value, series);
  }
  assert.notEqual(await read(metrics, 'nodejs_eventloop_lag_seconds'), undefined);
});

test('ten thousand targets do not make ten thousand series', async () => {
  const metrics = new Metrics('0.1.0');
  for (let n = 0; n < 10_000; n += 1) {
    metrics.entryAppended(
      sampleEntry(SAMPLE_BODIES['incident-opened'], { incident: `i${n}`, target: `t${n}` }),
    );
  }
  const series = (await metrics.render()).match(/^mpa_incidents_opened_total\{/gm) ?? [];
  assert.equal(series.length, 1_001);
  assert.equal(await read(metrics, 'mpa_incidents_opened_total{target="other"}'), 9_000);
});

test('names follow Prometheus: base units, and counters end in _total', async () => {
  const metrics = new Metrics('0.1.0');
  const text = await metrics.render();
  const own = [...text.matchAll(/^# TYPE (mpa_\S+) (\S+)$/gm)];
  assert.ok(own.length > 25);
  for (const [, name = '', type] of own) {
    assert.doesNotMatch(name, /_(ms|milliseconds|minutes|kb|kilobytes)(_|$)/, name);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
  }
});

test('whether the agent knows itself is asked anew at each scrape', async () => {
  const metrics = new Metrics('1.2.3');
  assert.equal(await read(metrics, 'mpa_self_known'), 0);
  let known = true;
  metrics.showSelf(() => known);
  assert.equal(await read(metrics, 'mpa_self_known'), 1);
  known = false;
  assert.equal(await read(metrics, 'mpa_self_known'), 0);
});

test('open handovers are told by whether somebody has acknowledged them', async () => {
  const metrics = new Metrics('0.1.0');
  const open = () =>
    Promise.all(['false', 'true'].map((yes) => read(metrics, `mpa_escalations_open{acknowledged="${yes}"}`)));
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-opened']));
  assert.deepEqual(await open(), [0, 0]);
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES.escalated));
  assert.deepEqual(await open(), [1, 0]);
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['person-said']));
  assert.deepEqual(await open(), [0, 1]);
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES.escalated));
  assert.deepEqual(await open(), [1, 0], 'a further handover is nobody’s yet');
  metrics.entryAppended(sampleEntry(SAMPLE_BODIES['incident-ended']));
  assert.deepEqual(await open(), [0, 0]);
});
