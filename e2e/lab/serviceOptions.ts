import type Docker from 'dockerode';

/** Where the sample service listens inside its container. */
const containerPort = 8080;

/** What a sample service's container is like; all is optional, and the default is the plainest healthy service. */
export interface ServiceOptions {
  /** Made unique with the run's id. */
  readonly name?: string;
  readonly image?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Adds the labels that Docker Compose would put on it. */
  readonly compose?: ComposeLabels;
  readonly env?: Readonly<Record<string, string>>;
  /** In place of the sample service: what PID 1 is. */
  readonly command?: readonly string[];
  /** `none` leaves it out; default: `GET /health` every 500 ms, unhealthy after 2 failures. */
  readonly healthcheck?: Healthcheck | 'none';
  readonly restartPolicy?: {
    readonly name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
    readonly retriesMax?: number;
  };
  /** PID 1 hears SIGTERM and goes on; only SIGKILL ends it. */
  readonly ignoreSigterm?: boolean;
  /** The fault it has from the start, again after each restart. */
  readonly fault?: 'crash' | 'hang' | 'errors' | 'slow';
  /** The container's own stop timeout. Docker's default is 10. */
  readonly stopTimeoutSeconds?: number;
  readonly tty?: boolean;
  readonly init?: boolean;
  readonly user?: string;
  readonly memoryBytesMax?: number;
  /** A network of the run, by name; or `container:ID` for that of another container, and then without `publish`. */
  readonly network?: string;
  /** Whether its port is published on a fixed port of loopback. Default true. */
  readonly publish?: boolean;
}

/** A health check in milliseconds; what is left out has the lab's quick default. */
export interface Healthcheck {
  readonly command?: readonly string[];
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly startPeriodMs?: number;
  readonly retries?: number;
}

export interface ComposeLabels {
  readonly project: string;
  readonly service: string;
  readonly number?: number;
  /** As Compose writes it: `service:condition:restart`, separated by commas. */
  readonly dependsOn?: string;
}

/** The Engine API's words for the options. */
export function serviceConfig(
  options: ServiceOptions,
  hostPort: number | undefined,
): Docker.ContainerCreateOptions {
  const port = `${containerPort}/tcp`;
  return {
    Cmd: [...(options.command ?? ['node', '/app/sampleService.mts'])],
    Env: Object.entries(environment(options)).map(([name, value]) => `${name}=${value}`),
    Labels: { ...composeLabels(options.compose), ...options.labels },
    Tty: options.tty ?? false,
    User: options.user,
    StopTimeout: options.stopTimeoutSeconds,
    Healthcheck: healthConfig(options.healthcheck ?? {}),
    // The engine refuses ports of one that shares another's network.
    ...(options.network?.startsWith('container:') === true ? {} : { ExposedPorts: { [port]: {} } }),
    HostConfig: {
      Init: options.init ?? false,
      Memory: options.memoryBytesMax,
      NetworkMode: options.network ?? 'bridge',
      PortBindings:
        hostPort === undefined ? {} : { [port]: [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }] },
      RestartPolicy: {
        Name: options.restartPolicy?.name ?? 'no',
        MaximumRetryCount: options.restartPolicy?.retriesMax,
      },
    },
  };
}

function environment({ env, fault, ignoreSigterm }: ServiceOptions): Record<string, string> {
  return {
    PORT: String(containerPort),
    ...(fault === undefined ? {} : { FAULT: fault }),
    ...(ignoreSigterm === true ? { IGNORE_SIGTERM: '1' } : {}),
    ...env,
  };
}

function healthConfig(check: Healthcheck | 'none'): Docker.HealthConfig {
  if (check === 'none') return { Test: ['NONE'] };
  // No -T: Debian's static busybox crashes on it; the check has Docker's timeout anyway.
  const probe = ['wget', '-q', '-O', '-', `http://127.0.0.1:${containerPort}/health`];
  const ns = (ms: number) => ms * 1_000_000;
  return {
    Test: ['CMD', ...(check.command ?? probe)],
    Interval: ns(check.intervalMs ?? 500),
    Timeout: ns(check.timeoutMs ?? 1_500),
    StartPeriod: ns(check.startPeriodMs ?? 0),
    Retries: check.retries ?? 2,
  };
}

function composeLabels(compose: ComposeLabels | undefined): Record<string, string> {
  if (compose === undefined) return {};
  return {
    'com.docker.compose.project': compose.project,
    'com.docker.compose.service': compose.service,
    'com.docker.compose.container-number': String(compose.number ?? 1),
    'com.docker.compose.oneoff': 'False',
    ...(compose.dependsOn === undefined ? {} : { 'com.docker.compose.depends_on': compose.dependsOn }),
  };
}
