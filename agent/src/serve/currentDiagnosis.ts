import { isDeepStrictEqual } from 'node:util';
import { EVIDENCE_KINDS } from '../config/diagnosisSchema.ts';
import type { DiagnosisOptions, EdgeOptions } from '../config/edgeOptions.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { EvidenceItem } from '../core/evidence.ts';
import { Redactor } from '../diagnosis/redaction/redactor.ts';
import { RuleDiagnoser } from '../diagnosis/ruleDiagnoser.ts';
import type { Diagnoser } from '../ports.ts';

type Options = Pick<EdgeOptions, 'diagnosis' | 'redaction'>;

const WARM_LINE = '2026-01-01T00:00:00Z ERROR request 7 failed: connection to 10.0.0.1:5432 refused';

const NOTHING: Diagnosis = { causes: [], unusual: [] };

/** The rules and the redaction that the configuration in force names, also after it was loaded anew. */
export class CurrentDiagnosis implements Diagnoser {
  #options: DiagnosisOptions | null = null;
  #diagnoser: RuleDiagnoser | null = null;
  #redactor = new Redactor();

  constructor(options: Options) {
    this.prepare(options)();
  }

  /**
   * Makes ready what the configuration names, and changes nothing until the answer is called, which cannot fail. The set
   * of patterns is made anew only when they were changed.
   */
  prepare({ diagnosis, redaction }: Options): () => void {
    const redactor = new Redactor(redaction.patterns);
    const isSame = this.#diagnoser !== null && isDeepStrictEqual(diagnosis, this.#options);
    const diagnoser = isSame ? this.#diagnoser : diagnoserOf(diagnosis, redactor);
    return () => {
      this.#redactor = redactor;
      this.#options = diagnosis;
      this.#diagnoser = diagnoser;
    };
  }

  diagnose(target: string, evidence: readonly EvidenceItem[], past: readonly string[]): Diagnosis {
    return this.#diagnoser?.diagnose(target, evidence, past) ?? NOTHING;
  }

  /** May be passed on as a function. */
  readonly redact = (text: string): string => this.#redactor.redact(text);
}

/** Goes the whole way once now, and not while the first incident waits for its first step. */
function diagnoserOf(options: DiagnosisOptions | null, { redact }: Redactor): RuleDiagnoser | null {
  if (options === null) return null;
  const diagnoser = new RuleDiagnoser(options.patterns);
  const text = redact(WARM_LINE);
  const items = EVIDENCE_KINDS.map((kind, index) => {
    return { id: `E${index + 1}`, kind, instance: 'warm-up', text, truncated: false };
  });
  diagnoser.diagnose('warm-up', items, [WARM_LINE]);
  return diagnoser;
}
