import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureAgentImage } from '../agentContainer.ts';
import type { Engine } from '../lab/engine.ts';
import { baseImage, ensureBaseImage, ensureLocalImage, librariesOf } from '../lab/image.ts';
import { dockerConfigFolder, findProgram, labFolder, repositoryFolder } from '../lab/labFolder.ts';

const run = promisify(execFile);
const BUILD_MS = 300_000;

/**
 * The images of docker-compose.yml made of this machine's own files, each with what its published namesake has where
 * the stack looks. Their names stand in compose.lab.yml too.
 */
export async function ensureStackImages(engine: Engine): Promise<void> {
  await ensureBaseImage(engine);
  await ensureAgentImage(engine);
  await ensurePredictorImage(engine);

  const prometheus = await realpath(findProgram('prometheus'));
  await ensureLocalImage(engine, {
    tag: 'mpa-lab/prometheus:test',
    files: new Map([['bin/prometheus', prometheus], ...(await librariesOf(prometheus))]),
    writable: ['prometheus'],
    changes: ['ENTRYPOINT ["/bin/prometheus"]', 'WORKDIR /prometheus'],
  });
  const root = join(labFolder(), 'root', 'usr');
  const alertmanager = join(root, 'bin', 'prometheus-alertmanager');
  const templates = ['default.tmpl', 'email.tmpl'].map((name) => `share/prometheus/alertmanager/${name}`);
  await ensureLocalImage(engine, {
    tag: 'mpa-lab/alertmanager:test',
    files: new Map([
      ['bin/alertmanager', alertmanager],
      ...templates.map((path) => [`usr/${path}`, join(root, path)] as const),
      ...(await librariesOf(alertmanager)),
    ]),
    writable: ['alertmanager'],
    changes: ['ENTRYPOINT ["/bin/alertmanager"]', 'WORKDIR /alertmanager'],
  });
  const haproxy = findProgram('haproxy');
  await ensureLocalImage(engine, {
    tag: 'mpa-lab/haproxy:test',
    files: new Map([['usr/sbin/haproxy', haproxy], ...(await librariesOf(haproxy))]),
    changes: ['CMD ["haproxy", "-v"]'],
  });
}

async function ensurePredictorImage({ docker, dockerHost }: Engine): Promise<void> {
  const script = join(repositoryFolder, 'predictor', 'scripts', 'image.ts');
  const options = ['--tag', 'mpa-lab/predictor:test', '--base', baseImage, '--label', 'mpa.lab=1'];
  await run(process.execPath, [script, ...options], {
    env: { ...process.env, DOCKER_HOST: dockerHost, DOCKER_CONFIG: dockerConfigFolder() },
    timeout: BUILD_MS,
  });
  await docker.pruneImages({ filters: { dangling: ['true'], label: ['mpa.lab=1'] } });
}
