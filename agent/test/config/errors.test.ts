// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how configuration writes a variable.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemsOf } from './load.ts';

/** A whole file around the targets, the strategies, or a single step. */
const target = (lines: string) => `targets:\n  a:\n    container: a\n${lines}`;
const step = (text: string) =>
  `strategies:\n  - name: s\n    sources: [probe]\n    steps:\n      - ${text}\n`;
const matcher = (text: string) =>
  `strategies:\n  - name: s\n    matchers:\n      - ${text}\n    steps: [{action: check_logs}]\n`;

describe('an error in a configuration is told at its place, with what is allowed and the nearest word', () => {
  const cases: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    [
      'unknown key',
      'servr: {}',
      /^1:1: servr: unknown key; did you mean "server"\?; allowed: mode, .*server/,
    ],
    [
      'unknown key of a target',
      target('    prots: []'),
      /^4:5: targets\.a\.prots: unknown key; .*allowed: .*probes/,
    ],
    ['wrong type', 'mode: [off]', /^1:7: mode: must not be a list; allowed: off, observe, approve, auto/],
    ['a container name that no engine has', 'targets:\n  a: { container: web/../x }', /is no container name/],
    [
      'a target called like the fleet',
      'targets:\n  the fleet: { container: a }',
      /the agent needs for itself/,
    ],
    ['unknown word', 'mode: aprove', /did you mean "approve"\?/],
    [
      'bare number for a duration',
      'drain_time: 10',
      /^1:13: drain_time: is a bare number; .*write 10s or 10ms/,
    ],
    ['text that is no duration', 'drain_time: 5 m', /is no duration: "5 m"; write a number with a unit/],
    ['duration out of range', 'guards: {budget: {window: 2d}}', /window: is 2d, outside of 1s to 1h/],
    ['key without a value', 'drain_time:', /^1:12: drain_time: must be a duration/],
    ['missing parameter', step('action: wait'), /^5:9: .*steps\[0\]\.for: is required/],
    [
      'unknown action',
      step('action: restat'),
      /^5:17: .*there is no action "restat"; did you mean "restart"\?; allowed: check_logs/,
    ],
    [
      'unknown parameter',
      step('{action: restart, stopTimeout: 1s}'),
      /stopTimeout: unknown key; did you mean "stop_timeout"\?/,
    ],
    ['bad parameter', step('{action: check_logs, lines: 0}'), /lines: must be at least 1/],
    ['matcher without operator', matcher("'service'"), /^4:9: .*"service" is no matcher/],
    ['matcher with an open quote', matcher("'service=\"a'"), /quote that is not closed/],
    ['matcher that is no RE2', matcher('\'service=~"(?=a)"\''), /no RE2 expression/],
    [
      'unknown placeholder',
      step('{action: escalate_to_human, reason: "{{ service }}"}'),
      /unknown placeholder \{\{ service \}\}; allowed: \{\{ target \}\}/,
    ],
    [
      'open placeholder',
      step('{action: escalate_to_human, reason: "{{ target"}'),
      /placeholder that is not closed/,
    ],
    [
      'strategy for nothing',
      'strategies: [{name: s, steps: [{action: check_logs}]}]',
      /neither matchers nor sources/,
    ],
    [
      'strategy without steps',
      'strategies: [{name: s, sources: [probe], steps: []}]',
      /steps: must have at least 1 entries/,
    ],
    [
      'unreachable step',
      step('action: escalate_to_human\n      - action: restart'),
      /^6:9: .*steps\[1\]: is never reached/,
    ],
    [
      'condition of a step that looks',
      step('{action: check_logs, only_if: [restart_helps]}'),
      /only_if: has a condition that is not for a step that looks.*previous_done/,
    ],
    [
      'condition of a step that calls a person',
      step('{action: escalate_to_human, only_if: [restart_helps]}'),
      /only_if: is for steps that act or look/,
    ],
    [
      'condition upon a step that is not there',
      step('{action: restart, only_if: [previous_failed]}'),
      /only_if: previous_failed needs a step right before it that looks/,
    ],
    [
      'condition that never holds',
      step('{action: check_health, on_failure: stop}\n      - {action: restart, only_if: [previous_failed]}'),
      /only_if: previous_failed never holds/,
    ],
    [
      'unknown condition',
      step('{action: restart, only_if: [sometimes]}'),
      /only_if\[0\]: .*previous_failed.*restart_helps/,
    ],
    ['dependency on itself', target('    depends_on: [a]'), /circle \(a -> a\)/],
    [
      'dependencies in a circle',
      'targets:\n  a: {container: a, depends_on: [b]}\n  b: {container: b, depends_on: [a]}',
      /circle \(a -> b -> a\)/,
    ],
    [
      'unknown dependency',
      `discovery: {by: []}\n${target('    depends_on: [aa]')}`,
      /there is no target "aa"; did you mean "a"\?/,
    ],
    ['target that is the agent', 'targets: {market-programmer-agent: {container: x}}', /is the agent itself/],
    [
      'container that is the agent',
      'targets: {x: {container: market-programmer-agent}}',
      /is the agent itself/,
    ],
    [
      'target without selector',
      'targets: {x: {}}',
      /needs one of container, compose_service and label .*none is given/,
    ],
    [
      'target with two selectors',
      target('    compose_service: a'),
      /container and compose_service are given/,
    ],
    ['local target without process', 'targets: {x: {runtime: local}}', /needs `process`/],
    [
      'two targets for one container',
      'targets: {x: {container: c}, y: {container: c}}',
      /selects the same containers as x/,
    ],
    [
      'alias that another target has',
      'targets: {x: {container: x}, y: {container: y, aliases: [x]}}',
      /x answers to x already/,
    ],
    ['schedule without probes', target('    schedule: {}'), /there are no `probes`/],
    ['proof that could never succeed', 'verification: {soak: 5m}', /must be longer than the soak/],
    [
      'status that is none',
      target('    probes: [{type: http, url: "http://x", status: [99]}]'),
      /must be a status such as 200/,
    ],
    ['unknown kind of probe', target('    probes: [{type: htpp, url: "http://x"}]'), /did you mean "http"\?/],
    [
      'JSON pointer that is none',
      target('    probes: [{type: http, url: "http://x", json: {pointer: status, equals: 1}}]'),
      /JSON pointer \(RFC 6901\)/,
    ],
    ['password in an address', 'prometheus: {url: "http://u:p@x"}', /must not hold a user or password/],
    ['open port without tokens', 'server: {listen: "0.0.0.0:80"}', /webhook_token_files: is required/],
    [
      'secret file that is not there',
      'alertmanager: {url: "http://x", token_file: nowhere}',
      /nowhere cannot be read: there is no such file/,
    ],
    ['webhook without address', 'notifiers: {x: {type: webhook}}', /needs either `url` or `url_file`/],
    [
      'two strategies of one name',
      `${step('action: check_logs')}  - {name: s, sources: [person], steps: [{action: check_logs}]}`,
      /another strategy has the name s/,
    ],
  ];
  for (const [what, text, says] of cases) {
    it(what, () => {
      const problems = problemsOf(text);
      assert.ok(
        problems.some((problem) => says.test(problem)),
        `${says} in\n${problems.join('\n')}`,
      );
      assert.ok(problems.length <= 2, `nothing that only follows from it:\n${problems.join('\n')}`);
    });
  }

  it('all of them at once, in the order of the file', () => {
    const problems = problemsOf(
      [
        'mode: automatic',
        'drain_time: 10',
        'journal: {path: "${NOWHERE}"}',
        'targets:',
        '  a: {container: a, colour: red, depends_on: [b]}',
        '  b: {container: b, compose_service: b, depends_on: [a]}',
        'strategies:',
        '  - name: one',
        '    matchers: [service]',
        '    steps: [{action: restrat}, {action: wait}]',
        '  - steps: 5',
        '  - name: three',
        '    steps: [{action: restart, stop_timeout: 5}]',
      ].join('\n'),
    );
    const expected = [
      /^1:7: mode:/,
      /^2:13: drain_time:/,
      /^3:17: journal\.path:/,
      /^5:21: targets\.a\.colour: unknown key/,
      /^6:3: targets\.b: needs one of/,
      /^6:54: targets\.b\.depends_on\[0\]: .*circle/,
      /^9:16: strategies\[0\]\.matchers\[0\]:/,
      /^10:22: strategies\[0\]\.steps\[0\]\.action: .*"restart"/,
      /^10:32: strategies\[0\]\.steps\[1\]\.for: is required/,
      /^11:5: strategies\[1\]\.name: is required/,
      /^11:12: strategies\[1\]\.steps: must be a list/,
      /^12:5: strategies\[2\]: has neither matchers nor sources/,
      /^13:45: strategies\[2\]\.steps\[0\]\.stop_timeout: is a bare number/,
    ];
    assert.equal(problems.length, expected.length, problems.join('\n'));
    expected.forEach((pattern, index) => {
      assert.match(problems[index] ?? '', pattern);
    });
  });
});
