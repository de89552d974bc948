import { generatePlan } from './plan/generate.ts';
import { type Outcome, runPlan } from './world/world.ts';

/** What a number of worlds went through. */
export type Tally = {
  worlds: number;
  incidents: number;
  deaths: number;
  faults: number;
  calls: number;
  signals: number;
  simulatedMs: number;
};

/** Runs one world after the other until `goesOn` says no, or something does not hold. */
export async function runSeeds(
  from: number,
  goesOn: (tally: Tally) => boolean,
): Promise<{ readonly tally: Tally; readonly failure: Outcome | null }> {
  const tally: Tally = {
    worlds: 0,
    incidents: 0,
    deaths: 0,
    faults: 0,
    calls: 0,
    signals: 0,
    simulatedMs: 0,
  };
  for (let seed = from; goesOn(tally); seed += 1) {
    const outcome = await runPlan(generatePlan(seed));
    tally.worlds += 1;
    tally.incidents += outcome.incidents;
    tally.deaths += outcome.deaths;
    tally.faults += outcome.faults;
    tally.calls += outcome.calls;
    tally.signals += outcome.signals;
    tally.simulatedMs += outcome.simulatedMs;
    if (outcome.violation !== null) return { tally, failure: outcome };
  }
  return { tally, failure: null };
}

/** One line of a report. */
export function describeTally(tally: Tally): string {
  const { worlds, incidents, deaths, faults, calls, signals, simulatedMs } = tally;
  const hours = Math.round(simulatedMs / 360_000) / 10;
  return `${worlds} worlds, ${hours} simulated hours, ${incidents} incidents, ${signals} signals, ${calls} mutating calls, ${deaths} crashes and stops of the agent, ${faults} faults`;
}
