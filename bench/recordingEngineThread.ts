// A Docker socket that only keeps record: it answers list, inspect, logs and events as an engine does, and a restart
// at once, so that what is measured is the agent. On a thread of its own, as an engine is a process of its own.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromEngine, ToEngine } from './recordingEngine.ts';
import { nowMs } from './time.ts';

const LOG_LINES = 200;
const LOG_LINE =
  '2026-01-01T00:00:00.000Z INFO request served method=GET path=/forecast status=200 durationMs=12';

if (parentPort === null) throw new Error('this file runs on a thread of a bench');
const port = parentPort;
// Given by `RecordingEngine.open`, which alone starts this file.
const { socketPath, names } = workerData as {
  readonly socketPath: string;
  readonly names: readonly string[];
};

type Container = { readonly id: string; readonly name: string; running: boolean; startedAt: string };

const containers: readonly Container[] = names.map((name, index) => ({
  id: index.toString(16).padStart(64, 'c'),
  name,
  running: true,
  startedAt: new Date().toISOString(),
}));
const logs = logFrames();

const server = createServer((request, response) => {
  const at = nowMs();
  const path = (request.url ?? '').split('?')[0] ?? '';
  const [, idOrName, endpoint] = /^\/containers\/([^/]+)\/(\w+)$/.exec(path) ?? [];
  const container = containers.find(({ id, name }) => id === idOrName || name === idOrName);
  if (path === '/containers/json') json(response, 200, containers.map(listed));
  else if (path === '/events') response.writeHead(200).flushHeaders();
  // The agent mutates nothing before it knows that it is in none of the engine's containers.
  else if (path === '/info') json(response, 200, { Name: hostname() });
  else if (container === undefined || endpoint === undefined)
    json(response, 404, { message: 'no such thing' });
  else answer(request, response, container, endpoint, at);
});

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  container: Container,
  endpoint: string,
  at: number,
): void {
  if (request.method === 'POST' && endpoint === 'restart') {
    container.running = true;
    container.startedAt = new Date().toISOString();
    response.writeHead(204).end();
    say({ kind: 'restarted', name: container.name, at });
  } else if (endpoint === 'json') json(response, 200, inspected(container));
  else if (endpoint === 'logs') response.writeHead(200).end(logs);
  else json(response, 404, { message: 'no such thing' });
}

function say(message: FromEngine): void {
  port.postMessage(message);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function listed({ id, name, running }: Container): object {
  return {
    Id: id,
    Names: [`/${name}`],
    Labels: {},
    State: running ? 'running' : 'exited',
    Status: running ? 'Up 5 minutes' : 'Exited (137) 1 second ago',
    HostConfig: { NetworkMode: 'default' },
  };
}

/** About as long as what a real engine says of a container of Compose. */
function inspected({ id, name, running, startedAt }: Container): object {
  const environment = Array.from({ length: 30 }, (_, index) => `VARIABLE_${index}=${'value'.repeat(8)}`);
  const labels = Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => [`com.example.label.${index}`, 'value'.repeat(6)]),
  );
  return {
    Id: id,
    Name: `/${name}`,
    Created: '2026-01-01T00:00:00.123456789Z',
    Image: `sha256:${'1'.repeat(64)}`,
    RestartCount: 0,
    State: {
      Status: running ? 'running' : 'exited',
      ExitCode: running ? 0 : 137,
      Error: '',
      OOMKilled: false,
      StartedAt: startedAt,
      FinishedAt: running ? '0001-01-01T00:00:00Z' : new Date().toISOString(),
    },
    Config: { Hostname: id.slice(0, 12), Image: 'service:1', Tty: false, Env: environment, Labels: labels },
    HostConfig: { Memory: 0, NetworkMode: 'default', RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
    NetworkSettings: {
      Networks: { bridge: { IPAddress: '172.17.0.2', Aliases: Array(20).fill('alias'.repeat(5)) } },
    },
    Mounts: Array(10).fill({
      Type: 'volume',
      Name: 'v'.repeat(64),
      Destination: '/data',
      Driver: 'local',
      RW: true,
    }),
  };
}

function logFrames(): Buffer {
  const line = Buffer.from(`${LOG_LINE}\n`);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(line.length, 4);
  return Buffer.concat(Array.from({ length: LOG_LINES }, () => [header, line]).flat());
}

port.on('message', (message: ToEngine) => {
  for (const container of containers) if (container.name === message.name) container.running = false;
  say({ kind: 'broken', name: message.name });
});
server.listen(socketPath, () => say({ kind: 'listening' }));
