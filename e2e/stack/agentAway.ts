// The agent itself is ended: in the middle of a repair, and for long. It is brought back, or somebody outside is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { getJson } from '../lab/getJson.ts';
import { waitFor } from '../lab/waitFor.ts';
import { FASTER } from './shorten.ts';
import type { Stack, Told } from './stack.ts';

/** How long the agent stays away after it was missed: half of ten minutes, at the lab's pace. */
const AWAY_MS = Number(process.env['MPA_E2E_AWAY_SECONDS'] ?? (5 * 60) / FASTER) * 1_000;
const AGENT = 'market-programmer-agent';

export function agentAwayTests(running: () => Stack): void {
  test('killed in the middle of a repair, the agent is brought back by Docker, and finishes the incident', async () => {
    const stack = running();
    await stack.whenWell();
    const known = await stack.incidents();
    const since = Math.floor(Date.now() / 1_000);
    await stack.fault({ kind: 'hang' });
    const begun = await stack.whenIncident(known, () => true);
    const types = async () => (await stack.journal(begun.id)).map(({ body }) => body.type);
    await waitFor('the restart to begin', types, (seen) => seen.includes('mutation-started'), {
      deadlineMs: 60_000,
    });

    // From inside, as a crash would be: what is killed through the API, Docker leaves dead. -1 is everyone but init.
    const { RestartCount } = await stack.inspect(AGENT);
    const kill = await stack.container(AGENT).exec({ Cmd: ['node', '-e', 'process.kill(-1, "SIGKILL")'] });
    // Detached, the stream says nothing and would never end.
    (await kill.start({ Detach: true })).destroy();
    const count = async () => (await stack.inspect(AGENT)).RestartCount;
    await waitFor('Docker to bring it back', count, (seen) => seen === RestartCount + 1);

    const ended = await stack.whenIncident(known, ({ phase }) => ['ended', 'escalated'].includes(phase));
    assert.equal(ended.id, begun.id);
    assert.equal(ended.outcome, 'recovered', JSON.stringify(await stack.journal(ended.id), null, 1));
    assert.equal(
      (await stack.happened('market-predictor', since)).filter((each) => each === 'restart').length,
      1,
    );
  });

  test('hung, the agent is ended by its own watchdog, brought back by Docker, and at work again', async () => {
    const stack = running();
    await stack.whenWell();
    const { RestartCount } = await stack.inspect(AGENT);
    // From inside: after any signal through the API, Docker leaves dead what dies.
    const hang = await stack.container(AGENT).exec({ Cmd: ['node', '-e', 'process.kill(-1, "SIGUSR2")'] });
    (await hang.start({ Detach: true })).destroy();
    const count = async () => (await stack.inspect(AGENT)).RestartCount;
    await waitFor('Docker to bring it back', count, (seen) => seen === RestartCount + 1, {
      deadlineMs: 40_000,
    });
    await stack.whenHealthy(AGENT);

    const known = await stack.incidents();
    await stack.fault({ kind: 'hang' });
    const ended = await stack.whenIncident(known, ({ phase }) => ['ended', 'escalated'].includes(phase));
    assert.equal(ended.outcome, 'recovered', JSON.stringify(await stack.journal(ended.id), null, 1));
  });

  test('stopped, the agent is reported outside of it for as long as it is away, never to it, and nobody restarts it', async () => {
    const stack = running();
    await stack.whenWell();
    const since = Math.floor(Date.now() / 1_000);
    const failedBefore = await failedNotifications(stack);
    const toldBefore = (await stack.told()).length;
    await stack.compose('stop', AGENT);

    const ofTheAgent = async (): Promise<readonly Told[]> =>
      (await stack.told())
        .slice(toldBefore)
        .filter(({ alerts }) => alerts.some(({ labels }) => labels['service'] === AGENT));
    const [first] = await waitFor('somebody to be told', ofTheAgent, (told) => told.length > 0, {
      deadlineMs: 60_000,
    });
    assert.equal(first?.to, 'agent_self_monitoring_url');
    assert.deepEqual(
      first?.alerts.map(({ status, labels }) => [status, labels['alertname']]),
      [['firing', 'MarketProgrammerAgentDown']],
    );

    // That nothing happens can only be seen by looking on for a while.
    await delay(AWAY_MS);
    assert.deepEqual(
      new Set((await ofTheAgent()).map(({ to }) => to)),
      new Set(['agent_self_monitoring_url']),
    );
    // To be sent to the agent, which is away, would be a notification that failed.
    assert.equal(await failedNotifications(stack), failedBefore);
    assert.ok((await stack.firing()).includes('MarketProgrammerAgentDown'));
    assert.equal((await stack.inspect(AGENT)).State.Status, 'exited');
    const done = await stack.happened(AGENT, since);
    assert.deepEqual(
      done.filter((each) => each === 'start' || each === 'restart'),
      [],
    );

    const known = await stack.incidents().catch(() => []);
    assert.deepEqual(known, [], 'it does not answer');
    await stack.compose('start', AGENT);
    await stack.whenHealthy(AGENT);
    await stack.whenWell();
    const resolved = (told: readonly Told[]) =>
      told.at(-1)?.alerts.every(({ status }) => status === 'resolved') === true;
    await waitFor('them to be told that it is back', ofTheAgent, resolved, { deadlineMs: 60_000 });
    assert.ok((await stack.incidents()).every(({ target }) => target === 'market-predictor'));
  });
}

async function failedNotifications(stack: Stack): Promise<number> {
  const query = encodeURIComponent('sum(alertmanager_notifications_failed_total) or vector(0)');
  const answer = (await getJson(`${stack.url('prometheus')}/api/v1/query?query=${query}`)) as {
    data: { result: readonly { readonly value: readonly [number, string] }[] };
  };
  return Number(answer.data.result[0]?.value[1]);
}
