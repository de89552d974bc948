import { RE2JS } from 're2js';
import type { Matcher, MatchOperator } from '../core/matcher.ts';

/** A regular expression longer than this is refused, characters. */
const VALUE_MAX = 4_096;

/** The matchers of one text, or what is wrong with it. */
export type MatchersParsed =
  | { readonly ok: true; readonly matchers: readonly Matcher[] }
  | { readonly ok: false; readonly reason: string };

/** Alertmanager's classic form; the name may also be quoted, or any UTF-8 word, as its newer parser allows. */
const MATCHER = /^\s*(?:"((?:[^"\\]|\\.)+)"|([^\s{}!=~,\\"'`]+))\s*(=~|=|!=|!~)\s*(.*?)\s*$/su;

/**
 * Parses what Alertmanager accepts as matchers: `service=~"a|b"`, several separated by commas, braces around them
 * allowed, quotes around the value optional. Where its two parsers disagree, the classic one is followed.
 */
export function parseMatchers(text: string): MatchersParsed {
  const inner = text.trim().replace(/^\{/, '').replace(/\}$/, '');
  const matchers: Matcher[] = [];
  for (const part of splitOutsideQuotes(inner)) {
    const parsed = parseMatcher(part);
    if (typeof parsed === 'string') return { ok: false, reason: parsed };
    matchers.push(parsed);
  }
  return matchers.length === 0
    ? { ok: false, reason: 'is empty; write at least one matcher such as service="predictor"' }
    : { ok: true, matchers };
}

/** Throws the expression engine's error when the expression is not RE2. */
function makeMatcher(label: string, operator: MatchOperator, value: string): Matcher {
  if (operator === '=' || operator === '!=') {
    return { label, operator, value, accepts: (candidate) => candidate === value };
  }
  const expression = RE2JS.compile(value);
  return { label, operator, value, accepts: (candidate) => expression.matches(candidate) };
}

function parseMatcher(text: string): Matcher | string {
  const match = MATCHER.exec(text);
  const [, quotedName, plainName, operator, raw = ''] = match ?? [];
  if (match === null || !isOperator(operator)) {
    return `${JSON.stringify(text.trim())} is no matcher; write LABEL, one of = != =~ !~, and "VALUE", such as service=~"a|b"`;
  }
  const label = quotedName === undefined ? (plainName ?? '') : quotedName.replaceAll(/\\(.)/gs, '$1');
  const value = unquote(raw);
  if (value === null)
    return `the value in ${text.trim()} has a quote that is not closed, or not escaped as \\"`;
  if (value.length > VALUE_MAX) return `the value of ${label} is longer than ${VALUE_MAX} characters`;
  try {
    return makeMatcher(label, operator, value);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `${JSON.stringify(value)} is no RE2 expression (${words}); look-around and back-references are not available`;
  }
}

function isOperator(text: string | undefined): text is MatchOperator {
  return text === '=' || text === '!=' || text === '=~' || text === '!~';
}

/** Commas inside of quotes separate nothing; a comma at the very end is allowed. */
function splitOutsideQuotes(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let escaped = false;
  for (const character of text) {
    if (character === ',' && !quoted) {
      parts.push(part);
      part = '';
      continue;
    }
    if (character === '"' && !escaped) quoted = !quoted;
    escaped = character === '\\' && !escaped;
    part += character;
  }
  if (part.trim() !== '') parts.push(part);
  return parts;
}

/** Alertmanager's unescaping: `\n`, `\"` and `\\`; any other backslash stands for itself, so `\.` needs no doubling. */
function unquote(raw: string): string | null {
  const quoted = raw.startsWith('"');
  if (quoted && (raw.length < 2 || !raw.endsWith('"'))) return null;
  const body = quoted ? raw.slice(1, -1) : raw;
  let value = '';
  for (let index = 0; index < body.length; index += 1) {
    const character = body.charAt(index);
    if (character === '"') return null;
    const next = body.charAt(index + 1);
    if (character !== '\\' || next === '') {
      // In quotes a last backslash would have escaped the closing quote.
      if (character === '\\' && quoted) return null;
      value += character;
      continue;
    }
    index += 1;
    if (next === 'n') value += '\n';
    else if (next === '"' || next === '\\') value += next;
    else value += `\\${next}`;
  }
  return value;
}
