import type { Clock, Runtime } from '../../src/ports.ts';
import type { ManualClock } from '../fakes/clock.ts';
import type { FakeRuntime } from '../fakes/fakeRuntime.ts';

/** The clock as one process feels it: a dead one wakes from nothing. */
export function mortalClock(clock: ManualClock, alive: () => boolean): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => (alive() ? clock.sleep(ms, signal) : new Promise<void>(() => undefined)),
    after: (ms, call) => (alive() ? clock.after(ms, call) : () => undefined),
  };
}

/** The runtime as one process reaches it: when that is dead, nothing of it gets there, and nothing answers. */
export function mortalRuntime(runtime: FakeRuntime, alive: () => boolean): Runtime {
  const through = <T>(call: () => Promise<T>): Promise<T> =>
    alive() ? call() : new Promise<T>(() => undefined);
  return {
    name: runtime.name,
    discover: (signal) => through(() => runtime.discover(signal)),
    instances: (of, signal) => through(() => runtime.instances(of, signal)),
    evidence: (instance, found, signal, failedAt) =>
      through(() => runtime.evidence(instance, found, signal, failedAt)),
    logs: (instance) => through(() => runtime.logs(instance)),
    resources: () => through(() => runtime.resources()),
    restart: (instance) => through(() => runtime.restart(instance)),
    start: (instance) => through(() => runtime.start(instance)),
    close: () => runtime.close(),
  };
}
