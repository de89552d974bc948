import type { Progress } from '../backtest/run.ts';
import type { ProblemCode } from '../problems.ts';
import type { Job, Results } from './jobs.ts';

export interface Request {
  readonly id: number;
  readonly job: Job;
}

export type Reply =
  | { readonly id: number; readonly kind: 'progress'; readonly progress: Progress }
  | { readonly id: number; readonly kind: 'result'; readonly result: Results[Job['kind']] }
  | { readonly id: number; readonly kind: 'problem'; readonly code: ProblemCode; readonly detail: string };
