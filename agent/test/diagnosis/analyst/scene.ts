import type { AnalystSettings } from '../../../src/analystSettings.ts';
import type { AnalysisQuestion } from '../../../src/core/diagnosis.ts';
import type { EvidenceItem } from '../../../src/core/evidence.ts';
import type { AnalystTools } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';

export const LOGS: EvidenceItem = {
  id: 'E1',
  kind: 'logs',
  instance: 'shop-api-1',
  text: 'listening on 8080\nGET / 200\nFATAL: certificate has expired\n',
  truncated: false,
};

export const INSPECT: EvidenceItem = {
  id: 'E2',
  kind: 'inspect',
  instance: 'shop-api-1',
  text: 'status: exited\nexit code: 1\nstarted at 2026-11-24T08:00:00Z',
  truncated: false,
};

export function question(changes: Partial<AnalysisQuestion> = {}): AnalysisQuestion {
  return {
    incident: 'i1',
    target: 'shop-api',
    reason: 'shop-api-1 died with exit code 1',
    labels: { alertname: 'ApiDown', severity: 'critical' },
    evidence: [LOGS, INSPECT],
    diagnosis: { causes: [], unusual: [] },
    plan: { strategy: 'restart-it', steps: ['check_logs', 'restart'] },
    alternatives: [{ name: 'tell-someone', steps: ['escalate_to_human'] }],
    budget: { tokens: 100_000, costUsd: 1 },
    ...changes,
  };
}

/** A good report on the scene. */
export const REPORT = {
  causes: [
    {
      name: 'certificate-expired',
      group: 'tls',
      summary: 'The certificate of the service has expired.',
      citations: ['E1:3', 'E2:2'],
      restart_helps: 'no',
      confidence: 0.9,
      remedy: 'Renew the certificate.',
    },
  ],
  strategy: 'tell-someone',
  withhold: 'restarts',
  person: 'now',
  reason: 'A restart reads the same certificate again.',
  confidence: 0.8,
  look_at: ['the certificate’s dates'],
};

export const KEY = 'sk-test-0123456789abcdef';

export function settings(changes: Partial<AnalystSettings> = {}): AnalystSettings {
  return {
    provider: 'openai',
    model: 'm',
    baseUrl: 'http://127.0.0.1:9',
    apiKey: new Secret(KEY, 'test'),
    timeoutMs: 20_000,
    turns: 4,
    toolCalls: 6,
    outputTokens: 1_000,
    evidenceTokens: 8_000,
    stream: true,
    price: { inputUsd: 3, outputUsd: 15 },
    breaker: { failures: 3, cooldownMs: 60_000 },
    rememberMs: 3_600_000,
    ...changes,
  };
}

/** Tools that answer, and count how often they were asked. */
export class Tools implements AnalystTools {
  readonly asked: string[] = [];

  async moreLogs({ lines, contains }: { lines: number; contains: string | null }): Promise<EvidenceItem> {
    this.asked.push(`logs ${lines} ${contains}`);
    return {
      id: 'E9',
      kind: 'logs',
      instance: '',
      text: 'older line\nTLS handshake failed',
      truncated: true,
    };
  }
  async query(promql: string): Promise<EvidenceItem> {
    this.asked.push(`promql ${promql}`);
    throw new Error('no Prometheus is configured');
  }
  async facts(): Promise<EvidenceItem> {
    this.asked.push('facts');
    return { id: 'E10', kind: 'inspect', instance: '', text: 'image: shop/api', truncated: false };
  }
  async history(): Promise<EvidenceItem> {
    this.asked.push('history');
    return { id: 'E11', kind: 'history', instance: '', text: 'none', truncated: false };
  }
}
