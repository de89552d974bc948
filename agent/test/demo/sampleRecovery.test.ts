import assert from 'node:assert/strict';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { ACTIONS } from '../../src/actions/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { runOf } from '../../src/core/target.ts';
import { choosePort } from '../../src/demo/choosePort.ts';
import { ProbeRounds } from '../../src/engine/probeRounds.ts';
import { NetworkProber } from '../../src/sources/prober.ts';
import { ProbeSource } from '../../src/sources/probeSchedule.ts';
import { clock, eventually, inTime, look, openFolder, openRuntime } from '../runtimes/local/bench.ts';

/** What the example's probe has to say of each fault. */
const FAULTS = {
  crash: /^connection refused/,
  hang: /^no answer in 2 s/,
  errors: /^HTTP 500, wanted 200-299/,
  slow: /^no answer in 2 s/,
} as const;

for (const [fault, reason] of Object.entries(FAULTS)) {
  test(`the example’s probe sees the sample broken by ${fault}, and a restart mends it`, async () => {
    await using folder = await openFolder();
    await using it = await openRuntime(folder.path);
    const port = await choosePort(0);
    const loaded = loadConfig({
      file: join(import.meta.dirname, '../../../mpa.yml'),
      environment: { MPA_NODE: process.execPath, MPA_SAMPLE_PORT: String(port), MPA_SAMPLE_RUNTIME: 'local' },
      actions: ACTIONS,
    });
    assert.ok(loaded.ok);
    const [target] = loaded.config.settings.targets;
    assert.ok(target !== undefined);

    const heard: { readonly state: string; readonly reason: string }[] = [];
    const stop = new AbortController();
    const source = new ProbeSource({
      clock,
      prober: new NetworkProber(clock),
      random: () => 0,
      begin: (name) => new ProbeRounds().begin(name),
      hear: async (signal) => void (signal.source === 'probe' && heard.push(signal)),
      report: () => undefined,
      failed: (_target, error) => assert.fail(String(error)),
      signal: stop.signal,
    });
    const last = (state: string) =>
      eventually(
        `the probe to be ${state}`,
        () => heard.at(-1),
        (signal) => signal?.state === state,
      );
    try {
      await it.runtime.ensureStarted(target, inTime());
      source.watch([target]);
      await last('passing');
      await fetch(`http://127.0.0.1:${port}/break/${fault}`, { method: 'POST' });
      assert.match((await last('failing'))?.reason ?? '', reason);
      const broken = await look(it.runtime, target);
      await it.runtime.restart(broken, { stopTimeoutMs: 500 }, inTime());
      assert.notEqual(runOf(await look(it.runtime, target)), runOf(broken));
      await last('passing');
    } finally {
      stop.abort();
    }
  });
}
