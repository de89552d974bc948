import { alertName } from '../alert.ts';
import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';
import type { Signal } from '../signal.ts';
import { soakAfter } from '../soak.ts';

/** Alerts kept in the state; the journal keeps all. */
const ALERTS_MAX = 200;

const ALONE: { readonly [source in Signal['source']]: Incident['sources'] } = {
  alertmanager: new Set(['alertmanager']),
  probe: new Set(['probe']),
  runtime: new Set(['runtime']),
  person: new Set(['person']),
};

/** A signal of this trouble was heard, the first or a further one. */
export function foldSignal(state: Incident, { signal, trusted }: BodyOf<'signal-heard'>): Incident {
  const heard = {
    ...state,
    signals: state.signals + 1,
    source: state.source ?? signal.source,
    sources: withSource(state.sources, signal.source),
    phase: soakAfter(state.phase, signal),
  };
  if (signal.source !== 'alertmanager') return heard;
  const { fingerprint, labels, status, endsAt, generatorUrl } = signal.alert;
  const known = state.alerts.get(fingerprint);
  if (known === undefined && state.alerts.size >= ALERTS_MAX) return heard;
  const alerts = new Map(state.alerts).set(fingerprint, {
    name: alertName(labels),
    labels,
    generatorUrl,
    status,
    endsAt: status === 'resolved' ? endsAt : null,
    trusted: trusted || (known?.trusted ?? false),
  });
  return { ...heard, alerts, labels: Object.keys(state.labels).length === 0 ? labels : state.labels };
}

/** Most incidents hear one source only: those share the set of it. */
function withSource(before: Incident['sources'], source: Signal['source']): Incident['sources'] {
  if (before.has(source)) return before;
  return before.size === 0 ? ALONE[source] : new Set(before).add(source);
}

/** What was heard already came once more. */
export function foldRepeat(state: Incident): Incident {
  return { ...state, signals: state.signals + 1 };
}
