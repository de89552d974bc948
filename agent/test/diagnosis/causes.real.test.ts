// What a real engine and real programs say of their failures, through the runtime's own evidence.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { ServiceOptions } from '../../../e2e/lab/serviceOptions.ts';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import type { Cause } from '../../src/core/diagnosis.ts';
import type { EvidencePiece } from '../../src/core/evidence.ts';
import { RuleDiagnoser } from '../../src/diagnosis/ruleDiagnoser.ts';
import { DockerBench, soon } from '../runtimes/docker/dockerBench.ts';

let bench: DockerBench;
before(async () => {
  bench = await DockerBench.open();
});
after(() => bench[Symbol.asyncDispose]());

const rules = new RuleDiagnoser(shippedPatterns());

/** What a container that runs this script ended of, the surest cause first. */
async function causesOf(script: string, options: ServiceOptions = {}): Promise<readonly Cause[]> {
  const { name } = await bench.runScript(script, options);
  const ended = await bench.eventually(
    `${name} to end`,
    () => bench.look(name),
    ({ status }) => status === 'exited',
  );
  const pieces: EvidencePiece[] = [];
  await bench.runtime.evidence(ended, (piece) => void pieces.push(piece), soon(), Number.POSITIVE_INFINITY);
  const items = pieces.map((piece, index) => ({ id: `E${index + 1}`, ...piece }));
  return rules.diagnose('shop', items, []).causes;
}

async function assertCause(
  causes: Promise<readonly Cause[]>,
  id: string,
  restartHelps: Cause['restartHelps'],
) {
  const told = await causes;
  assert.deepEqual([told[0]?.id, told[0]?.restartHelps], [id, restartHelps], JSON.stringify(told));
}

it('a container that needs more memory than it may have', () =>
  assertCause(
    causesOf(`exec node -e 'const a = []; for (;;) a.push(Buffer.alloc(1e6, 1))'`, {
      memoryBytesMax: 40 * 2 ** 20,
    }),
    'container-out-of-memory',
    'yes',
  ));

it('a program that writes to a full device', () =>
  assertCause(causesOf(`exec node -e 'require("fs").writeFileSync("/dev/full", "x")'`), 'disk-full', 'no'));

it('a program that is not in the image', () => assertCause(causesOf('gunicorn'), 'program-missing', 'no'));

it('a module that is not in the image', () =>
  assertCause(causesOf('exec node /app/none.js'), 'node-module-missing', 'no'));

it('a database that is away: nobody can tell whether a restart helps', () =>
  assertCause(
    causesOf(`exec node -e 'require("net").connect(9, "127.0.0.1")'`),
    'connection-refused',
    'unknown',
  ));
