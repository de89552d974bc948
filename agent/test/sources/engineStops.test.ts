import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readDockerEvent } from '../../src/sources/dockerEvent.ts';
import { type EngineHistory, engineStops } from '../../src/sources/engineStops.ts';

const NOW = Date.UTC(2026, 0, 1);
const never = new AbortController().signal;
let nanoseconds = 1n;

function line(action: string, container: string, type = 'container'): string {
  const Actor = { ID: container.padEnd(64, '0'), Attributes: { name: container, signal: '15' } };
  nanoseconds += 1n;
  return `${JSON.stringify({ Type: type, Action: action, Actor, time: 1 }).slice(0, -1)},"timeNano":${nanoseconds}}`;
}

function engineWith(lines: readonly string[], ends = true): EngineHistory {
  return {
    async events() {
      return [new TextEncoder().encode(lines.map((each) => `${each}\n`).join(''))] as never;
    },
    endsSurvivors: async () => ends,
  };
}

async function told(engine: EngineHistory): Promise<readonly string[]> {
  return [...(await engineStops(engine, NOW, never))];
}

const identities = (lines: readonly string[]) => lines.map((each) => readDockerEvent(each)?.identity);
const survivor = () => [line('kill', 'aa'), line('die', 'aa'), line('stop', 'aa')] as const;

it('what was stopped and never started since the engine began, the engine has stopped by itself', async () => {
  const [kill, die, stop] = survivor();
  const lines = [kill, die, stop, line('connect', 'n', 'network'), line('start', 'bb')];
  assert.deepEqual(await told(engineWith(lines)), identities([kill, stop]));
});

it('what the engine had started before, a person stopped', async () => {
  assert.deepEqual(await told(engineWith([line('start', 'aa'), ...survivor()])), []);
});

it('where the engine may have forgotten a start, a person stopped it', async () => {
  const forgotten = Array.from({ length: 253 }, () => line('exec_start: check', 'bb'));
  assert.deepEqual(await told(engineWith([...survivor(), ...forgotten])), []);
  assert.equal((await told(engineWith([...survivor(), ...forgotten.slice(1)]))).length, 2);
});

it('where containers outlive the engine, a person stopped it', async () => {
  assert.deepEqual(await told(engineWith(survivor(), false)), []);
});

it('an engine that does not answer the question excuses nothing', async () => {
  const refusing = { ...engineWith(survivor()), endsSurvivors: () => Promise.reject(new Error('403')) };
  assert.deepEqual(await told(refusing), []);
  const broken: EngineHistory = {
    events: () => Promise.reject(new Error('gone')),
    endsSurvivors: async () => true,
  };
  assert.deepEqual(await told(broken), []);
});
