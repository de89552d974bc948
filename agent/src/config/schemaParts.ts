import { z } from 'zod';
import type { Mode } from '../core/target.ts';
import { durationSchema, formatDuration } from '../duration.ts';
import { describedDefault } from '../editorSchema.ts';

const SECOND = 1_000;
const DAY = 86_400_000;

/** An optional duration with the value that is in force without it. */
export function duration(
  description: string,
  defaultMs: number | null,
  { minMs = 0, maxMs = DAY }: { readonly minMs?: number; readonly maxMs?: number } = {},
) {
  const schema = durationSchema({ minMs, maxMs }).optional();
  return defaultMs === null
    ? schema.meta({ description })
    : schema.meta(describedDefault(description, formatDuration(defaultMs)));
}

/** An optional whole number with the value that is in force without it. */
export function count(description: string, byDefault: number, max = 10_000, min = 1) {
  return z.int().min(min).max(max).optional().meta(describedDefault(description, byDefault));
}

/** An optional share, 0 to 1. */
export function share(description: string, byDefault: number) {
  return z.number().min(0).max(1).optional().meta(describedDefault(description, byDefault));
}

/** One line of text. */
export function line(max = 1_024) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text), { error: 'must not hold control characters' });
}

/** A name that people and labels use: of a target, a strategy, a channel. */
export function name() {
  return line(128).refine((text) => text === text.trim(), { error: 'must not begin or end with a space' });
}

/** Names that stand for what has no target; a target of that name would share its incident. */
const RESERVED = /^(?:the fleet$|the agent itself$|unknown |no target: )/;

/** Name of a target. */
export function targetName() {
  return name().refine((text) => !RESERVED.test(text), {
    error: 'is a name that the agent needs for itself',
  });
}

/** Name of a container, as the engine allows it. */
export function containerName() {
  return line(255).refine((text) => /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(text), {
    error: 'is no container name: letters, digits, `_`, `.` and `-`, without the slash in front',
  });
}

/** An address over HTTP. Credentials have no place in it: it is shown in logs and reports. */
export function httpUrl() {
  return line(2_048).superRefine((text, context) => {
    const url = URL.parse(text);
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      context.addIssue({ code: 'custom', message: 'must be an http:// or https:// address' });
    } else if (url.username !== '' || url.password !== '') {
      context.addIssue({
        code: 'custom',
        message: 'must not hold a user or password; put the credential into a file (`token_file`)',
      });
    }
  });
}

/** Path of a file that holds a secret. */
export function secretFile(description: string) {
  return line(4_096)
    .optional()
    .meta({
      description: `${description} A path, relative to this file; the file holds the secret alone.`,
    });
}

const MODES = ['off', 'observe', 'approve', 'auto'] as const satisfies readonly Mode[];

/** A mode with the sentence of whose it is. */
export function mode(whose: string) {
  return z
    .enum(MODES)
    .optional()
    .meta(
      describedDefault(
        `Whether the agent may act ${whose}: \`off\` (nothing), \`observe\` (decide and record, touch nothing), \`approve\` (a person approves each mutating step), \`auto\`. The stricter of the global, the target’s and the strategy’s mode wins.`,
        'auto',
      ),
    );
}

/** How a recovery is proved; the global values, or those of one target. */
export function verification(defaults: {
  readonly soakMs: number;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly symptom: string;
}) {
  return z
    .strictObject({
      soak: duration('How long the target must be seen healthy without a break.', defaults.soakMs),
      timeout: duration(
        'How long the proof may take, from the end of the steps. Longer than `soak`.',
        defaults.timeoutMs,
        { minMs: SECOND },
      ),
      interval: duration('How often the target is looked at meanwhile.', defaults.intervalMs, {
        minMs: 100,
        maxMs: 600 * SECOND,
      }),
      symptom: z
        .enum(['auto', 'none'])
        .optional()
        .meta(
          describedDefault(
            '`auto`: the alert must be gone too, by whichever source can tell; `none`: health is enough.',
            defaults.symptom,
          ),
        ),
    })
    .optional();
}
