import { dirname, join } from 'node:path';
import type { EdgeOptions, LokiOptions, NotifierOptions, ServiceOptions } from '../config/edgeOptions.ts';
import type { Config } from '../config/load.ts';
import type { Settings } from '../core/settings.ts';
import type { RuntimeName } from '../core/target.ts';
import { AlertmanagerNotifier } from '../notify/alertmanager.ts';
import { WebhookNotifier } from '../notify/webhook.ts';
import type {
  AlertReader,
  Clock,
  LogSource,
  MetricsSource,
  Notifier,
  Runtime,
  SelfFinder,
  SymptomSource,
} from '../ports.ts';
import { DockerRuntime } from '../runtimes/docker/dockerRuntime.ts';
import { EngineClient } from '../runtimes/docker/engineClient.ts';
import { parseDockerHost } from '../runtimes/docker/host.ts';
import { DockerSelf } from '../runtimes/docker/self.ts';
import { LocalRuntime } from '../runtimes/local/localRuntime.ts';
import { ServiceClient } from '../serviceClient.ts';
import { AlertmanagerReader } from '../sources/alertmanagerReader.ts';
import { AlertmanagerSymptom } from '../sources/alertmanagerSymptom.ts';
import { LokiLogs } from '../sources/loki.ts';
import { PrometheusMetrics } from '../sources/prometheusMetrics.ts';
import { PrometheusSymptom } from '../sources/prometheusSymptom.ts';

/** The parts that a configuration chooses, apart from the engine that uses them. */
export type Adapters = {
  readonly docker: EngineClient | null;
  readonly local: LocalRuntime | null;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly selfFinder: SelfFinder;
  readonly symptoms: readonly SymptomSource[];
  readonly alertReader: AlertReader | null;
  readonly keptLogs: LogSource | null;
  readonly metrics: MetricsSource | null;
  /** Tells discovery of another configuration: what is configured now is not discovered as well. */
  readonly reconfigure: (settings: Settings) => void;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Opens what the configuration names. Nothing is asked of it yet: what is away at start may come later. */
export async function openAdapters(
  { settings, edge }: Config,
  clock: Clock,
  environment: Environment,
  warn: (sentence: string) => void,
): Promise<Adapters> {
  let inForce = settings;
  const runtimes = new Map<RuntimeName, Runtime>();
  const docker =
    edge.docker === null ? null : new EngineClient(parseDockerHost(edge.docker.host, environment));
  if (docker !== null) {
    const context = {
      get configured() {
        return inForce.targets;
      },
      get verification() {
        return inForce.verification;
      },
    };
    runtimes.set('docker', new DockerRuntime(docker, { discovery: edge.discovery, context }));
  }
  const wantsLocal = settings.targets.some(({ runtime }) => runtime === 'local');
  const local = wantsLocal ? await LocalRuntime.open({ folder: localFolder(edge), clock, warn }) : null;
  if (local !== null) runtimes.set('local', local);
  return {
    docker,
    local,
    runtimes,
    // Without an engine to act on there is no container that could be the agent.
    selfFinder:
      docker === null
        ? { find: async () => ({ kind: 'outside' }) }
        : new DockerSelf(docker, edge.docker?.selfContainer ?? null),
    symptoms: symptomsOf(edge, clock),
    reconfigure: (fresh) => {
      inForce = fresh;
    },
    alertReader: edge.alertmanager === null ? null : new AlertmanagerReader(clientOf(edge.alertmanager)),
    keptLogs: edge.loki === null ? null : lokiOf(edge.loki, clock),
    metrics: edge.prometheus === null ? null : new PrometheusMetrics(clientOf(edge.prometheus), clock),
  };
}

/** Where the local runtime keeps records and logs of its processes: beside the journal. */
function localFolder(edge: EdgeOptions): string {
  return join(dirname(edge.journal.path), 'processes');
}

/** The channels to people, by name. */
export function openNotifiers(
  options: readonly NotifierOptions[],
  alertName: string,
  clock: Clock,
): ReadonlyMap<string, Notifier> {
  return new Map(
    options.map((option) => [option.name, inTime(openNotifier(option, alertName, clock), option.timeoutMs)]),
  );
}

function openNotifier(option: NotifierOptions, alertName: string, clock: Clock): Notifier {
  const client = new ServiceClient(option.url, option.token);
  switch (option.type) {
    case 'webhook':
      return new WebhookNotifier(option.name, client, option.repeatMs);
    case 'alertmanager':
      return new AlertmanagerNotifier(client, clock, {
        channel: option.name,
        repeatMs: option.repeatMs,
        alertName,
      });
    default:
      return option satisfies never;
  }
}

/** A channel may be given less time than the engine's own deadline for a delivery. */
function inTime(notifier: Notifier, timeoutMs: number): Notifier {
  const bound = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return {
    channel: notifier.channel,
    repeatMs: notifier.repeatMs,
    deliver: (message, signal) => notifier.deliver(message, bound(signal)),
    withdraw: (message, why, signal) => notifier.withdraw(message, why, bound(signal)),
  };
}

function symptomsOf({ prometheus, alertmanager }: EdgeOptions, clock: Clock): readonly SymptomSource[] {
  return [
    ...(prometheus === null ? [] : [new PrometheusSymptom(clientOf(prometheus), clock)]),
    ...(alertmanager === null ? [] : [new AlertmanagerSymptom(clientOf(alertmanager))]),
  ];
}

function lokiOf({ url, token, tenant, query }: LokiOptions, clock: Clock): LogSource {
  const headers: Record<string, string> = tenant === null ? {} : { 'x-scope-orgid': tenant };
  return new LokiLogs(new ServiceClient(url, token, headers), query, clock);
}

function clientOf({ url, token }: ServiceOptions): ServiceClient {
  return new ServiceClient(url, token);
}
