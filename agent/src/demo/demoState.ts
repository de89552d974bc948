import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  runtime: z.enum(['docker', 'local']),
  samplePort: z.int().min(1).max(65_535),
});

/** What the last demonstration chose; a sample of it may still be running when the agent was killed. */
export type DemoState = Readonly<z.infer<typeof schema>>;

/** `null` when there is none, or none that can be read: then it is chosen anew. */
export async function readDemoState(folder: string): Promise<DemoState | null> {
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')));
  } catch {
    // It saves a choice and nothing else; whatever is wrong with it, choosing again is the remedy.
    return null;
  }
}

export async function writeDemoState(folder: string, state: DemoState): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, 'demo.json.new');
  await writeFile(draft, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  await rename(draft, join(folder, 'demo.json'));
}
