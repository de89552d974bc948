import { ACTIONS } from '../actions/index.ts';
import type { TextSink } from '../cli/io.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { MpaError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { SystemClock } from '../systemClock.ts';
import { type Log, openLog, openOutput } from '../telemetry/log.ts';
import { type Agent, startAgent } from './agent.ts';

export type ServeOptions = {
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly stderr: TextSink;
  /** `auto`: for people where the output is a terminal, else JSON. Default. */
  readonly logFormat?: 'auto' | 'pretty';
  /** Called when the agent listens. */
  readonly onListening?: (agent: Agent, log: Log) => void;
  /** Whether local processes end with the agent; default: they go on. */
  readonly endsProcesses?: boolean;
};

/** The exit code for a configuration that cannot be run, or a part that cannot be had at start. */
const CANNOT_START = 1;

/**
 * Runs the agent until SIGTERM or SIGINT; SIGHUP loads the configuration anew.
 *
 * @returns the exit code: 0 after an orderly end.
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { file, environment, version, stderr } = options;
  const read = () => loadConfig({ file, environment, actions: ACTIONS });
  const first = read();
  for (const warning of first.warnings) stderr.write(`warning: ${formatProblem(warning)}\n`);
  if (!first.ok) {
    for (const problem of first.problems) stderr.write(`error: ${formatProblem(problem)}\n`);
    stderr.write(`${file} has errors; the agent was not started.\n`);
    return CANNOT_START;
  }
  const clock = new SystemClock();
  const output = openOutput(1);
  const log = openLog({
    level: levelOf(first.config),
    format: options.logFormat ?? 'auto',
    isTty: process.stdout.isTTY === true,
    clock,
    write: output.write,
  });
  const reload = async (): Promise<Config> => {
    const again = read();
    if (again.ok) return again.config;
    throw new MpaError('CONFIG_INVALID', again.problems.map(formatProblem).join('; '));
  };
  try {
    const stopped = untilSignalled(clock);
    const agent = await startAgent({
      version,
      clock,
      log,
      config: first.config,
      reload,
      environment,
      endsProcesses: options.endsProcesses === true,
    });
    log.info({ url: agent.url, settings: first.config.settings.version }, `listening on ${agent.url}`);
    process.on('SIGHUP', () => void onHangUp(agent, log));
    options.onListening?.(agent, log);
    const signal = await stopped;
    log.info(`${signal}: no more signals are taken; what is under way may end`);
    await agent.stop(signal);
    return 0;
  } catch (error) {
    if (!(error instanceof MpaError)) throw error;
    stderr.write(`${error.message}\n`);
    return CANNOT_START;
  } finally {
    await output.close();
  }
}

async function onHangUp(agent: Agent, log: Log): Promise<void> {
  try {
    await agent.reload();
  } catch (error) {
    log.error({ err: error }, 'the configuration was not loaded; the one before stays in force');
  }
}

/** What comes so soon after the first signal is the same: Ctrl-C comes from the terminal and from npm; milliseconds. */
const SAME_SIGNAL_MS = 1_000;

/** The first signal ends the agent in order; one that comes later than a moment after it ends it at once. */
function untilSignalled(clock: Clock): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let firstAt: number | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    firstAt ??= clock.monotonic();
    resolve(signal);
    if (clock.monotonic() - firstAt < SAME_SIGNAL_MS) return;
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    process.kill(process.pid, signal);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return promise;
}

function levelOf({ edge }: Config): 'trace' | 'debug' | 'info' | 'warn' | 'error' {
  return edge.log.level === 'fatal' ? 'error' : edge.log.level;
}
