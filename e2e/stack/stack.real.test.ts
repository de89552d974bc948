// The stack of docker-compose.yml, brought up by Compose on a real engine, broken in every way that it is made for:
// seen by Prometheus, sent by Alertmanager, repaired by the agent through the socket proxy, proved well. One stack for
// all of it: bringing it up takes longer than most repairs.
import { after, before, describe } from 'node:test';
import { openEngine } from '../lab/engine.ts';
import { agentAwayTests } from './agentAway.ts';
import { faultTests } from './faults.ts';
import { Stack } from './stack.ts';
import { Timetable } from './timetable.ts';
import { watchersAwayTests } from './watchersAway.ts';

describe('the whole stack', () => {
  const opened = new AsyncDisposableStack();
  const timetable = new Timetable();
  let stack: Stack | null = null;
  const running = (): Stack => {
    if (stack === null) throw new Error('the stack did not come up');
    return stack;
  };
  before(async () => {
    stack = opened.use(await Stack.up(opened.use(await openEngine())));
    await stack.whenWell();
  });
  after(async () => {
    console.log(`\n${timetable.text()}\n`);
    await opened.disposeAsync();
  });

  faultTests(running, timetable);
  watchersAwayTests(running);
  agentAwayTests(running);
});
