import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where an engine listens. */
export type DockerHost =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: TlsFiles | null };

/** Contents of the three files of Docker's client authentication, PEM. */
export type TlsFiles = { readonly ca: string; readonly cert: string; readonly key: string };

const DEFAULT_HOST = 'unix:///var/run/docker.sock';
const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

/**
 * Reads an address as Docker's own tools write it: `unix:///path` or `tcp://host:port`. Without one, DOCKER_HOST is
 * taken, else the default socket. For `tcp://`, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH mean what they mean there.
 *
 * @throws Error that says what is wrong with the address, or which certificate file cannot be read.
 */
export function parseDockerHost(
  configured: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): DockerHost {
  const text = configured || environment['DOCKER_HOST'] || DEFAULT_HOST;
  if (text.startsWith('unix://')) {
    const path = text.slice('unix://'.length);
    if (!path.startsWith('/')) throw refuse(text, 'the path of the socket must be absolute');
    return { kind: 'unix', path };
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'tcp:') throw refuse(text, 'it must begin with unix:// or tcp://');
  if (url.hostname === '') throw refuse(text, 'it names no host');
  if (url.username !== '' || url.password !== '') throw refuse('tcp://…@…', 'it may hold no credentials');
  const tls = (environment['DOCKER_TLS_VERIFY'] ?? '') === '' ? null : readTlsFiles(environment);
  const port = url.port === '' ? (tls === null ? PLAIN_PORT : TLS_PORT) : Number(url.port);
  // An IPv6 address stands in brackets in an address, but not in what the resolver takes.
  return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port, tls };
}

/** The address as an operator knows it. */
export function describeHost(host: DockerHost): string {
  if (host.kind === 'unix') return `unix://${host.path}`;
  return `tcp://${host.host.includes(':') ? `[${host.host}]` : host.host}:${host.port}`;
}

function readTlsFiles(environment: Readonly<Record<string, string | undefined>>): TlsFiles {
  const folder = environment['DOCKER_CERT_PATH'] ?? join(environment['HOME'] ?? '/root', '.docker');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

function refuse(text: string, why: string): Error {
  return new Error(`the address of the Docker Engine is ${JSON.stringify(text)}: ${why}`);
}
