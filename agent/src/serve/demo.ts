import { fileURLToPath } from 'node:url';
import type { TextSink } from '../cli/io.ts';
import { prepareDemo } from '../cli/start.ts';
import { handoverOf } from '../demo/handover.ts';
import { isRunningUnder } from '../runtimes/local/localRuntime.ts';
import { SystemClock } from '../systemClock.ts';
import { serve } from './serve.ts';

/** Runs the agent with its example, and takes the sample along when it ends. */
export async function runDemo(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
}): Promise<number> {
  const { environment, version, stdout, stderr } = options;
  const demo = await prepareDemo({
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    environment,
    clock: new SystemClock(),
    isRunningLocally: isRunningUnder,
    say: (sentence) => stderr.write(`${sentence}\n`),
  });
  let began = false;
  try {
    return await serve({
      file: demo.configFile,
      environment: demo.environment,
      version,
      stderr,
      endsProcesses: true,
      logFormat: 'pretty',
      onListening: ({ engine }) => {
        began = true;
        stdout.write(demo.greeting(handoverOf(demo.target, engine.openIncidents(), engine.controls())));
      },
    });
  } finally {
    // One that found another agent at work leaves that one's sample alone.
    if (began) await demo.stop();
  }
}
