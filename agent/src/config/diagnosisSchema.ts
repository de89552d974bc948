import { z } from 'zod';
import type { CausePattern } from '../causePattern.ts';
import type { EvidenceKind } from '../core/evidence.ts';
import { DEFAULT_DIAGNOSIS } from '../core/settings.ts';
import { describedDefault } from '../editorSchema.ts';
import { line, name, share } from './schemaParts.ts';

/** Most patterns of one configuration, and expressions of one pattern: each costs a little for every line. */
const PATTERNS_MAX = 200;
const EXPRESSIONS_MAX = 50;
const EXPRESSION_MAX = 1_024;

/** Kinds of evidence that patterns may read. */
export const EVIDENCE_KINDS = [
  'logs',
  'inspect',
  'health-log',
  'stats',
  'metrics',
  'events',
  'changes',
] as const satisfies readonly EvidenceKind[];

const patternName = () =>
  line(64).refine((text) => /^[a-z0-9][a-z0-9-]*$/.test(text), {
    error: 'must be of lower-case letters, digits and `-`: it is a label of metrics',
  });

const expression = z
  .union([line(EXPRESSION_MAX), z.array(line(EXPRESSION_MAX)).min(1).max(EXPRESSIONS_MAX)], {
    error: `must be an RE2 expression of at most ${EXPRESSION_MAX} characters, or a list of them`,
  })
  .meta({
    description:
      'RE2, found anywhere in a line (case matters, unless it begins with `(?i)`); a list: any of them. Linear in time, so without look-around and back-references.',
  });

/** One pattern, but for its group: the files of the catalogue have one group each. */
export const patternSchema = z.strictObject({
  name: patternName().meta({
    description:
      'Unique name, the id of the cause; a shipped pattern of the same name is replaced by this one.',
  }),
  expression,
  cause: line(300).meta({ description: 'The likely cause, in one sentence.' }),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .meta({ description: 'How sure it is when one line of the last minutes says so; 0 to 1.' }),
  restart_helps: z.enum(['yes', 'no', 'unknown']).meta({
    description:
      'Whether running the same thing anew can remove the cause. `no`, when it is sure enough (`minimum_confidence`): nothing is restarted, and a person is called at once.',
  }),
  remedy: line(500).meta({ description: 'What a person can do about it.' }),
  evidence: z
    .array(z.enum(EVIDENCE_KINDS))
    .min(1)
    .max(EVIDENCE_KINDS.length)
    .optional()
    .meta(describedDefault('Kinds of evidence that are read for it.', ['logs'])),
  example: line(2_000).optional().meta({ description: 'A line that it must take; checked at load.' }),
  counterexample: line(2_000)
    .optional()
    .meta({ description: 'A line that is near and that it must not take; checked at load.' }),
});

/** The group of a pattern that names none. */
const OWN_GROUP = 'own';

const ownPatternSchema = patternSchema.extend({
  group: name().optional().meta(describedDefault('Where it belongs, in any words.', OWN_GROUP)),
});

/** One pattern as it is written. */
export type WrittenPattern = z.output<typeof patternSchema> & { readonly group?: string | undefined };

/** The key `diagnosis`. */
export const diagnosisSchema = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .meta(describedDefault('Look for causes in the evidence before anything is done.', true)),
  minimum_confidence: share(
    'How sure a cause must be that a restart cannot remove, for the restart to be left out and a person to be called at once; `1`: never, since nothing is that sure.',
    DEFAULT_DIAGNOSIS.minimumConfidence,
  ),
  disable: z.array(name()).max(1_000).optional().meta({
    description: 'Names of shipped patterns that are not used (docs/patterns.md lists them).',
  }),
  patterns: z
    .array(ownPatternSchema)
    .max(PATTERNS_MAX)
    .optional()
    .meta({ description: 'Patterns of your own, besides those that are shipped.' }),
});

/** The key `redaction`. */
export const redactionSchema = z.strictObject({
  patterns: z.array(line(EXPRESSION_MAX)).max(100).optional().meta({
    description:
      'RE2; what they match in logs and other evidence is replaced by `[redacted:custom]` before it is kept, besides the secrets that the agent knows the form of. With groups, only what the groups took.',
  }),
});

/** A pattern as the diagnosis takes it. */
export function patternOf(written: WrittenPattern, group: string = OWN_GROUP): CausePattern {
  return {
    name: written.name,
    group: written.group ?? group,
    expressions: [written.expression].flat(),
    cause: written.cause,
    confidence: written.confidence,
    restartHelps: written.restart_helps,
    remedy: written.remedy,
    evidence: written.evidence ?? ['logs'],
    example: written.example ?? null,
    counterexample: written.counterexample ?? null,
  };
}
