import { isDeepStrictEqual } from 'node:util';
import type { DiagnosisOptions, EdgeOptions } from '../config/edgeOptions.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { EvidenceItem } from '../core/entry.ts';
import { Redactor } from '../diagnosis/redaction/redactor.ts';
import { RuleDiagnoser } from '../diagnosis/ruleDiagnoser.ts';
import type { Diagnoser } from '../ports.ts';

type Options = Pick<EdgeOptions, 'diagnosis' | 'redaction'>;

const NOTHING: Diagnosis = { causes: [], unusual: [] };

/** The rules and the redaction that the configuration in force names, also after it was loaded anew. */
export class CurrentDiagnosis implements Diagnoser {
  #options: DiagnosisOptions | null = null;
  #diagnoser: RuleDiagnoser | null = null;
  #redactor = new Redactor();

  constructor(options: Options) {
    this.configure(options);
  }

  /** Expressions are compiled anew only when they were changed. */
  configure({ diagnosis, redaction }: Options): void {
    this.#redactor = new Redactor(redaction.patterns);
    if (this.#diagnoser !== null && isDeepStrictEqual(diagnosis, this.#options)) return;
    this.#options = diagnosis;
    this.#diagnoser = diagnosis === null ? null : new RuleDiagnoser(diagnosis.patterns);
  }

  diagnose(target: string, evidence: readonly EvidenceItem[], past: readonly string[]): Diagnosis {
    return this.#diagnoser?.diagnose(target, evidence, past) ?? NOTHING;
  }

  /** May be passed on as a function. */
  readonly redact = (text: string): string => this.#redactor.redact(text);
}
