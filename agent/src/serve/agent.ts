import { randomBytes } from 'node:crypto';
import { ACTIONS } from '../actions/index.ts';
import type { Config } from '../config/load.ts';
import type { Target } from '../core/target.ts';
import { Engine } from '../engine/engine.ts';
import { MpaError } from '../errors.ts';
import { keepHeapSmall } from '../heapKeeper.ts';
import { closeServer } from '../http/closeServer.ts';
import { DEFAULT_HTTP_LIMITS } from '../http/limits.ts';
import { assertMayListen } from '../http/loopback.ts';
import { createServer } from '../http/server.ts';
import { TokenKeeper, TokenSet } from '../http/tokens.ts';
import { SqliteJournal } from '../journal/sqliteJournal.ts';
import type { Clock } from '../ports.ts';
import { NetworkProber } from '../sources/prober.ts';
import { ProbeSource } from '../sources/probeSchedule.ts';
import { everyTelemetry } from '../telemetry/everyTelemetry.ts';
import { JournalLog } from '../telemetry/journalLog.ts';
import type { Log } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { startWatchdog } from '../watchdog.ts';
import { type Adapters, openAdapters, openNotifiers } from './adapters.ts';
import { startBackground } from './background.ts';
import { CurrentAnalyst } from './currentAnalyst.ts';
import { CurrentDiagnosis } from './currentDiagnosis.ts';
import { discreetProber } from './discreetProber.ts';

/** A main loop that has not turned for this long has hung, milliseconds. */
const HANG_MS = 10_000;
/** Local processes that end with the agent may take this long, milliseconds. */
const STOP_PROCESSES_MS = 10_000;
/** How often targets that nobody watches are looked at for the view of them, milliseconds. */
const SURVEY_MS = 15_000;
/** How often targets that discovery found meanwhile get their probes, milliseconds. */
const REWATCH_MS = 15_000;

export type AgentOptions = {
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: Config;
  /** Reads the configuration anew; rejects with `CONFIG_INVALID`. */
  readonly reload: () => Promise<Config>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether local processes end with the agent. By default they go on: the end of the healer is no reason to stop a service. */
  readonly endsProcesses: boolean;
};

/** A running agent. */
export type Agent = {
  /** `http://host:port` that it listens on. */
  readonly url: string;
  readonly adapters: Adapters;
  readonly engine: Pick<Engine, 'openIncidents' | 'controls'>;
  /** Puts the configuration in force anew, all or nothing. */
  readonly reload: () => Promise<{ readonly settings: string }>;
  /** Takes no more signals, lets a running step finish within the drain time, and goes. */
  readonly stop: (reason: string) => Promise<void>;
};

/**
 * Puts the agent together: the one place that knows every part. Resolves when it listens.
 *
 * Everything that was opened is closed again when a later part cannot be had.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { clock, log, config, version, environment } = options;
  const { edge } = config;
  await using opened = new AsyncDisposableStack();
  const over = new AbortController();
  opened.defer(() => over.abort(new Error('the agent stops')));

  const tokens = tokensOf(config);
  assertMayListen(edge.server.host, tokens);
  const journal = SqliteJournal.open(edge.journal.path);
  opened.defer(() => journal.close());
  const adapters = await openAdapters(config, clock, environment, (sentence) => log.warn(sentence));
  for (const runtime of adapters.runtimes.values()) opened.defer(() => runtime.close());

  if (options.endsProcesses)
    opened.defer(() => adapters.local?.stopAll(AbortSignal.timeout(STOP_PROCESSES_MS)));

  const metrics = new Metrics(version);
  const analyst = opened.use(new CurrentAnalyst(edge.analyst, clock));
  const diagnosis = new CurrentDiagnosis(edge);
  const prober = discreetProber(new NetworkProber(clock), diagnosis.redact);
  const engine = new Engine({
    version,
    clock,
    journal,
    prober,
    runtimes: adapters.runtimes,
    symptoms: adapters.symptoms,
    alertReader: adapters.alertReader,
    keptLogs: adapters.keptLogs,
    diagnoser: diagnosis,
    redact: diagnosis.redact,
    analyst,
    metrics: adapters.metrics,
    actions: new Map(ACTIONS.map((action) => [action.name, action])),
    notifiers: openNotifiers(edge.notifiers, config.settings.escalationAlertName, clock),
    selfFinder: adapters.selfFinder,
    telemetry: everyTelemetry(metrics, new JournalLog(log)),
    newId: () => newId(clock),
    link: (incident) => `${edge.externalUrl}/api/v1/incidents/${incident}`,
    settings: config.settings,
  });
  await startProcesses(adapters, config.settings.targets, log, over.signal);
  await engine.start();
  opened.defer(() => engine.stop('the agent was stopped', edge.drainMs));

  const probes = new ProbeSource({
    clock,
    prober,
    random: Math.random,
    begin: (target) => engine.beginProbes(target),
    hear: (signal) => engine.hear(signal),
    report: (target, results, at) => engine.noteProbes(target, results, at),
    failed: (target, error) =>
      log.warn({ target: target.name, err: error }, 'a probe’s signal was not taken; it is said again'),
    signal: over.signal,
  });
  void watchTargets(engine, probes, metrics, clock, over.signal);
  void engine.survey(SURVEY_MS);
  let inForce = config;
  const { docker, runtimes } = adapters;
  const { signal } = over;
  startBackground({ engine, docker, runtimes, config: () => inForce, metrics, clock, log, signal });

  const webhookTokens = new TokenKeeper(tokens.webhook);
  const operatorTokens = new TokenKeeper(tokens.operator);
  const reloadNow = async () => {
    const fresh = await options.reload();
    const freshTokens = tokensOf(fresh);
    assertMayListen(fresh.edge.server.host, freshTokens);
    assertMayListen(edge.server.host, freshTokens);
    const notifiers = openNotifiers(fresh.edge.notifiers, fresh.settings.escalationAlertName, clock);
    const putDiagnosis = diagnosis.prepare(fresh.edge);
    // Closed again where something fails before it is put in force.
    using freshAnalyst = analyst.prepare(fresh.edge.analyst);
    await startProcesses(adapters, fresh.settings.targets, log, over.signal);
    // What can fail is behind us, and nobody gets a turn before all of it is in force.
    adapters.reconfigure(fresh.settings);
    putDiagnosis();
    freshAnalyst.put();
    webhookTokens.replace(freshTokens.webhook);
    operatorTokens.replace(freshTokens.operator);
    inForce = fresh;
    await engine.reload(fresh.settings, notifiers);
    probes.watch(engine.knownTargets());
    log.info({ settings: fresh.settings.version }, 'the configuration was loaded anew');
    return { settings: fresh.settings.version };
  };
  let lastReload: Promise<unknown> = Promise.resolve();
  // One after the other: what is in force is what was read last. How the one before ended, its own caller is told.
  const reload = () => {
    const next = lastReload.then(reloadNow, reloadNow);
    lastReload = next;
    return next;
  };

  const server = await createServer({
    control: engine,
    journal,
    clock,
    webhookTokens,
    operatorTokens,
    limits: DEFAULT_HTTP_LIMITS,
    telemetry: metrics,
    log,
    healthy: () => ({ ok: true, reason: 'the loop turns' }),
    ready: () =>
      engine.ready
        ? { ok: true, reason: 'signals are taken' }
        : { ok: false, reason: 'the journal cannot be written' },
    metrics: { contentType: metrics.contentType, render: () => metrics.render() },
    reload,
    version,
  });
  const url = await listen(server, edge.server.host, edge.server.port);
  opened.defer(() => closeServer(server, clock, DEFAULT_HTTP_LIMITS.closeGraceMs));
  opened.use(startWatchdog(clock, HANG_MS));
  void keepHeapSmall(clock, over.signal);

  const running = opened.move();
  return { url, adapters, engine, reload, stop: () => running.disposeAsync() };
}

async function listen(
  server: Awaited<ReturnType<typeof createServer>>,
  host: string,
  port: number,
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new MpaError('CANNOT_LISTEN', `${host}:${port} (${code})`, { cause: error });
  }
}

/** Local processes are started when they are not running; one that ended by itself is left for its recovery. */
async function startProcesses(
  { local }: Adapters,
  targets: readonly Target[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  if (local === null) return;
  for (const target of targets.filter(({ runtime }) => runtime === 'local')) {
    try {
      const { did, reason } = await local.ensureStarted(target, signal);
      log.info({ target: target.name }, `${target.name}: process ${did}: ${reason}`);
    } catch (error) {
      log.error(
        { target: target.name, err: error },
        'its process could not be started; its probes will tell',
      );
    }
  }
}

/** Targets come and go with discovery; each with a schedule is probed. */
async function watchTargets(
  engine: Engine,
  probes: ProbeSource,
  metrics: Metrics,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const targets = engine.knownTargets();
    probes.watch(targets);
    metrics.retainTargets(new Set(targets.map(({ name }) => name)));
    await clock.sleep(REWATCH_MS, signal).catch(() => undefined); // Aborted: the loop ends.
  }
}

function tokensOf({ edge }: Config): { readonly webhook: TokenSet; readonly operator: TokenSet } {
  const { webhookTokens, operatorTokens } = edge.server;
  return {
    webhook: new TokenSet(webhookTokens.map((token) => token.reveal())),
    operator: new TokenSet(operatorTokens.map((token) => token.reveal())),
  };
}

/** Sorts by time and is short enough to type: base 36 of the time, and of chance. */
function newId(clock: Clock): string {
  return `${clock.now().toString(36)}-${randomBytes(3).toString('hex')}`;
}
