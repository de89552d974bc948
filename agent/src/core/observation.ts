import type { Instance } from './target.ts';
import { runOf } from './target.ts';

/** What one probe found. */
export type ProbeResult = {
  readonly name: string;
  readonly ok: boolean;
  readonly reason: string;
  /** Milliseconds. */
  readonly durationMs: number;
};

/** What a symptom source (Prometheus, Alertmanager) says of one alert. `unknown` when it cannot be asked or cannot tell. */
export type SymptomResult = {
  readonly fingerprint: string;
  readonly verdict: 'present' | 'gone' | 'unknown';
  readonly reason: string;
};

/** One look at a target: what the runtime, the probes and the symptom sources said at about the same time. */
export type Observation = {
  /** When the runtime was asked, milliseconds since the epoch: what it shows of the instances is true of then or later. */
  readonly at: number;
  readonly runtime:
    | { readonly ok: true; readonly instances: readonly Instance[] }
    | { readonly ok: false; readonly reason: string };
  readonly probes: readonly ProbeResult[];
  /**
   * Probes that had not answered when what the look means was certain without them, since an alert holds. Only a look
   * right before a step ends so early.
   */
  readonly unawaited?: readonly string[];
  readonly symptoms: readonly SymptomResult[];
};

/** What the look means for the target's health. `unknown`: it could not be seen, which is no proof of anything. */
export type Health = {
  readonly verdict: 'well' | 'starting' | 'unwell' | 'unknown';
  readonly reason: string;
};

/** Whether one instance by itself is in order, as far as its runtime can tell. */
export function judgeInstance(instance: Instance): Health {
  const { name, status, health } = instance;
  if (status !== 'running') {
    const exit = status === 'exited' && instance.exitCode !== null ? ` with code ${instance.exitCode}` : '';
    return {
      verdict: 'unwell',
      reason: `${name} is ${status}${exit}${instance.oomKilled ? ', killed for memory' : ''}`,
    };
  }
  if (instance.stranded !== undefined)
    return { verdict: 'unwell', reason: `${name} has no network: ${instance.stranded}` };
  if (health === 'unhealthy') return { verdict: 'unwell', reason: `${name} fails its health check` };
  if (health === 'starting') return { verdict: 'starting', reason: `${name} is starting` };
  return {
    verdict: 'well',
    reason: health === 'healthy' ? `${name} is healthy` : `${name} is running (no health check)`,
  };
}

/** Judges a whole look: every instance in order and every probe content. */
export function judgeHealth(observation: Observation): Health {
  if (!observation.runtime.ok) return { verdict: 'unknown', reason: observation.runtime.reason };
  const { instances } = observation.runtime;
  if (instances.length === 0) return { verdict: 'unwell', reason: 'no instance exists' };

  const judged = instances.map(judgeInstance);
  const unwell = judged.find(({ verdict }) => verdict === 'unwell');
  if (unwell !== undefined) return unwell;
  const failed = observation.probes.find(({ ok }) => !ok);
  const starting = judged.find(({ verdict }) => verdict === 'starting');
  if (starting !== undefined) return isAnswering(observation) ? answering(observation, starting) : starting;
  if (failed !== undefined) return { verdict: 'unwell', reason: `probe ${failed.name}: ${failed.reason}` };
  const [silent] = observation.unawaited ?? [];
  if (silent !== undefined)
    return {
      verdict: 'unwell',
      reason: `probe ${silent} did not answer at once, and was not waited for: its alert holds`,
    };
  const seen = [
    ...judged.map(({ reason }) => reason),
    ...observation.probes.map(({ name }) => `probe ${name} passes`),
  ];
  return { verdict: 'well', reason: seen.slice(0, 4).join('; ') };
}

/**
 * Whether it does its work, by its own probes, while its runtime has not yet made up its mind about it: the earliest
 * true sight of a run that is in order. A soak may begin with it, and never ends with it. Where there are several
 * instances, nobody knows which of them answered.
 */
export function isAnswering({ runtime, probes, unawaited = [] }: Observation): boolean {
  if (!runtime.ok || probes.length === 0 || unawaited.length > 0) return false;
  const [instance, ...others] = runtime.instances;
  if (instance === undefined || others.length > 0) return false;
  return judgeInstance(instance).verdict === 'starting' && probes.every(({ ok }) => ok);
}

function answering({ probes }: Observation, starting: Health): Health {
  const passed = probes.map(({ name }) => `probe ${name} passes`).slice(0, 3);
  return {
    verdict: 'starting',
    reason: [`${starting.reason}: its health check has yet to speak`, ...passed].join('; '),
  };
}

/**
 * The runs that a soak rests on. When one of them changes, something restarted meanwhile and the soak begins anew.
 */
export function runsOf(observation: Observation): string {
  return observation.runtime.ok ? observation.runtime.instances.map(runOf).sort().join(' ') : '';
}

/** The instances that a mutating step is for: those that are unwell by themselves, else all of them. */
export function instancesToMend(observation: Observation): readonly Instance[] {
  if (!observation.runtime.ok) return [];
  const unwell = observation.runtime.instances.filter(
    (instance) => judgeInstance(instance).verdict === 'unwell',
  );
  return unwell.length > 0 ? unwell : observation.runtime.instances;
}
