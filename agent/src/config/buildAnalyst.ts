import { isIP } from 'node:net';
import type { AnalystProvider, AnalystSettings } from '../analystSettings.ts';
import type { AnalysisSettings } from '../core/settings.ts';
import { missingPackages } from './analystPackages.ts';
import { ANALYST_DEFAULTS, PROVIDER_ADDRESSES } from './analystSchema.ts';
import type { ConfigDocument } from './document.ts';
import type { FormedConfig } from './schema.ts';
import type { SecretReader } from './secrets.ts';

/** What a question holds besides the evidence: instructions, tools, the incident itself; tokens. */
const FRAME_TOKENS = 4_000;

/** How packages are looked for; a test says that one is not there. */
export type PackageResolver = (name: string) => unknown;

/** The analyst's settings with its key read, or `null` where none is configured; what is wrong is reported. */
export function buildAnalyst(
  { analyst }: FormedConfig,
  document: ConfigDocument,
  secrets: SecretReader,
  resolve?: PackageResolver,
): AnalystSettings | null {
  if (analyst === undefined) return null;
  const { provider, breaker, price } = analyst;
  const missing = missingPackages(provider, resolve);
  if (missing.length > 0)
    document.report(
      ['analyst', 'provider'],
      `${provider} needs packages that are not installed: ${missing.join(', ')}; install them with \`npm install --workspace @mpa/agent ${missing.join(' ')}\`, and into an image with \`--build-arg ANALYST=yes\``,
    );
  const apiKey = secrets.read(analyst.api_key_file, ['analyst', 'api_key_file']);
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey.reveal()))
    document.report(
      ['analyst', 'api_key_file'],
      `${apiKey.source} holds characters that no header can carry; it must hold the key alone`,
    );
  const baseUrl = (analyst.base_url ?? PROVIDER_ADDRESSES[provider]).replace(/\/+$/, '');
  if (analyst.api_key_file === undefined && needsKey(provider, analyst.base_url))
    document.report(['analyst'], `needs \`api_key_file\`: ${baseUrl} answers nobody without a key`);
  if (apiKey !== null && isExposed(baseUrl))
    document.warn(
      ['analyst', 'base_url'],
      `the key and what stands in logs go to ${baseUrl} without encryption; use https`,
    );
  checkBudget(analyst, document);
  return {
    provider,
    model: analyst.model,
    baseUrl,
    apiKey,
    timeoutMs: analyst.timeout ?? ANALYST_DEFAULTS.timeoutMs,
    turns: analyst.max_turns ?? ANALYST_DEFAULTS.turns,
    toolCalls: analyst.max_tool_calls ?? ANALYST_DEFAULTS.toolCalls,
    outputTokens: analyst.max_output_tokens ?? ANALYST_DEFAULTS.outputTokens,
    evidenceTokens: analyst.evidence_tokens ?? ANALYST_DEFAULTS.evidenceTokens,
    stream: analyst.stream ?? ANALYST_DEFAULTS.stream,
    price: { inputUsd: price?.input ?? 0, outputUsd: price?.output ?? 0 },
    breaker: {
      failures: breaker?.failures ?? ANALYST_DEFAULTS.breaker.failures,
      cooldownMs: breaker?.cooldown ?? ANALYST_DEFAULTS.breaker.cooldownMs,
    },
    rememberMs: analyst.remember ?? ANALYST_DEFAULTS.rememberMs,
  };
}

/** One question and its answer must fit into the budget, or no incident is ever analysed. */
function checkBudget(analyst: NonNullable<FormedConfig['analyst']>, document: ConfigDocument): void {
  const needed =
    (analyst.evidence_tokens ?? ANALYST_DEFAULTS.evidenceTokens) +
    (analyst.max_output_tokens ?? ANALYST_DEFAULTS.outputTokens) +
    FRAME_TOKENS;
  for (const whose of ['incident', 'day'] as const) {
    const tokens = analyst.budget?.[whose]?.tokens ?? ANALYST_DEFAULTS[whose].tokens;
    if (tokens < needed)
      document.report(
        ['analyst', 'budget', whose],
        `${tokens} tokens are less than one question needs: about ${needed}, by \`evidence_tokens\` and \`max_output_tokens\``,
      );
  }
}

/** What the core must know of it: how long it may take, and what it may use up. */
export function analysisSettings({ analyst }: FormedConfig): AnalysisSettings | null {
  if (analyst === undefined) return null;
  const { incident, day } = analyst.budget ?? {};
  return {
    timeoutMs: analyst.timeout ?? ANALYST_DEFAULTS.timeoutMs,
    perIncident: {
      tokens: incident?.tokens ?? ANALYST_DEFAULTS.incident.tokens,
      costUsd: incident?.cost ?? ANALYST_DEFAULTS.incident.costUsd,
      analyses: 1,
    },
    perDay: {
      tokens: day?.tokens ?? ANALYST_DEFAULTS.day.tokens,
      costUsd: day?.cost ?? ANALYST_DEFAULTS.day.costUsd,
    },
  };
}

/** The providers' own servers do; another one may be open. */
function needsKey(provider: AnalystProvider, written: string | undefined): boolean {
  return provider !== 'ollama' && written === undefined;
}

/** Plain HTTP to anything but this machine. A name without a dot is a neighbour in the same network of containers. */
function isExposed(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'http:' || hostname === '[::1]' || hostname.startsWith('127.')) return false;
  return hostname.includes('.') || isIP(hostname) !== 0;
}
