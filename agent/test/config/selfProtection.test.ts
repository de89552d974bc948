import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemsOf } from './load.ts';

/** A configuration with one strategy of these matchers, whose second step is `step`. */
function strategy({
  matchers = ['alertname="X"'],
  targets = [] as readonly string[],
  step = 'restart',
  more = '',
}): string {
  return JSON.stringify({
    targets: {
      predictor: { container: 'predictor' },
      bank: { compose_service: 'ledger', protected: true, aliases: ['treasury'] },
    },
    protected_names: ['postgres'],
    self_names: ['mpa-blue'],
    prometheus: { url: 'http://metrics:9090' },
    docker: { host: 'tcp://gate:2375' },
    ...(more === '' ? {} : { label_mappings: [more] }),
    strategies: [
      {
        name: 's',
        matchers,
        ...(targets.length === 0 ? {} : { targets }),
        steps: [{ action: 'check_logs' }, { action: step }],
      },
    ],
  });
}

describe('a strategy that acts and means a protected target is refused at load', () => {
  const refused: readonly (readonly [what: string, options: Parameters<typeof strategy>[0]])[] = [
    ['by the agent’s own name', { matchers: ['service="market-programmer-agent"'] }],
    ['by a further name of the agent', { matchers: ['job="mpa-blue"'] }],
    ['by a pattern', { matchers: ['service=~"market-.*"'] }],
    ['by one of several names', { matchers: ['service=~"predictor|prometheus"'] }],
    ['by what the configuration protects', { matchers: ['compose_service="postgres"'] }],
    ['by a protected target', { matchers: ['service="bank"'] }],
    ['by the service behind a protected target', { matchers: ['service="ledger"'] }],
    ['by the alias of a protected target', { matchers: ['service="treasury"'] }],
    ['by the host of Prometheus', { matchers: ['service="metrics"'] }],
    ['by the host of the socket proxy', { matchers: ['container="gate"'] }],
    ['in its list of targets', { targets: ['predictor', 'bank'] }],
    ['by the alert about the agent', { matchers: ['alertname="MarketProgrammerAgentDown"'] }],
    ['by a pattern that takes in the alert about the agent', { matchers: ['alertname=~".*Down"'] }],
    [
      'also beside another label',
      { matchers: ['alertname="MarketProgrammerAgentDown", severity="critical"'] },
    ],
    ['also when it only starts', { matchers: ['service="prometheus"'], step: 'start' }],
    ['by a mapping of the user’s own', { matchers: ['team_service="prometheus"'], more: 'team_service' }],
  ];
  for (const [what, options] of refused) {
    it(what, () => {
      const problems = problemsOf(strategy(options));
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', /protected|the agent itself/);
    });
  }

  const allowed: readonly (readonly [what: string, options: Parameters<typeof strategy>[0]])[] = [
    ['another service', { matchers: ['service="predictor"'] }],
    ['anything', { matchers: ['service=~".+"'] }],
    ['anything but one', { matchers: ['service!="predictor"'] }],
    [
      'a pattern that leaves it out',
      { matchers: ['service=~"market-.*", service!="market-programmer-agent"'] },
    ],
    [
      'any alert that ends so, but not the agent’s',
      { matchers: ['alertname=~".*Down"', 'alertname!~"MarketProgrammerAgent.*"'] },
    ],
    [
      'it, without acting',
      { matchers: ['alertname="MarketProgrammerAgentDown"'], step: 'escalate_to_human' },
    ],
    ['it by a label that names no targets', { matchers: ['owner="prometheus"'] }],
  ];
  for (const [what, options] of allowed) {
    it(`and one that means ${what} is not`, () => {
      assert.deepEqual(problemsOf(strategy(options)), []);
    });
  }

  it('with a remedy that mends it', () => {
    const [problem = ''] = problemsOf(strategy({ matchers: ['service=~"market-.*"'] }));
    const remedy = /add the matchers (\S+),/.exec(problem)?.[1] ?? '';
    assert.deepEqual(problemsOf(strategy({ matchers: ['service=~"market-.*"', remedy] })), []);
  });
});
