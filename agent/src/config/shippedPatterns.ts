import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CausePattern } from '../causePattern.ts';
import { patternOf, patternSchema } from './diagnosisSchema.ts';

/** Where the catalogue is written, a file a group. */
const FOLDER = new URL('../diagnosis/patterns/', import.meta.url);

const fileSchema = z.strictObject({
  group: z.string().min(1),
  patterns: z.array(patternSchema.required({ example: true, counterexample: true })).min(1),
});

let remembered: readonly CausePattern[] | null = null;

/** The catalogue that is shipped with the agent. It is part of it, so an error in it is a defect. */
export function shippedPatterns(): readonly CausePattern[] {
  remembered ??= readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yml'))
    .sort()
    .flatMap(readGroup);
  return remembered;
}

function readGroup(file: string): readonly CausePattern[] {
  const { group, patterns } = fileSchema.parse(parse(readFileSync(new URL(file, FOLDER), 'utf8')));
  return patterns.map((pattern) => patternOf(pattern, group));
}
