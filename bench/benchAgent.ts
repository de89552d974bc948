import { AgentProcess } from '../e2e/agentProcess.ts';
import { freePort } from '../e2e/lab/freePort.ts';
import { getJson } from '../e2e/lab/getJson.ts';
import { pause } from './time.ts';

const LOOK_AGAIN_MS = 5;
const ENDED_MS_MAX = 60_000;

/** Name of a target to what the configuration says of it. */
export type BenchTargets = Readonly<Record<string, object>>;

/** What a bench decides of the agent's configuration. */
export type BenchSetup = {
  readonly dockerHost: string;
  readonly targets: BenchTargets;
  /** Alertmanager that takes calls for people; without it nobody is called. */
  readonly peopleUrl?: string;
};

/** The real agent as a process of its own, with its journal on disk. */
export async function startBenchAgent({ dockerHost, targets, peopleUrl }: BenchSetup): Promise<AgentProcess> {
  const people = { type: 'alertmanager', url: peopleUrl };
  const notifiers = peopleUrl === undefined ? {} : { notifiers: { people } };
  const configuration = { docker: { host: dockerHost }, ...benchConfiguration(targets), ...notifiers };
  return AgentProcess.start(await freePort(), configuration, { ...process.env, DOCKER_HOST: dockerHost });
}

/**
 * The guards are opened as far as they can be, since a bench recovers in minutes what they would spread over days, and
 * nothing is soaked.
 */
export function benchConfiguration(targets: BenchTargets): object {
  return {
    discovery: { by: [] },
    verification: { soak: '0s', timeout: '30s', interval: '100ms', symptom: 'none' },
    guards: {
      budget: { mutations: 1_000 },
      backoff: { initial: '0s' },
      flapping: { recoveries: 1_000 },
      blast_radius: { concurrent: 1_000, fraction: 1 },
      panic: { minimum: 10_000 },
      worse: { times: 1_000 },
      grace: { after_start: '0s' },
    },
    default_strategies: false,
    strategies: [
      {
        name: 'restart-it',
        matchers: ['alertname="ServiceDown"'],
        sources: ['runtime'],
        steps: [{ action: 'restart', stop_timeout: '0s' }],
      },
    ],
    targets,
  };
}

/** Waits until the target has no open incident, and its newest one is `recovered`. */
export async function whenRecovered({ url }: AgentProcess, target: string): Promise<void> {
  const query = new URLSearchParams({ target, limit: '1' });
  const deadline = AbortSignal.timeout(ENDED_MS_MAX);
  while (!deadline.aborted) {
    // The API's own schema is proved elsewhere; here its fields are only compared.
    const { incidents } = (await getJson(`${url}/api/v1/incidents?${query}`)) as {
      incidents: readonly {
        readonly outcome: string | null;
        readonly phase: string;
        readonly reason: string;
      }[];
    };
    const [newest] = incidents;
    if (newest?.outcome === 'recovered') return;
    if (newest !== undefined && (newest.outcome !== null || newest.phase === 'escalated')) {
      throw new Error(`${target} was not recovered: ${newest.outcome ?? newest.phase}, ${newest.reason}`);
    }
    await pause(LOOK_AGAIN_MS);
  }
  throw new Error(`${target} was not recovered within ${ENDED_MS_MAX} ms`);
}
