import { resolve } from 'node:path';
import { Secret } from '../secret.ts';
import { buildAnalyst, type PackageResolver } from './buildAnalyst.ts';
import { buildDiagnosis, buildRedaction } from './buildDiagnosis.ts';
import type { ConfigDocument } from './document.ts';
import type { DiscoveryBy, EdgeOptions, NotifierOptions, ServiceOptions } from './edgeOptions.ts';
import { EDGE_DEFAULTS, LOKI_QUERY_DEFAULT, parseListen } from './edgeSchema.ts';
import type { Path } from './problem.ts';
import type { FormedConfig } from './schema.ts';
import type { SecretReader } from './secrets.ts';
import type { Environment } from './substitute.ts';

const DISCOVERY_DEFAULT: readonly DiscoveryBy[] = ['label'];

/** The options of the edges, with secrets read; what is wrong is reported to the document. */
export function buildEdge(
  written: FormedConfig,
  document: ConfigDocument,
  secrets: SecretReader,
  {
    directory,
    environment,
    resolvePackage,
  }: {
    readonly directory: string;
    readonly environment: Environment;
    readonly resolvePackage?: PackageResolver | undefined;
  },
): EdgeOptions {
  const server = buildServer(written, document, secrets);
  const service = (key: 'prometheus' | 'alertmanager' | 'loki'): ServiceOptions | null => {
    const options = written[key];
    if (options === undefined) return null;
    return { url: withoutSlash(options.url), token: secrets.read(options.token_file, [key, 'token_file']) };
  };
  const alertmanager = service('alertmanager');
  const loki = service('loki');
  const by = written.discovery?.by ?? DISCOVERY_DEFAULT;
  const usesDocker =
    by.length > 0 || Object.values(written.targets ?? {}).some(({ runtime }) => runtime !== 'local');
  return {
    externalUrl: withoutSlash(written.external_url ?? `http://${urlHost(server.host)}:${server.port}`),
    drainMs: written.drain_time ?? EDGE_DEFAULTS.drainMs,
    server,
    journal: {
      path: resolve(directory, written.journal?.path ?? journalPathOf(environment)),
      retention: {
        ageMs: written.journal?.retention?.age ?? EDGE_DEFAULTS.retentionAgeMs,
        sizeBytes: written.journal?.retention?.size ?? EDGE_DEFAULTS.retentionSizeBytes,
      },
    },
    log: { level: written.log?.level ?? EDGE_DEFAULTS.logLevel },
    docker: usesDocker ? buildDocker(written, environment) : null,
    discovery: {
      by,
      composeProject: written.discovery?.compose_project ?? null,
      importLabels: written.discovery?.import_labels ?? false,
    },
    prometheus: service('prometheus'),
    alertmanager,
    loki:
      loki === null
        ? null
        : {
            ...loki,
            tenant: written.loki?.tenant ?? null,
            query: written.loki?.query ?? LOKI_QUERY_DEFAULT,
          },
    diagnosis: buildDiagnosis(written, document),
    redaction: buildRedaction(written, document),
    analyst: buildAnalyst(written, document, secrets, resolvePackage),
    notifiers: buildNotifiers(written, document, secrets, alertmanager),
  };
}

function buildDocker({ docker }: FormedConfig, environment: Environment): EdgeOptions['docker'] {
  return {
    host: docker?.host ?? dockerHostOf(environment),
    selfContainer: docker?.self_container ?? (environment['MPA_SELF_CONTAINER'] || null),
    events: docker?.events ?? true,
  };
}

/** An image says so where its volume is, whatever the configuration is called and wherever it is mounted. */
function journalPathOf({ MPA_JOURNAL }: Environment): string {
  return MPA_JOURNAL === undefined || MPA_JOURNAL === '' ? EDGE_DEFAULTS.journalPath : MPA_JOURNAL;
}

/** Docker's own tools take the address from there too. */
function dockerHostOf({ DOCKER_HOST }: Environment): string {
  return DOCKER_HOST === undefined || DOCKER_HOST === '' ? EDGE_DEFAULTS.dockerHost : DOCKER_HOST;
}

function buildServer(
  { server }: FormedConfig,
  document: ConfigDocument,
  secrets: SecretReader,
): EdgeOptions['server'] {
  const readAll = (key: 'webhook_token_files' | 'operator_token_files') =>
    (server?.[key] ?? [])
      .map((file, index) => secrets.read(file, ['server', key, index]))
      .filter((secret) => secret !== null);
  const listen = parseListen(server?.listen ?? EDGE_DEFAULTS.listen) ?? { host: '127.0.0.1', port: 0 };
  for (const key of ['webhook_token_files', 'operator_token_files'] as const) {
    if ((server?.[key] ?? []).length > 0 || isLoopback(listen.host)) continue;
    const path: Path = ['server', key];
    document.report(
      path,
      `is required, since ${server?.listen} is reached from other machines; name a file with a token, or listen on 127.0.0.1`,
    );
  }
  return {
    ...listen,
    webhookTokens: readAll('webhook_token_files'),
    operatorTokens: readAll('operator_token_files'),
  };
}

function buildNotifiers(
  { notifiers }: FormedConfig,
  document: ConfigDocument,
  secrets: SecretReader,
  alertmanager: ServiceOptions | null,
): readonly NotifierOptions[] {
  return Object.entries(notifiers ?? {}).flatMap(([name, options]): readonly NotifierOptions[] => {
    const path: Path = ['notifiers', name];
    const token = secrets.read(options.token_file, [...path, 'token_file']);
    const timeoutMs = options.timeout ?? EDGE_DEFAULTS.notifyTimeoutMs;
    if (options.type === 'alertmanager') {
      const url = options.url ?? alertmanager?.url;
      if (url === undefined) {
        document.report(path, 'needs `url`, since there is no `alertmanager` section with one');
        return [];
      }
      const repeatMs = options.repeat ?? EDGE_DEFAULTS.alertmanagerRepeatMs;
      return [
        {
          type: options.type,
          name,
          url: withoutSlash(url),
          token: token ?? alertmanager?.token ?? null,
          timeoutMs,
          repeatMs,
        },
      ];
    }
    if ((options.url === undefined) === (options.url_file === undefined)) {
      document.report(path, 'needs either `url` or `url_file`', { restsOn: ['url', 'url_file'] });
      return [];
    }
    const url =
      options.url === undefined
        ? secrets.read(options.url_file, [...path, 'url_file'])
        : new Secret(options.url, 'configuration');
    if (url === null) return [];
    if (!/^https?:$/.test(URL.parse(url.reveal())?.protocol ?? '')) {
      document.report([...path, 'url_file'], `${url.source} does not hold an http:// or https:// address`);
      return [];
    }
    return [{ type: options.type, name, url, token, timeoutMs, repeatMs: options.repeat ?? null }];
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** A host as an address in a link; what listens on every address is reached here by the name of this machine. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
