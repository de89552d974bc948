import type { Target } from '../../../src/core/target.ts';
import { type RuntimeBench, runtimeContract, type ServiceWish } from '../../contracts/runtime.ts';
import {
  eventually,
  inTime,
  kill,
  leaderOf,
  look,
  openFolder,
  openRuntime,
  printed,
  serviceTarget,
} from './bench.ts';

async function open(): Promise<RuntimeBench> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await openFolder());
  const { runtime } = stack.use(await openRuntime(folder.path));
  let count = 0;

  const begin = async ({ prints, ignoresSigterm }: ServiceWish): Promise<Target> => {
    count += 1;
    const target = serviceTarget(`service-${count}`, {
      PRINTS: JSON.stringify(prints),
      IGNORE_SIGTERM: ignoresSigterm ? '1' : '0',
    });
    await runtime.ensureStarted(target, inTime());
    await printed(runtime, target, prints.at(-1) ?? '');
    return target;
  };
  return {
    runtime,
    run: async (wish) => {
      const target = await begin(wish);
      return { target, crash: async () => kill((await leaderOf(folder.path, target)).pid, 'SIGUSR2') };
    },
    absent: { ...serviceTarget('absent'), selector: { by: 'container-name', name: 'absent' } },
    vanished: async () => {
      const target = await begin({ prints: ['gone soon'], ignoresSigterm: false });
      const instance = await look(runtime, target);
      await runtime.release(target.name);
      return instance;
    },
    deadline: (ms) => AbortSignal.timeout(ms),
    eventually,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

runtimeContract('local processes', open);
