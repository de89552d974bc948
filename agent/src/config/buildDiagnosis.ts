import { type CausePattern, flawsOf } from '../causePattern.ts';
import { DEFAULT_DIAGNOSIS, type DiagnosisSettings } from '../core/settings.ts';
import { compileExpression } from '../linearExpression.ts';
import { patternOf, type WrittenPattern } from './diagnosisSchema.ts';
import type { ConfigDocument } from './document.ts';
import type { DiagnosisOptions, RedactionOptions } from './edgeOptions.ts';
import { nearestOf } from './nearest.ts';
import type { Path } from './problem.ts';
import type { FormedConfig } from './schema.ts';
import { shippedPatterns } from './shippedPatterns.ts';

/** The patterns in force, or `null` where nothing is diagnosed; what is wrong is reported to the document. */
export function buildDiagnosis(
  { diagnosis }: FormedConfig,
  document: ConfigDocument,
): DiagnosisOptions | null {
  const own = buildPatterns(diagnosis?.patterns ?? [], document);
  const disabled = diagnosis?.disable ?? [];
  const names = shippedPatterns().map(({ name }) => name);
  disabled.forEach((name, index) => {
    if (names.includes(name)) return;
    const nearest = nearestOf(name, names);
    document.report(['diagnosis', 'disable', index], `there is no shipped pattern ${JSON.stringify(name)}`, {
      nearest,
    });
  });
  if (diagnosis?.enabled === false) return null;
  const left = new Set([...disabled, ...own.map(({ name }) => name)]);
  const shipped = shippedPatterns().filter(({ name }) => !left.has(name));
  return { patterns: [...shipped, ...own], ownPatterns: own.length };
}

/** From when on a cause keeps a restart from being tried. */
export function diagnosisSettings({ diagnosis }: FormedConfig): DiagnosisSettings {
  return {
    minimumConfidence: diagnosis?.minimum_confidence ?? DEFAULT_DIAGNOSIS.minimumConfidence,
  };
}

/** What is taken out of evidence besides the secrets of known forms. */
export function buildRedaction({ redaction }: FormedConfig, document: ConfigDocument): RedactionOptions {
  const patterns = redaction?.patterns ?? [];
  patterns.forEach((text, index) => {
    const path: Path = ['redaction', 'patterns', index];
    const compiled = compileExpression(text);
    if (!compiled.ok) document.report(path, compiled.reason);
    else if (compiled.expression.test(''))
      document.report(path, 'also matches nothing at all; write what the secret looks like');
  });
  return { patterns };
}

function buildPatterns(
  written: readonly WrittenPattern[],
  document: ConfigDocument,
): readonly CausePattern[] {
  const seen = new Set<string>();
  return written.map((one, position) => {
    const path: Path = ['diagnosis', 'patterns', position];
    const pattern = patternOf(one);
    if (seen.has(pattern.name))
      document.report(
        [...path, 'name'],
        `there is another pattern ${JSON.stringify(pattern.name)} before it`,
      );
    seen.add(pattern.name);
    for (const { key, index, message } of flawsOf(pattern))
      document.report(
        key === 'expression' && Array.isArray(one.expression) ? [...path, key, index] : [...path, key],
        message,
      );
    return pattern;
  });
}
