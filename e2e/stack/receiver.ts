// Who is told things, as one service of the lab's stack: keeps each message with the path that it came to, over a
// restart too, and shows them at `GET /`. One file, no dependency, mounted into the base image.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const KEPT_MAX = 5_000;
const FILE = '/tmp/told.jsonl';
const messages: { readonly at: number; readonly path: string; readonly body: unknown }[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  : [];

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(messages));
    return;
  }
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  if (messages.length < KEPT_MAX) {
    const message = { at: Date.now(), path: request.url ?? '/', body: JSON.parse(text) };
    messages.push(message);
    appendFileSync(FILE, `${JSON.stringify(message)}\n`);
  }
  response.end();
});
server.listen(8080);
process.on('SIGTERM', () => process.exit(0));
