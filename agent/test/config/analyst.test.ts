import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ACTIONS } from '../../src/actions/index.ts';
import { missingPackages } from '../../src/config/analystPackages.ts';
import { explain } from '../../src/config/explain.ts';
import { type LoadResult, parseConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mpa-analyst-'));
  writeFileSync(join(folder, 'key'), 'sk-secret\n');
  writeFileSync(join(folder, 'odd'), 'sk-sécret\n');
});
after(() => rmSync(folder, { recursive: true }));

type Resolve = (name: string) => unknown;

function load(text: string, resolvePackage: Resolve = () => undefined): LoadResult {
  const file = join(folder, 'mpa.yml');
  return parseConfig(text, { file, environment: {}, actions: ACTIONS, resolvePackage });
}

function configOf(text: string) {
  const result = load(text);
  assert.ok(result.ok, result.ok ? '' : result.problems.map(formatProblem).join('\n'));
  return { ...result.config, warnings: result.warnings.map(formatProblem) };
}

function problemsOf(text: string, resolve?: Resolve): readonly string[] {
  const result = load(text, resolve);
  return result.ok ? [] : result.problems.map(formatProblem);
}

const OPENAI = 'analyst: { provider: openai, model: gpt, api_key_file: key }';
const inForce = (text: string) => {
  const { settings, edge } = configOf(text);
  return explain({ settings, edge }).agent.find(({ name }) => name === 'analyst')?.value;
};

describe('the analyst', () => {
  it('is off until it is configured', () => {
    const { settings, edge } = configOf('{}');
    assert.deepEqual([settings.analysis, edge.analyst], [null, null]);
    assert.equal(inForce('{}'), 'none: the rules decide alone');
  });

  it('needs no more than a provider, a model and a key; everything else has its bounds', () => {
    const { settings, edge } = configOf(OPENAI);
    const { apiKey, ...rest } = edge.analyst ?? { apiKey: null };
    assert.equal(apiKey?.reveal(), 'sk-secret');
    assert.deepEqual(rest, {
      provider: 'openai',
      model: 'gpt',
      baseUrl: 'https://api.openai.com/v1',
      timeoutMs: 10_000,
      turns: 4,
      toolCalls: 6,
      outputTokens: 2_000,
      evidenceTokens: 8_000,
      stream: true,
      price: { inputUsd: 0, outputUsd: 0 },
      breaker: { failures: 3, cooldownMs: 300_000 },
      rememberMs: 3_600_000,
    });
    assert.deepEqual(settings.analysis, {
      timeoutMs: 10_000,
      perIncident: { tokens: 60_000, costUsd: 0.5, analyses: 1 },
      perDay: { tokens: 1_000_000, costUsd: 5 },
    });
  });

  it('takes every bound from the configuration', () => {
    const { settings, edge } = configOf(`analyst:
  provider: anthropic
  model: claude
  api_key_file: key
  base_url: https://models.example.org/
  timeout: 5s
  max_turns: 2
  max_tool_calls: 0
  max_output_tokens: 500
  evidence_tokens: 3000
  stream: false
  price: { input: 3, output: 15 }
  budget: { incident: { tokens: 20000, cost: 0.1 }, day: { tokens: 200000, cost: 1 } }
  breaker: { failures: 5, cooldown: 1m }
  remember: 0s
`);
    const { apiKey: _key, ...rest } = edge.analyst ?? { apiKey: null };
    assert.deepEqual(rest, {
      provider: 'anthropic',
      model: 'claude',
      baseUrl: 'https://models.example.org',
      timeoutMs: 5_000,
      turns: 2,
      toolCalls: 0,
      outputTokens: 500,
      evidenceTokens: 3_000,
      stream: false,
      price: { inputUsd: 3, outputUsd: 15 },
      breaker: { failures: 5, cooldownMs: 60_000 },
      rememberMs: 0,
    });
    assert.deepEqual(settings.analysis, {
      timeoutMs: 5_000,
      perIncident: { tokens: 20_000, costUsd: 0.1, analyses: 1 },
      perDay: { tokens: 200_000, costUsd: 1 },
    });
  });

  it('is named by check-config with its bounds, and without its key', () => {
    assert.equal(
      inForce('analyst: { provider: openai, model: gpt, api_key_file: key, price: { input: 1, output: 2 } }'),
      'gpt at https://api.openai.com/v1 (openai), with a key, at most 10s; 60000 tokens or $0.5 an incident, 1000000 tokens or $5 a day',
    );
    assert.match(
      inForce('analyst: { provider: ollama, model: small }') ?? '',
      /127\.0\.0\.1:11434.*without a key/,
    );
  });

  for (const [provider, url] of [
    ['openai', 'https://api.openai.com/v1'],
    ['anthropic', 'https://api.anthropic.com'],
  ] as const) {
    it(`of ${provider} itself needs a key`, () => {
      const [problem, ...others] = problemsOf(`analyst: { provider: ${provider}, model: m }`);
      assert.match(problem ?? '', new RegExp(`needs \`api_key_file\`: ${url} answers nobody without a key`));
      assert.deepEqual(others, []);
    });

    it(`at another address may be open: ${provider}`, () => {
      const { edge } = configOf(
        `analyst: { provider: ${provider}, model: m, base_url: "http://models:8000/v1" }`,
      );
      assert.equal(edge.analyst?.apiKey, null);
    });
  }

  for (const [address, warned] of [
    ['http://10.0.0.5:8000/v1', true],
    ['http://models.example.org/v1', true],
    ['https://models.example.org/v1', false],
    ['http://models:8000/v1', false],
    ['http://127.0.0.1:8000/v1', false],
  ] as const) {
    it(`${warned ? 'warns' : 'does not warn'} of a key that goes to ${address}`, () => {
      const text = `analyst: { provider: openai, model: m, api_key_file: key, base_url: "${address}" }`;
      assert.equal(
        configOf(text).warnings.some((warning) => warning.includes('without encryption')),
        warned,
      );
    });
  }

  for (const [what, text, says] of [
    ['another provider', 'provider: bard, model: m', /analyst\.provider/],
    ['no model', 'provider: ollama', /analyst\.model/],
    ['a key that is not there', 'provider: openai, model: m, api_key_file: nowhere', /there is no such file/],
    [
      'a key that no header can carry',
      'provider: openai, model: m, api_key_file: odd',
      /no header can carry/,
    ],
    ['a key in its address', 'provider: ollama, model: m, base_url: "http://u:p@h"', /user or password/],
    ['no time', 'provider: ollama, model: m, timeout: 10ms', /analyst\.timeout/],
    ['no turns', 'provider: ollama, model: m, max_turns: 0', /analyst\.max_turns/],
    ['a word that it does not know', 'provider: ollama, model: m, temperature: 1', /temperature/],
    [
      'a budget that no question fits into',
      'provider: ollama, model: m, budget: { incident: { tokens: 5000 } }',
      /analyst\.budget\.incident.*less than one question needs: about 14000/,
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const [problem = '', ...others] = problemsOf(`analyst: { ${text} }`);
      assert.match(problem, says);
      assert.doesNotMatch(problem, /sk-s/);
      assert.deepEqual(others, []);
    });
  }

  it('is refused where its packages are not installed, with the command that installs them', () => {
    const resolve = (name: string) => {
      if (name === 'langchain' || name === '@langchain/openai') throw new Error('not found');
    };
    const [problem, ...others] = problemsOf(OPENAI, resolve);
    assert.match(
      problem ?? '',
      /openai needs packages that are not installed: langchain, @langchain\/openai/,
    );
    assert.match(problem ?? '', /npm install --workspace @mpa\/agent langchain @langchain\/openai/);
    assert.deepEqual(others, []);
  });

  it('finds the packages that are installed here, and would miss another', () => {
    for (const provider of ['openai', 'anthropic', 'ollama'] as const)
      assert.deepEqual(missingPackages(provider), []);
    assert.deepEqual(
      missingPackages('ollama', (name) => import.meta.resolve(`${name}-that-nobody-has`)),
      ['langchain', '@langchain/core', '@langchain/ollama'],
    );
  });
});
