// What a repair takes that a person makes by hand: the same fault, the same restart, the same end.
import { waitFor } from '../lab/waitFor.ts';
import type { Stack } from './stack.ts';

/** Milliseconds from the moment at which the fault is known. */
export type ByHand = {
  /** Until its own probe answers well. */
  readonly answersMs: number;
  /** Until that, and Docker's health check calls it healthy. */
  readonly healthyMs: number;
};

/** How often a person's watch looks, milliseconds: as often as the agent does at first. */
const LOOK_EVERY_MS = 50;
const LOOK_MS = 1_000;
/** A slow answer comes within this, milliseconds. */
const SLOW_ANSWER_MS = 10_000;
const DEADLINE_MS = 60_000;

/**
 * Breaks the predictor and restarts it at once.
 *
 * @param breakIt Breaks it, and resolves when whoever watches can know; the clock starts there.
 * @param stopTimeoutS What the agent's strategy for it gives it to stop: more would make the hand slower.
 */
export async function mendByHand(
  stack: Stack,
  breakIt: () => Promise<void>,
  stopTimeoutS: number,
): Promise<ByHand> {
  await breakIt();
  const begun = performance.now();
  await stack.container('market-predictor').restart({ t: stopTimeoutS });
  const [answersMs, healthyMs] = await Promise.all([
    untilTrue('the predictor to answer', () => answers(stack)).then(() => performance.now() - begun),
    untilTrue('Docker to call it healthy', () => isHealthy(stack)).then(() => performance.now() - begun),
  ]);
  return { answersMs, healthyMs: Math.max(answersMs, healthyMs) };
}

/** Kills the predictor; resolves with Docker's event of its death, which is what the agent hears, too. */
export async function killUntilKnown(stack: Stack): Promise<void> {
  const predictor = stack.container('market-predictor');
  const filters = JSON.stringify({ container: [predictor.id], event: ['die'] });
  const events = await stack.docker.getEvents({ filters });
  try {
    const died = new Promise<void>((resolve, reject) => {
      events.once('data', () => resolve());
      events.once('error', reject);
    });
    // Its answer comes later than the event: when the engine has cleared away what is left.
    await Promise.all([died, Promise.race([died, predictor.kill()])]);
  } finally {
    // The stream is a socket of the engine's; nothing else ends it.
    (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
  }
}

/** Lets the predictor hang, until it has answered nothing for as long as a sound one never takes. */
export async function hangUntilSilent(stack: Stack): Promise<void> {
  await stack.fault({ kind: 'hang' });
  const isSilent = () =>
    fetch(`${stack.url('market-predictor')}/health`, { signal: AbortSignal.timeout(LOOK_MS) }).then(
      () => false,
      () => true,
    );
  await untilTrue('it to hang', isSilent);
}

/** Lets the predictor be slow, until a forecast came slowly: like the agent's, this restart then finds slow requests under way. */
export async function slowUntilSeen(
  stack: Stack,
  fault: Parameters<Stack['fault']>[0],
  symbol: string,
): Promise<void> {
  await stack.fault(fault);
  const answer = await fetch(`${stack.url('market-predictor')}/v1/forecasts/${symbol}`, {
    signal: AbortSignal.timeout(SLOW_ANSWER_MS),
  });
  await answer.arrayBuffer();
}

async function answers(stack: Stack): Promise<boolean> {
  const response = await fetch(`${stack.url('market-predictor')}/health`, {
    // As the agent's probe: each time a connection of its own.
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(LOOK_MS),
  });
  const { status } = (await response.json()) as { status?: string };
  return response.ok && status === 'ok';
}

async function isHealthy(stack: Stack): Promise<boolean> {
  const { State } = await stack.inspect('market-predictor');
  return State.Status === 'running' && State.Health?.Status === 'healthy';
}

function untilTrue(what: string, look: () => Promise<boolean>): Promise<boolean> {
  return waitFor(what, look, Boolean, { deadlineMs: DEADLINE_MS, everyMs: LOOK_EVERY_MS });
}
