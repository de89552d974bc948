import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ADDRESSES, makeSecrets } from '../../scripts/makeSecrets.ts';
import { repositoryFolder } from '../lab/labFolder.ts';
import { shortenAlertmanager, shortenPrometheus, shortenRules } from './shorten.ts';

/** What the suite's pace asks of the agent; everything else is as it ships. */
const PACE = {
  verification: { soak: '3s', timeout: '45s' },
  guards: {
    grace: { after_start: '1s' },
    supervisor: { patience: '3s' },
    backoff: { initial: '1s', max: '2s' },
    // One fault after the other, each of which is mended.
    budget: { mutations: 100 },
    flapping: { recoveries: 100 },
  },
};

/** Writes the run's files into a folder, made of those that ship. */
export async function writeStackFiles(folder: string): Promise<void> {
  const shipped = join(repositoryFolder, 'monitoring');
  const files: readonly (readonly [string, (text: string) => string])[] = [
    ['mpa.yml', (text) => JSON.stringify({ ...parse(text), ...PACE }, null, 2)],
    ['prometheus/prometheus.yml', shortenPrometheus],
    ['alertmanager/alertmanager.yml', shortenAlertmanager],
    ...(await readdir(join(shipped, 'prometheus', 'rules'))).map(
      (name) => [`prometheus/rules/${name}`, shortenRules] as const,
    ),
  ];
  // Everyone may read: who does it in the containers is another user.
  await chmod(folder, 0o755);
  for (const path of ['prometheus/rules', 'alertmanager'])
    await mkdir(join(folder, path), { recursive: true });
  for (const [path, change] of files) {
    await writeFile(join(folder, path), change(await readFile(join(shipped, path), 'utf8')), { mode: 0o644 });
  }
  const told = ADDRESSES.map((name) => [name, `http://receiver:8080/${name}`]);
  makeSecrets(join(folder, 'secrets'), Object.fromEntries(told));
}
