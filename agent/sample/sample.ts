// The service that the example looks after: one file and no dependency, as a local process or in a container.
// POST /break/NAME breaks it until it is restarted.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';

const HOST = process.env['HOST'] ?? '127.0.0.1';
const PORT = Number(process.env['PORT'] ?? '8788');
const SLOW_MS = 5_000;
/** Between the answer to `POST /break/NAME` and its effect, so that the answer still arrives. */
const EFFECT_MS = 50;

/** How it can be broken, and what the person who broke it is told. */
const FAULTS = {
  crash: 'the process ends with exit code 1',
  hang: 'the process lives and answers nothing any more, not even SIGTERM',
  errors: 'every answer is an error 500',
  slow: `every answer takes ${SLOW_MS / 1_000} s`,
} as const;

type Fault = keyof typeof FAULTS;

const startedAt = new Date();
const requests = new Map<number, number>();
let fault: Fault | null = null;

function isFault(name: string): name is Fault {
  return Object.hasOwn(FAULTS, name);
}

function log(text: string): void {
  console.log(`${new Date().toISOString()} ${text}`);
}

/** All answers go through here; `/metrics` counts them. */
function answer(response: ServerResponse, status: number, type: string, body: string): void {
  requests.set(status, (requests.get(status) ?? 0) + 1);
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(body);
}

function serve(path: string, response: ServerResponse): void {
  if (fault === 'errors') {
    log('ERROR cannot reach the price feed: connection refused');
    answer(response, 500, 'application/json', '{"status":"error","reason":"the price feed is lost"}\n');
  } else if (path === '/health') {
    answer(response, 200, 'application/json', '{"status":"ok"}\n');
  } else if (path === '/') {
    answer(response, 200, 'text/html', page());
  } else {
    answer(response, 404, 'text/plain', 'There are /, /health, /metrics, and POST /break/NAME.\n');
  }
}

function breakBy(name: string, response: ServerResponse): void {
  if (!isFault(name)) {
    answer(response, 404, 'text/plain', `It can be broken by: ${Object.keys(FAULTS).join(', ')}.\n`);
    return;
  }
  log(`FATAL somebody broke this service by "${name}"`);
  answer(response, 200, 'text/plain', `Broken: ${FAULTS[name]}. Now watch the agent.\n`);
  setTimeout(() => take(name), EFFECT_MS);
}

function take(wanted: Fault): void {
  fault = wanted;
  if (wanted === 'crash') process.exit(1);
  // Blocks the only thread for good, without using the processor.
  if (wanted === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function metrics(): string {
  const counts = [...requests].map(([status, count]) => `http_requests_total{code="${status}"} ${count}`);
  return [
    '# HELP process_start_time_seconds When this process was started.',
    '# TYPE process_start_time_seconds gauge',
    `process_start_time_seconds ${startedAt.getTime() / 1_000}`,
    '# HELP http_requests_total Answers given, by status.',
    '# TYPE http_requests_total counter',
    ...counts,
    '',
  ].join('\n');
}

function page(): string {
  const faults = Object.entries(FAULTS).map(
    ([name, effect]) =>
      `<form method="post" action="/break/${name}"><button>${name}</button> ${effect}</form>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sample service</title>
<style>body { font: 1.1em/1.6 system-ui; max-width: 40em; margin: 3em auto; padding: 0 1em } button { width: 6em }</style>
<h1>I am well.</h1>
<p>I am the sample service, process ${process.pid}, started at ${startedAt.toISOString()}. The Market Programmer
Agent looks after me. Break me, wait some seconds, and load this page again: it will show another start.</p>
${faults.join('\n')}
</html>
`;
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const wanted = /^\/break\/([a-z]*)$/.exec(path)?.[1];
  if (wanted !== undefined && request.method === 'POST') breakBy(wanted, response);
  else if (path === '/metrics') answer(response, 200, 'text/plain', metrics());
  else if (fault === 'slow') setTimeout(() => serve(path, response), SLOW_MS);
  else serve(path, response);
}

const server = createServer(handle);
server.on('error', (error) => {
  log(`FATAL cannot listen on ${HOST}:${PORT}: ${error.message}`);
  process.exit(1);
});
process.on('SIGTERM', () => {
  log('SIGTERM, good-bye');
  process.exit(0);
});
server.listen(PORT, HOST, () => log(`listening on http://${HOST}:${PORT}`));
