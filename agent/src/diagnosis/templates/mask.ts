import { ANNOUNCING } from './announcing.ts';

/**
 * Takes out of a line what differs from one writing of the same message to the next: numbers, addresses, ids, paths,
 * dates, sizes and durations. Two lines with the same mask are of one kind. It runs for each line that is read, so it
 * is one pass over the characters, without a regular expression. Its rules are about how people write values, none is
 * about a program that writes logs.
 */

/** Longest part of a line that is looked at, in UTF-16 units; what follows is a value. */
export const LINE_MAX = 4_096;

/** Stands for a value. No line can contain it: control characters are not taken over. */
export const HOLE = '\u0001';

const MARK = 1;
const ESCAPE = 27;
const SPACE = 32;
const QUOTE = 34;
const APOSTROPHE = 39;
const OPEN = 40;
const CLOSE = 41;
const STAR = 42;
const COMMA = 44;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const AT = 64;
const BACKSLASH = 92;

/** What a character is; more than one bit can be set. */
const BLANK = 1;
const DIGIT = 2;
const LETTER = 4;
/** Ends a word and is a token of its own. */
const DELIMITER = 8;
/** Two values on both sides of it are one value: `10.0.0.1:80`, `1,2,3`, `12:30`. */
const JOINER = 16;
const BRACKET = 32;

const KIND = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  if (code <= SPACE || code === 127) KIND[code] = BLANK;
  else if (code >= 48 && code <= 57) KIND[code] = DIGIT;
  else if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) KIND[code] = LETTER;
}
for (const sign of '=;<>"\'') KIND[sign.charCodeAt(0)] = DELIMITER;
for (const sign of '()[]{}') KIND[sign.charCodeAt(0)] = DELIMITER | BRACKET;
for (const sign of ':,') KIND[sign.charCodeAt(0)] = DELIMITER | JOINER;
for (const sign of '-/#.') KIND[sign.charCodeAt(0)] = JOINER;

/** Units that come and go with the size of a number (`1.2 KB`, `830 B`). */
const SIZES = new Set(['B', 'kB', 'KB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB']);
const TIMES = new Set(['ns', 'us', 'ms', 's', 'sec', 'secs', 'min', 'mins', 'h', 'hr', 'hrs']);
/** Written where there is no value. */
const ABSENT = new Set(['null', 'nil', 'none', 'None', 'NULL', 'undefined']);
/** Names of months, days and zones: beside a number they are a part of a date. */
const CALENDAR = new Set(
  (
    'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun ' +
    'UTC GMT CET EET EST EDT CST CDT MST MDT PST PDT JST IST'
  ).split(' '),
);
/** Keys whose value is what the line says. */
const MESSAGES = new Set(
  'msg message error err reason cause event text description detail details log warning exception'.split(' '),
);
/** More blanks in a quoted value than that make it a sentence. */
const VALUE_BLANKS_MAX = 3;
/** Longest quoted or bracketed value after an equals sign, in UTF-16 units. */
const VALUE_MAX = 256;

function kindOf(code: number): number {
  return code < 128 ? (KIND[code] ?? 0) : LETTER;
}

/** Makes masks; keeps nothing of a line but the memory that the next one is written into. */
export class Masker {
  /** A hole can be written for one character, and next to one; so nothing is longer than twice the line. */
  readonly #out = new Uint16Array(2 * LINE_MAX + 8);
  #length = 0;
  #line = '';
  /** Where in the line the next character is read, and where the part that is read ends. */
  #at = 0;
  #end = 0;
  /** Where the last written word begins, whether it may name a host, and whether an equals sign stands before what is next. */
  #wordFrom = -1;
  #wordIsHost = false;
  #isValue = false;
  /** Where the word before the last delimiter begins and ends. */
  #keyFrom = -1;
  #keyTo = 0;
  /** Where the last run of names of days and months begins and ends. */
  #datesFrom = -1;
  #datesTo = -1;
  /** Where a hole was written for a number with a unit of size. */
  #sizeAt = -1;

  /** The mask of a line; empty for a line of blanks. */
  mask(line: string): string {
    this.#line = line;
    this.#at = 0;
    this.#end = Math.min(line.length, LINE_MAX);
    this.#length = 0;
    this.#wordFrom = -1;
    this.#wordIsHost = false;
    this.#isValue = false;
    this.#datesTo = -1;
    this.#sizeAt = -1;
    while (this.#at < this.#end) this.#step();
    if (line.length > LINE_MAX) this.#hole();
    if (this.#length > 0 && this.#out[this.#length - 1] === SPACE) this.#length -= 1;
    if (this.#length === 1 && this.#out[0] === MARK) return this.#loneValue();
    return this.#text(0, this.#length);
  }

  #step(): void {
    const code = this.#line.charCodeAt(this.#at);
    const kind = kindOf(code);
    if ((kind & BLANK) !== 0) this.#blank(code);
    else if ((kind & DELIMITER) !== 0) this.#delimiter(code);
    else if (code === DOT && this.#line.charCodeAt(this.#at + 1) === DOT) this.#leader();
    else this.#word();
  }

  #blank(code: number): void {
    this.#at += 1;
    if (code === ESCAPE) this.#skipEscape();
    if (this.#length === 0) return;
    if (this.#out[this.#length - 1] !== SPACE) this.#put(SPACE);
    else if (this.#wordFrom >= 0 && this.#lacksName()) {
      this.#hole();
      this.#put(SPACE);
    }
  }

  /** At a second blank: `Invalid user  from 10.0.0.1` lacks the name of the user. */
  #lacksName(): boolean {
    return ANNOUNCING.has(this.#text(this.#wordFrom, this.#length - 1));
  }

  /** The rest of a terminal's escape sequence (`[31m`): colour is not part of a message. */
  #skipEscape(): void {
    if (this.#line[this.#at] !== '[') return;
    this.#at += 1;
    while (this.#at < this.#end && this.#line.charCodeAt(this.#at) < 64) this.#at += 1;
    this.#at += 1;
  }

  /** Dots that lead to a value, however many they are. */
  #leader(): void {
    while (this.#at < this.#end && this.#line.charCodeAt(this.#at) === DOT) this.#at += 1;
    this.#put(DOT);
    this.#put(DOT);
    this.#wordFrom = -1;
  }

  #delimiter(code: number): void {
    const next = this.#at + 1 < this.#end ? this.#line.charCodeAt(this.#at + 1) : SPACE;
    if (code === COLON && this.#isAddress(next)) return;
    if (this.#isValue && (code === QUOTE || code === APOSTROPHE) && this.#quoted(code)) return;
    if (code === CLOSE && this.#closes()) return;
    this.#keyFrom = this.#wordFrom;
    this.#keyTo = this.#length;
    this.#put(code);
    this.#at += 1;
    this.#wordFrom = -1;
    this.#isValue = code === EQUALS;
    if (code === EQUALS && this.#isEmptyValue()) {
      this.#hole();
      this.#isValue = false;
    }
  }

  /** At a colon: whether it is that of `http://...`, of `C:\...` or of `host.name:80`; if so, the whole is a hole. */
  #isAddress(next: number): boolean {
    if (this.#wordFrom < 0) return false;
    const isUrl = next === SLASH && this.#line.charCodeAt(this.#at + 2) === SLASH;
    const isDrive = this.#length - this.#wordFrom === 1 && (next === BACKSLASH || next === SLASH);
    if (isUrl || isDrive) {
      while (this.#at < this.#end && !endsAddress(this.#line.charCodeAt(this.#at))) this.#at += 1;
    } else if (!(this.#wordIsHost && (kindOf(next) & DIGIT) !== 0)) return false;
    this.#length = this.#wordFrom;
    this.#hole();
    return true;
  }

  /** A quoted value after an equals sign, unless it is a message: then its words say what the line is about. */
  #quoted(quote: number): boolean {
    const close = this.#closingQuote(quote);
    if (close < 0) return false;
    const key = this.#keyFrom < 0 ? '' : this.#text(this.#keyFrom, this.#keyTo);
    if (MESSAGES.has(key.toLowerCase())) return false;
    let blanks = 0;
    for (let at = this.#at; at < close; at += 1) if (this.#line.charCodeAt(at) === SPACE) blanks += 1;
    if (blanks > VALUE_BLANKS_MAX) return false;
    this.#at = close + 1;
    this.#hole();
    this.#isValue = false;
    return true;
  }

  /** Where the quote is closed, or -1; one after a backslash is a part of the value. */
  #closingQuote(quote: number): number {
    const limit = Math.min(this.#end, this.#at + VALUE_MAX);
    for (let at = this.#at + 1; at < limit; at += 1) {
      const code = this.#line.charCodeAt(at);
      if (code === BACKSLASH) at += 1;
      else if (code === quote) return at;
    }
    return -1;
  }

  /** At a closing parenthesis: `18846 bytes (18.4 KB)` says one size twice, and ` ()` holds a value that is absent. */
  #closes(): boolean {
    const length = this.#length;
    const out = this.#out;
    if (length >= 2 && out[length - 1] === OPEN && out[length - 2] === SPACE) this.#hole();
    const restates =
      this.#sizeAt === length - 1 && length >= 4 && out[length - 2] === OPEN && out[length - 3] === SPACE;
    if (!restates || !(out[length - 4] === MARK || this.#text(length - 8, length - 3) === 'bytes'))
      return false;
    this.#length = length - 3;
    this.#at += 1;
    return true;
  }

  /** After an equals sign that stands right after its name: whether the next name follows, or nothing. */
  #isEmptyValue(): boolean {
    const before = this.#length >= 2 ? (this.#out[this.#length - 2] ?? SPACE) : SPACE;
    if ((kindOf(before) & LETTER) === 0) return false;
    let at = this.#at;
    const first = at < this.#end ? this.#line.charCodeAt(at) : SPACE;
    if (first === COMMA || first === SEMICOLON) return true;
    if ((kindOf(first) & BLANK) === 0) return false;
    while (at < this.#end && (kindOf(this.#line.charCodeAt(at)) & BLANK) !== 0) at += 1;
    if (at === this.#end) return true;
    const from = at;
    while (at < this.#end && (kindOf(this.#line.charCodeAt(at)) & LETTER) !== 0) at += 1;
    return at > from && this.#line.charCodeAt(at) === EQUALS;
  }

  #word(): void {
    const from = this.#at;
    const line = this.#line;
    let [digits, letters, slashes, dots, oddities, at] = [0, 0, 0, 0, 0, from];
    for (; at < this.#end; at += 1) {
      const code = line.charCodeAt(at);
      const kind = kindOf(code);
      if ((kind & (BLANK | DELIMITER)) !== 0) break;
      if ((kind & LETTER) !== 0) letters += 1;
      else if ((kind & DIGIT) !== 0) digits += 1;
      else if (code === SLASH) slashes += 1;
      else if (code === BACKSLASH || code === AT) oddities += 1;
      else if (code === DOT) {
        if (line.charCodeAt(at + 1) === DOT) break;
        if (at + 1 < this.#end) dots += 1;
      }
    }
    this.#at = at;
    const isValue = this.#isValue;
    this.#isValue = false;
    if (isValue && this.#bracketed(digits > 0)) {
      this.#hole();
      return;
    }
    const isHole =
      digits > 0
        ? !(digits + letters === at - from && this.#isName(from, digits, letters))
        : (slashes > 0 && letters > 0 && (slashes > 1 || dots > 0 || line.charCodeAt(from) === SLASH)) ||
          (oddities > 0 && letters > 1) ||
          this.#isHex(from, letters, isValue) ||
          (isValue && (dots > 1 || slashes > 0 || ABSENT.has(line.slice(from, at))));
    if (isHole && line.charCodeAt(from) === SLASH) this.#skipPath();
    if (!isHole) this.#copy(from, at, dots > 0 || digits > 0);
    else if (digits > 0) this.#number(from, letters === 0);
    else this.#hole();
  }

  /**
   * After a value's word: whether a bracket follows that closes before a blank (`WorkSource{10113}`), with a digit in
   * it or before, or with a qualified name in it.
   */
  #bracketed(hasDigit: boolean): boolean {
    if (this.#at >= this.#end || (kindOf(this.#line.charCodeAt(this.#at)) & BRACKET) === 0) return false;
    let [depth, at, isName] = [0, this.#at, hasDigit];
    const limit = Math.min(this.#end, at + VALUE_MAX);
    for (; at < limit; at += 1) {
      const code = this.#line.charCodeAt(at);
      const kind = kindOf(code);
      if ((kind & BLANK) !== 0) return false;
      if ((kind & DIGIT) !== 0 || code === DOT || code === SLASH) isName = true;
      if ((kind & BRACKET) === 0) continue;
      depth += opens(code) ? 1 : -1;
      if (depth < 0) return false;
      if (depth === 0) break;
    }
    if (depth !== 0 || at >= limit || !isName) return false;
    this.#at = at + 1;
    return true;
  }

  /** The rest of a path, with what else may be in one: `/var/log/[2017-07-07_00,52]=x/a.xml`. */
  #skipPath(): void {
    let depth = 0;
    for (; this.#at < this.#end; this.#at += 1) {
      const code = this.#line.charCodeAt(this.#at);
      const kind = kindOf(code);
      if ((kind & BLANK) !== 0 || code === QUOTE || code === APOSTROPHE) return;
      if ((kind & BRACKET) !== 0) {
        depth += opens(code) ? 1 : -1;
        if (depth < 0) return;
      } else if (depth === 0 && (code === COMMA || code === SEMICOLON || code === LESS || code === GREATER))
        return;
      else if (code === COLON && this.#isBlankAt(this.#at + 1)) return;
    }
  }

  #isBlankAt(at: number): boolean {
    return at >= this.#end || (kindOf(this.#line.charCodeAt(at)) & BLANK) !== 0;
  }

  /** A word of letters and digits is a name if one digit ends it (`SOCKS5`), or as a key (`r24=`); else it is a value. */
  #isName(from: number, digits: number, letters: number): boolean {
    const line = this.#line;
    if (line.charCodeAt(this.#at) === EQUALS) return digits <= 3 && !isDigitAt(line, from);
    return digits === 1 && letters > 1 && isDigitAt(line, this.#at - 1);
  }

  /** `fecd` in `c6b3:1ff:fecd:467f`, `ffffffff` anywhere, `ffff` after an equals sign. */
  #isHex(from: number, letters: number, isValue: boolean): boolean {
    const length = this.#length;
    if (letters !== this.#at - from) return false;
    const isGroup =
      (letters === 2 || (letters <= 4 && this.#line.charCodeAt(this.#at) === COLON)) &&
      this.#out[length - 1] === COLON &&
      this.#out[length - 2] === MARK;
    if (!isGroup && letters < (isValue ? 4 : 8)) return false;
    for (let at = from; at < this.#at; at += 1) if (!isHexLetter(this.#line.charCodeAt(at))) return false;
    return true;
  }

  /** After `FF:` and before a value: the first byte of an address such as `FF:0D:60:E9:1D:DC`. */
  #endsInHexByte(): boolean {
    const [before, high, low, colon] = this.#out.subarray(Math.max(0, this.#length - 4), this.#length);
    if (this.#length < 4 || colon !== COLON || !isHexLetter(high) || !isHexLetter(low)) return false;
    return before !== undefined && (kindOf(before) & (BLANK | DELIMITER)) !== 0;
  }

  #number(from: number, isPlain: boolean): void {
    if (this.#line.charCodeAt(from) === STAR) this.#put(STAR);
    const isBelow = this.#length > 0 && this.#out[this.#length - 1] === LESS;
    if (isBelow && this.#line.charCodeAt(this.#at) !== GREATER) this.#length -= 1;
    this.#hole();
    if (!isPlain) return;
    const unit = this.#unit();
    if (unit === 'size') this.#sizeAt = this.#length - 1;
  }

  /** Reads over the unit that follows a number, if one does. */
  #unit(): 'size' | 'time' | undefined {
    const line = this.#line;
    let from = this.#at;
    if (line.charCodeAt(from) === SPACE) from += 1;
    let to = from;
    while (to < this.#end && to - from < 5 && (kindOf(line.charCodeAt(to)) & LETTER) !== 0) to += 1;
    if (to === from || to - from > 4) return undefined;
    const after = to < this.#end ? kindOf(line.charCodeAt(to)) : BLANK;
    const ends = (after & (BLANK | DELIMITER)) !== 0 || line.charCodeAt(to) === DOT;
    if (!ends) return undefined;
    const word = line.slice(from, to);
    const unit = SIZES.has(word) ? 'size' : TIMES.has(word) ? 'time' : undefined;
    if (unit !== undefined) this.#at = to;
    return unit;
  }

  #copy(from: number, to: number, isHost: boolean): void {
    const start = this.#length;
    this.#wordFrom = start;
    this.#wordIsHost = isHost;
    for (let at = from; at < to; at += 1) this.#put(this.#line.charCodeAt(at));
    if (to - from !== 3 || !CALENDAR.has(this.#line.slice(from, to))) return;
    if (this.#datesTo !== start - 1) this.#datesFrom = start;
    this.#datesTo = this.#length;
  }

  /** Writes a hole, unless what stands before is a hole too with no more than a sign between that joins values. */
  #hole(): void {
    const out = this.#out;
    if (this.#datesTo > 0 && this.#datesTo === this.#length - 1) this.#length = this.#datesFrom;
    if (out[this.#length - 1] === COLON && this.#endsInHexByte()) this.#length -= 3;
    const length = this.#length;
    this.#wordFrom = -1;
    if (length >= 1 && out[length - 1] === MARK) return;
    if (length >= 2 && out[length - 2] === MARK && joins(out[length - 1])) this.#length = length - 1;
    else if (
      length >= 3 &&
      out[length - 3] === MARK &&
      out[length - 2] === COMMA &&
      out[length - 1] === SPACE
    ) {
      this.#length = length - 2;
    } else this.#put(MARK);
  }

  /** A line that is all one value still says what it is by the letters that it begins with. */
  #loneValue(): string {
    const word = this.#line.trim();
    let to = 0;
    while (to < word.length && to < VALUE_MAX && (kindOf(word.charCodeAt(to)) & LETTER) !== 0) to += 1;
    return to > 2 ? `${word.slice(0, to)}${HOLE}` : HOLE;
  }

  #put(code: number): void {
    this.#out[this.#length] = code;
    this.#length += 1;
  }

  #text(from: number, to: number): string {
    // Not by spreading, which makes an array of it first: this is done for each line, and that took longer than the rest.
    return Reflect.apply(String.fromCharCode, null, this.#out.subarray(Math.max(0, from), to));
  }
}

function opens(bracket: number): boolean {
  return bracket === OPEN || bracket === 91 || bracket === 123;
}

function isHexLetter(code: number | undefined): boolean {
  return code !== undefined && (code | 32) >= 97 && (code | 32) <= 102;
}

function joins(code: number | undefined): boolean {
  return code === SPACE || (code !== undefined && (kindOf(code) & JOINER) !== 0);
}

function isDigitAt(line: string, at: number): boolean {
  return (kindOf(line.charCodeAt(at)) & DIGIT) !== 0;
}

function endsAddress(code: number): boolean {
  if ((kindOf(code) & (BLANK | BRACKET)) !== 0) return true;
  return code === QUOTE || code === APOSTROPHE || code === LESS || code === GREATER || code === COMMA;
}
