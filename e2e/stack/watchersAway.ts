// Prometheus and Alertmanager are stopped: the agent needs neither for a repair, and they find their places again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stack } from './stack.ts';

export function watchersAwayTests(running: () => Stack): void {
  test('without Prometheus and Alertmanager a dead service is started again, and they come back to work', async () => {
    const stack = running();
    await stack.whenWell();
    await stack.compose('stop', 'prometheus', 'alertmanager');
    const known = await stack.incidents();
    await stack.container('market-predictor').kill();
    const { id, outcome } = await stack.whenIncident(known, ({ phase }) =>
      ['ended', 'escalated'].includes(phase),
    );
    assert.equal(outcome, 'recovered', JSON.stringify(await stack.journal(id), null, 1));

    await stack.compose('start', 'prometheus', 'alertmanager');
    await stack.whenWell();
    const before = await stack.incidents();
    await stack.fault({ kind: 'hang' });
    const next = await stack.whenIncident(before, ({ phase }) => ['ended', 'escalated'].includes(phase));
    const journal = await stack.journal(next.id);
    assert.equal(next.outcome, 'recovered', JSON.stringify(journal, null, 1));
    assert.match(JSON.stringify(journal), /MarketPredictorNotResponding/, 'it was heard by way of them');
  });
}
