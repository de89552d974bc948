// A disk that is really full: a file system of 1 MiB in a container.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { ContainerLab } from '../../../e2e/lab/container.ts';
import { type Engine, openEngine } from '../../../e2e/lab/engine.ts';
import { baseImage } from '../../../e2e/lab/image.ts';
import { waitFor } from '../../../e2e/lab/waitFor.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const WRITER = '/repository/agent/test/journal/writer.ts';
const VERIFY = `
  import { verifyJournal } from '/repository/agent/src/journal/verify.ts';
  console.log(JSON.stringify(verifyJournal('/data/journal.sqlite')));`;

type Container = Awaited<ReturnType<ContainerLab['docker']['createContainer']>>;

let engine: Engine;
let lab: ContainerLab;
before(async () => {
  engine = await openEngine();
  lab = await ContainerLab.open(engine);
});
after(async () => {
  await lab?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

test('on a full disk appends are refused and lose nothing; when there is room again, it goes on', async () => {
  const container = await lab.docker.createContainer({
    Image: baseImage,
    name: `${lab.runId}-full-disk`,
    Labels: { ...lab.labels },
    Tty: true,
    // The ballast is what is removed to make room.
    Cmd: ['sh', '-c', `head -c 400000 /dev/zero > /data/ballast; exec node ${WRITER} /data/journal.sqlite 0`],
    HostConfig: { Binds: [`${REPOSITORY}:/repository:ro`], Tmpfs: { '/data': 'size=1m' }, Init: true },
  });
  await container.start();
  const lines = async () =>
    (await container.logs({ stdout: true, stderr: true, tail: 5_000 })).toString('utf8').split('\r\n');
  const acknowledged = (seen: readonly string[]) => seen.filter((line) => /^\d+$/.test(line)).length;
  const isStuck = (seen: readonly string[]) => (seen.at(-2) ?? '').includes('the disk is full');

  const full = acknowledged(await waitFor('the disk to be full', lines, isStuck));
  assert.ok(full > 0);
  await run(container, ['rm', '/data/ballast']);
  const goesOn = (seen: readonly string[]) => acknowledged(seen) > full && isStuck(seen);
  const all = acknowledged(await waitFor('it to go on until the disk is full again', lines, goesOn));

  const said = await run(container, ['node', '--input-type=module', '-e', VERIFY]);
  const { entries, problems } = JSON.parse(said);
  assert.deepEqual({ entries, problems }, { entries: all * 3, problems: [] });
});

/** Runs a command in the container, and answers with what it wrote. */
async function run(container: Container, command: string[]): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const said = await text(stream);
  stream.destroy();
  return said;
}
