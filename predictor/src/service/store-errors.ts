import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';

/** Passes on what the store answers; counts what it could not do. */
export async function watchStore<T>(metrics: Metrics, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem && (error.code === 'disk-full' || error.code === 'store-failed')) {
      metrics.storeErrors.inc({ code: error.code });
    }
    throw error;
  }
}
