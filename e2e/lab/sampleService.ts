// The service that lab containers run: one file, no dependency, mounted into the base image. Its behaviour is
// broken from outside (`POST /-/fault/NAME`) or from the start (`FAULT=NAME`, which a restart does not mend).
import { createServer, type ServerResponse } from 'node:http';
import process from 'node:process';

type Fault = 'ok' | 'crash' | 'hang' | 'errors' | 'slow';
const faults: readonly Fault[] = ['ok', 'crash', 'hang', 'errors', 'slow'];
const slowMs = 2_000;

let fault: Fault = faults.find((name) => name === process.env['FAULT']) ?? 'ok';
const requestsByCode = new Map<number, number>([
  [200, 0],
  [500, 0],
]);

function answer(response: ServerResponse, code: number, body: string): void {
  response.writeHead(code, { 'content-type': 'text/plain' }).end(body);
}

/** `/health` and everything else that is not of the lab itself. */
function serve(response: ServerResponse): void {
  const code = fault === 'errors' ? 500 : 200;
  requestsByCode.set(code, (requestsByCode.get(code) ?? 0) + 1);
  if (code === 500) console.error('ERROR upstream feed lost: connection refused');
  answer(response, code, code === 200 ? 'well\n' : 'sick\n');
}

function metrics(): string {
  const samples = [...requestsByCode].map(([code, count]) => `http_requests_total{code="${code}"} ${count}`);
  return `# TYPE http_requests_total counter\n${samples.join('\n')}\n`;
}

function setFault(name: string, response: ServerResponse): void {
  const wanted = faults.find((candidate) => candidate === name);
  if (wanted === undefined) {
    answer(response, 404, `no such fault; there are: ${faults.join(', ')}\n`);
    return;
  }
  fault = wanted;
  console.log(`fault is now ${fault}`);
  response.on('finish', () => {
    if (fault === 'crash') process.exit(1);
  });
  answer(response, 200, `${fault}\n`);
}

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  const faultName = /^\/-\/fault\/(\w+)$/.exec(path)?.[1];
  if (request.method === 'POST' && faultName !== undefined) setFault(faultName, response);
  else if (fault === 'hang') return;
  else if (path === '/metrics') answer(response, 200, metrics());
  else if (fault === 'slow') setTimeout(() => serve(response), slowMs);
  else serve(response);
});

process.on('SIGTERM', () => {
  console.log('SIGTERM');
  if (process.env['IGNORE_SIGTERM'] !== '1') process.exit(0);
});
if (fault === 'crash') {
  console.error('FATAL cannot read model.bin: no such file');
  process.exit(1);
}
server.listen(Number(process.env['PORT'] ?? '8080'), () => console.log('listening'));
