import { fileURLToPath } from 'node:url';
import type { ConfiguredSource } from '../sources/config.ts';
import { csvFileSource } from '../sources/csv-file.ts';

/** The daily bars of the S&P 500 from 2000 to April 2020 that come with the program. */
export const SAMPLE_SYMBOL = 'SP500';
export const SAMPLE_PATH: string = fileURLToPath(new URL('../../data/sp500-2000.csv', import.meta.url));

export function sampleSource(): ConfiguredSource {
  return { symbol: SAMPLE_SYMBOL, source: csvFileSource(SAMPLE_PATH), refreshEveryMs: undefined };
}
