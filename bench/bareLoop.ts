// The least that a healer can be: it listens to Docker's events and restarts the one container that it is given, when
// it dies or its health check fails. It proves nothing, keeps nothing, and asks nobody.
import { request } from 'node:http';
import { createInterface } from 'node:readline';

const [socketPath, id] = process.argv.slice(2);
let restarting = false;

function restart(): void {
  restarting = true;
  const call = request({ socketPath, method: 'POST', path: `/containers/${id}/restart?t=0` }, (response) => {
    response.resume().once('end', () => {
      restarting = false;
    });
  });
  call.end();
}

const filters = JSON.stringify({
  type: ['container'],
  container: [id],
  event: ['die', 'health_status'],
});
const listening = request(
  { socketPath, path: `/events?filters=${encodeURIComponent(filters)}` },
  (response) => {
    createInterface({ input: response }).on('line', (line) => {
      // What Docker says of an event, as far as it is used here.
      const { Action } = JSON.parse(line) as { Action: string };
      if (!restarting && (Action === 'die' || Action === 'health_status: unhealthy')) restart();
    });
    process.send?.('listening');
  },
);
listening.end();
process.once('disconnect', () => process.exit(0));
