import type { AlertView } from '../core/incident.ts';
import type { Target } from '../core/target.ts';
import type { Excerpt } from './excerpt.ts';

/** Keeps measurements of targets: Prometheus. Each question is bounded in size, and in time by the signal. */
export interface MetricsSource {
  readonly name: string;
  /**
   * What is measured of the target and by the rules of its alerts, over the last minutes, as a few numbers a series.
   * Empty text: nothing is. Rejects when it cannot be asked.
   */
  related(target: Target, alerts: readonly AlertView[], signal: AbortSignal): Promise<Excerpt>;
  /** One PromQL expression at the present moment, a series a line. Rejects when it cannot be asked or is none. */
  query(promql: string, signal: AbortSignal): Promise<Excerpt>;
}
