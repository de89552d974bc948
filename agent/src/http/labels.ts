import { z } from 'zod';
import type { Labels } from '../core/alert.ts';
import type { KnownTexts } from './knownTexts.ts';
import { storableText } from './storableText.ts';

/** Wrong entries named for one set of labels; the rest of it is not looked at. */
const WRONG_MAX = 5;

type LabelLimits = { readonly count: number; readonly nameLength: number; readonly valueLength: number };

/**
 * Schema of an alert's labels. Its output has a null prototype, so that `__proto__` and `constructor` are labels
 * like any other. Labels choose the target and the strategy: they are never cut, for a part of a name would
 * match what the whole does not. What is over a limit is refused.
 */
export function labelsSchema({ count, nameLength, valueLength }: LabelLimits, texts: KnownTexts) {
  return stringMap(count, valueLength).transform((input, context): Labels => {
    if (!isMap(input)) {
      context.addIssue({ code: 'custom', message: 'must be an object of strings' });
      return z.NEVER;
    }
    const labels: [string, string][] = [];
    let seen = 0;
    let wrong = 0;
    const refuse = (message: string, path: string[]) => {
      wrong += 1;
      context.addIssue({ code: 'custom', message, path });
    };
    for (const name in input) {
      seen += 1;
      const value = input[name];
      if (seen > count) refuse(`has more than ${count} labels`, []);
      else if (name.length > nameLength) refuse(`has a name of more than ${nameLength} characters`, [name]);
      else if (typeof value !== 'string') refuse('must be a string', [name]);
      else if (value.length > valueLength) refuse(`is longer than ${valueLength} characters`, [name]);
      else labels.push([storableText(name), texts.of(storableText(value))]);
      if (seen > count || wrong >= WRONG_MAX) break;
    }
    return withoutPrototype(labels);
  });
}

/**
 * Schema of an alert's annotations. They are for people and decide nothing: what is over a limit is cut, and what
 * is no string is left out, for no alert may stay unheard because of its prose.
 */
export function annotationsSchema({ count, nameLength, valueLength }: LabelLimits) {
  return stringMap(count, valueLength)
    .optional()
    .transform((input): Labels => {
      const annotations: [string, string][] = [];
      if (!isMap(input)) return withoutPrototype(annotations);
      let left = count;
      for (const name in input) {
        const value = input[name];
        if (typeof value === 'string') {
          annotations.push([storableText(cut(name, nameLength)), storableText(cut(value, valueLength))]);
        }
        left -= 1;
        if (left <= 0) break;
      }
      return withoutPrototype(annotations);
    });
}

/** Taken as it comes, and described as what it should be: the check itself is one loop, for a thousand alerts. */
function stringMap(count: number, valueLength: number) {
  return z.unknown().meta({
    type: 'object',
    maxProperties: count,
    additionalProperties: { type: 'string', maxLength: valueLength },
  });
}

/**
 * `Object.create(null)` would make a hash table of each, three times as large as an object of a shape that it shares
 * with all alerts of its rule; and there are ten thousand of them.
 */
function withoutPrototype(entries: readonly (readonly [string, string])[]): Labels {
  return Object.setPrototypeOf(Object.fromEntries(entries), null);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text, cut with a mark where it was longer. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
