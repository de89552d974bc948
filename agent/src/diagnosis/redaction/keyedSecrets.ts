import { isMarked, looksMade, marker, type Rule } from './rule.ts';

/**
 * A name that holds a secret, as its end: `DB_PASSWORD`, `clientSecret`, `x-api-key`. What comes after it decides:
 * `password_file`, `secretName` and `max_tokens` hold none.
 */
const NAME =
  /((?<![A-Za-z])(?:pass|pw)(?=[^A-Za-z])|pass(?:word|wd|phrase|code)|pwd|secret(?:[-_ ]?(?:access[-_]?)?key)?|token|(?:api|access|account|private|signing|encryption|shared[-_]?access|master|session|service[-_]?role)[-_ ]?key|dockerconfigjson|credentials?|auth)(?:[-_]?(?:hash|value|plain|base|\d{1,2}))?((?:\\{0,3}["'])?[ \t]{0,4}(?:=>|:=|[:=]|%3D)[ \t]{0,4})/gi;

/** Names that are also words of other things: their values count only where they are unlike prose. */
const VAGUE = /^(?:auth|token|credentials?)$/i;
/** Names that are passwords only as a part of a name (`DB_PASS`), or of something that is quoted. */
const SHORT = /^(?:pass|pw)$/i;
/** A word of this length is no word of a sentence. */
const LONG = 16;

/** Values that say that there is none, or where it is. */
const NO_SECRET =
  /^(?:null|nil|none|undefined|empty|unset|true|false|yes|no|missing|invalid|expired|required|masked|hidden|redacted|[*.•-]+|x{3,}|<[^>]*>|\[[^\]]*\]|\(.*\)|\$\{.*|\{\{.*|%[sqv]|%\(\w+\)s|0|1|-1)[.,;:!)]?$/i;
const VARIABLE = /^(?:\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%)$/;

/** Words that stand behind a colon in sentences about a secret. */
const PROSE =
  /^(?:on|off|optional|valid|wrong|incorrect|unknown|default|disabled|enabled|denied|failed|ok|string|bearer|basic|set|not|must|is|was|the|a|for|to|from|and|or|user|error|could|cannot|bad|no)[.,;:!)]?$/i;

/** Of a value whose end was cut off, so much tells whether it is a secret. */
const TOLD_MAX = 256;

/** `password=x`, `secret: x`, `"token":"x"`, `DB_PASSWORD: 'x'`, `?api_key=x&`, `{\"password\":\"x\"}`, `client_secret%3Dx`. */
const named: Rule = {
  hints: ['pass', 'pw', 'secret', 'token', 'key', 'credential', 'auth', 'dockerconfig'],
  apply(line) {
    let done = '';
    let at = 0;
    const unclosed = new Set<string>();
    NAME.lastIndex = 0;
    for (let match = NAME.exec(line); match !== null; match = NAME.exec(line)) {
      const [whole, name = '', separator = ''] = match;
      const value = valueAt(line, match.index, match.index + whole.length, unclosed);
      if (!isSecret(name, separator, value, line, match.index)) {
        // What follows may hold a name of its own: `auth: password=x`.
        continue;
      }
      done += `${line.slice(at, value.from)}${marker(kindOf(name))}`;
      at = value.to;
      NAME.lastIndex = Math.max(value.to, NAME.lastIndex);
    }
    return at === 0 ? line : done + line.slice(at);
  },
};

type Value = {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly quoted: boolean;
};

/** @param unclosed Quotes that do not close any more in this line: it is not searched through for each of them. */
function valueAt(line: string, nameAt: number, at: number, unclosed: Set<string>): Value {
  const opening = /^\\{0,3}["'`]/.exec(line.slice(at, at + 4))?.[0] ?? '';
  if (opening !== '') {
    const from = at + opening.length;
    const to = unclosed.has(opening) ? -1 : closing(line, from, opening);
    if (to !== -1) return { from, to, text: line.slice(from, to), quoted: true };
    unclosed.add(opening);
    return { from, to: line.length, text: line.slice(from, from + TOLD_MAX), quoted: true };
  }
  const isParameter = /[?&][\w.[\]%-]{0,64}$/.test(line.slice(Math.max(0, nameAt - 66), nameAt));
  let to = at;
  while (to < line.length && !endsAt(line, to, isParameter)) to += 1;
  // Brackets and commas behind it belong to what it stands in.
  while (to > at && /[,)}\]]/.test(line.charAt(to - 1)) && !isMarked(line.slice(at, to))) to -= 1;
  return { from: at, to, text: line.slice(at, to), quoted: false };
}

/** Whether a value without quotes ends before this character, which could also be one of it. */
function endsAt(line: string, at: number, isParameter: boolean): boolean {
  const next = line.charAt(at + 1);
  switch (line.charAt(at)) {
    case '&':
    case '#':
      return isParameter;
    case '"':
    case "'":
    case '`':
      return !/[A-Za-z0-9]/.test(next);
    case '\\':
      return /["'nrtu\\]/.test(next);
    case ';':
      return isParameter || /^;(?:\s|$|[\w .-]{1,40}=)/.test(line.slice(at, at + 44));
    case '<':
      return next === '/' || next === '';
    case '>':
      return next === '' || next === ' ' || next === '<';
    default:
      return /\s/.test(line.charAt(at));
  }
}

/** Where the quote closes that was opened; -1 where it was cut off. */
function closing(line: string, from: number, opening: string): number {
  if (opening.length > 1) return line.indexOf(opening, from);
  for (let index = from; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === '\\') index += 1;
    else if (character === opening) return index;
  }
  return -1;
}

function isSecret(
  name: string,
  separator: string,
  { text, quoted, from }: Value,
  line: string,
  nameAt: number,
): boolean {
  if (text === '' || isMarked(text) || tellsNothing(text)) return false;
  // Where a shell is.
  if (/^pwd$/i.test(name) && text.startsWith('/')) return false;
  // The scheme of an address: `otpauth://`.
  if (text.startsWith('//')) return false;
  const isPart = /[A-Za-z0-9][_-]$/.test(line.slice(Math.max(0, nameAt - 2), nameAt));
  const isAssigned = separator.includes('=') || isAlone(line, nameAt, from);
  if (VAGUE.test(name)) {
    if (looksMade(text)) return true;
    if (text.length >= LONG && !text.includes(' ') && (quoted || isAssigned)) return true;
    // `API_TOKEN=abc`, `TOKEN=abc`: a name of its own, and no number of tokens.
    return isAssigned && (isPart || name === name.toUpperCase()) && !PROSE.test(text) && !/^\d+$/.test(text);
  }
  if (SHORT.test(name) && !quoted && !isPart) return looksMade(text);
  if (quoted || !separator.includes(':') || separator.includes(':=')) return true;
  if (PROSE.test(text)) return false;
  // `password: x` in a sentence is mostly about a password; as a line of YAML, or with what is unlike prose, it is one.
  return looksMade(text) || (isAlone(line, nameAt, from) && line.slice(from).trim() === text);
}

function tellsNothing(value: string): boolean {
  return NO_SECRET.test(value) || VARIABLE.test(value);
}

/** Whether nothing but one name, indented or in a list, stands before the value. */
function isAlone(line: string, nameAt: number, from: number): boolean {
  return nameAt <= 200 && /^[\s-]{0,100}["']?[\w.-]{1,100}["']?\s{0,8}:\s{0,8}$/.test(line.slice(0, from));
}

function kindOf(name: string): string {
  if (/^(?:pass|pwd|pw$)/i.test(name)) return 'password';
  if (/key$/i.test(name)) return 'key';
  if (/^(?:auth|cred)/i.test(name)) return 'credential';
  return name.toLowerCase().startsWith('token') ? 'token' : 'secret';
}

/** `--password x`, `login l password x`, `IDENTIFIED BY 'x'`, `PASSWORD 'x'`, `<password>x</password>`. */
const OPTION =
  /(--[\w-]{0,40}?(?:password|passwd|passphrase|secret|token|api-?key)[ \t]{1,4})(?!-)("[^"]*"?|'[^']*'?|\S+)/gi;
const NETRC = /\b(login[ \t]{1,4}\S{1,128}[ \t]{1,4}password[ \t]{1,4})(\S+)/gi;
const SQL =
  /\b((?:identified[ \t]{1,4}(?:with[ \t]{1,4}\S{1,64}[ \t]{1,4})?by|password)[ \t]{1,4})('[^']+'?|"[^"]+"?)/gi;
/** A word behind a name (`token x`, `token is x`) that is as no word of a sentence: hexadecimal, or of several cases and digits. */
const SPOKEN =
  /(\b(?:[Aa](?:pi|PI)[-_ ]?[Kk]ey|[Tt]oken|[Ss]ecret)[ \t]{1,4}(?:(?:is|was)[ \t]{1,4})?)(?=[A-Za-z+/=_-]{0,64}\d)((?:[0-9a-f]{16,}|(?=[A-Z0-9+/=_-]{0,64}[a-z])(?=[a-z0-9+/=_-]{0,64}[A-Z])[A-Za-z0-9][\w+/=-]{15,})(?![\w+/=-]))/g;
const XML = /(<[\w:.-]{0,40}(?:password|passwd|secret|token|api-?key)>)([^<]+)/gi;

const worded: Rule = {
  hints: ['passw', 'passphrase', 'secret', 'token', 'key', 'identified'],
  apply: (line) =>
    [OPTION, NETRC, SQL, SPOKEN, XML].reduce(
      (text, form) =>
        text.replace(form, (whole, head: string, value: string) => {
          const bare = value.replace(/^["']|["']$/g, '');
          if (isMarked(bare) || tellsNothing(bare) || PROSE.test(bare)) return whole;
          return `${head}${marker(kindOf(/secret|token|key/i.exec(head)?.[0] ?? 'password'))}`;
        }),
      line,
    ),
};

/** Secrets that the name before them tells. */
export const KEYED_SECRETS: readonly Rule[] = [named, worded];
