import type { BacktestResult } from './result.ts';

export function htmlReport(result: BacktestResult, createdMs: number): string {
  return `<!doctype html><title>${result.symbol}</title>${createdMs}`;
}
