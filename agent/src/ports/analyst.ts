import type { Analysis, AnalysisFailure, AnalysisQuestion, AnalysisUsage } from '../core/diagnosis.ts';
import type { EvidenceItem } from '../core/evidence.ts';

/** Read-only questions that an analyst may ask about the one target that it analyses; each bounded by the agent. */
export interface AnalystTools {
  /** More of the target's log lines, already redacted and numbered for citation. */
  moreLogs(options: { readonly lines: number; readonly contains: string | null }): Promise<EvidenceItem>;
  /** One PromQL query at the present moment; rejects where no Prometheus is configured. */
  query(promql: string): Promise<EvidenceItem>;
  /** What the runtime knows of the target's instances. */
  facts(): Promise<EvidenceItem>;
  /** The target's last incidents, and what worked then. */
  history(): Promise<EvidenceItem>;
}

/**
 * A model that reads evidence and says what it makes of it. It can do nothing but read and answer.
 *
 * Resolves with the analysis, or with why there is none; `usage` counts in both cases. Rejects only on a defect.
 */
export interface Analyst {
  /** Provider and model. */
  readonly model: string;
  analyse(
    question: AnalysisQuestion,
    tools: AnalystTools,
    signal: AbortSignal,
  ): Promise<
    | { readonly ok: true; readonly analysis: Analysis; readonly usage: AnalysisUsage }
    | {
        readonly ok: false;
        readonly code: AnalysisFailure;
        readonly reason: string;
        readonly usage: AnalysisUsage;
      }
  >;
}
