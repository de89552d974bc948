import { cleanText } from '../engine/evidence/basket.ts';
import type { Prober } from '../ports.ts';

/** Probes as the one given, and says what it found without the secrets that an answer may hold. */
export function discreetProber(prober: Prober, redact: (text: string) => string): Prober {
  return {
    probe: async (target, signal) => {
      const results = await prober.probe(target, signal);
      return results.map((result) => ({ ...result, reason: cleanText(result.reason, redact) }));
    },
  };
}
