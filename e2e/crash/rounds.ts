import { waitFor } from '../lab/waitFor.ts';
import { postAlert } from './alerts.ts';
import { type CrashBench, openCrashBench, startsSeen } from './bench.ts';

/** What a number of rounds came to. */
export type CrashReport = {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Rounds in which the container was started by the agent exactly once, and by how many not at all (mended already). */
  readonly startedOnce: number;
  readonly startedNever: number;
  readonly problems: readonly string[];
};

/** Half of the kills fall into the first moments, when the call is made; the others anywhere in the recovery. Milliseconds. */
const KILL_SOON_MS = 40;
const KILL_LATE_MS = 400;
const ROUND_MS = 60_000;

/**
 * Kills real containers, tells a real agent, kills the agent with SIGKILL at a random moment of the recovery, starts it
 * again on its journal, and counts what Docker saw.
 *
 * @param random 0 to 1, exclusive; seeded, so that a run can be told from another.
 */
export async function runRounds(
  rounds: number,
  random: () => number,
  say: (sentence: string) => void,
): Promise<CrashReport> {
  await using bench = await openCrashBench(3);
  const report = { rounds, acknowledged: 0, startedOnce: 0, startedNever: 0, problems: [] as string[] };
  for (let round = 1; round <= rounds; round += 1) {
    const killAfterMs = Math.round(random() * (random() < 0.5 ? KILL_SOON_MS : KILL_LATE_MS));
    const starts = await runRound(bench, round, killAfterMs);
    report.acknowledged += 1;
    if (starts === 1) report.startedOnce += 1;
    else if (starts === 0) report.startedNever += 1;
    else report.problems.push(`round ${round}: started ${starts} times`);
    say(
      `round ${round}: agent killed ${killAfterMs} ms after the acknowledgement; container started ${starts} times by it`,
    );
  }
  return report;
}

async function runRound(bench: CrashBench, round: number, killAfterMs: number): Promise<number> {
  const { services, agent, engine } = bench;
  const service = services[round % services.length];
  if (service === undefined) throw new Error('there are services');
  const since = Math.floor(Date.now() / 1_000) - 1;
  const before = await startsSeen(engine, service.id, since, Math.ceil(Date.now() / 1_000));
  await service.container.kill();
  await postAlert(agent.url, service.name, `round-${round}`);
  await new Promise((resolve) => setTimeout(resolve, killAfterMs));
  await agent.kill();
  await agent.launch();
  const mine = async () => {
    for (const incident of await agent.incidents()) {
      const entries = await agent.journal(incident.id);
      if (entries.some(({ body }) => JSON.stringify(body).includes(`"round-${round}"`))) return incident;
    }
    return null;
  };
  const ended = await waitFor(
    `the incident of round ${round} to end`,
    mine,
    (incident) => incident !== null && (incident.phase === 'ended' || incident.escalated),
    { deadlineMs: ROUND_MS },
  );
  if (ended?.outcome === null) throw new Error(`round ${round}: incident ${ended.id} was escalated`);
  await service.whenAnswering();
  return (await startsSeen(engine, service.id, since, Math.ceil(Date.now() / 1_000) + 1)) - before;
}
