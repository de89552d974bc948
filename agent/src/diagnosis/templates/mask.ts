import {
  BLANK,
  CODE,
  DELIMITER,
  DIGIT,
  HOLE,
  isHexLetter,
  isOf,
  kindOf,
  LETTER,
  LINE_MAX,
} from './characters.ts';
import {
  addressEnd,
  bracketEnd,
  closingQuote,
  escapeEnd,
  isEmptyValue,
  pathEnd,
  unitAt,
} from './lookAhead.ts';
import { MaskWriter } from './maskWriter.ts';
import { ABSENT, ANNOUNCING, MESSAGES } from './vocabulary.ts';

/** More blanks in a quoted value than that make it a sentence. */
const VALUE_BLANKS_MAX = 3;
/** Longest word that a line which is nothing but a value is named by, in UTF-16 units. */
const NAME_MAX = 256;

/**
 * Takes out of a line what differs from one writing of the same message to the next: numbers, addresses, ids, paths,
 * dates, sizes and durations. Two lines with the same mask are of one kind. It runs for each line that is read, so it
 * is one pass over the characters, without a regular expression. Its rules are about how people write values, none is
 * about a program that writes logs. It keeps nothing of a line but the memory that the next one is written into.
 */
export class Masker {
  readonly #out = new MaskWriter();
  #line = '';
  /** Where in the line the next character is read, and where the part that is read ends. */
  #at = 0;
  #end = 0;
  /** Whether an equals sign stands before what is read next. */
  #isValue = false;

  /** The mask of a line; empty for a line of blanks. */
  mask(line: string): string {
    this.#line = line;
    this.#at = 0;
    this.#end = Math.min(line.length, LINE_MAX);
    this.#isValue = false;
    this.#out.clear();
    while (this.#at < this.#end) this.#step();
    if (line.length > LINE_MAX) this.#out.hole();
    if (this.#out.length > 0 && this.#out.last(1) === CODE.space) this.#out.drop(1);
    if (this.#out.length === 1 && this.#out.last(1) === CODE.hole) return loneValue(line);
    return this.#out.text();
  }

  #step(): void {
    const code = this.#line.charCodeAt(this.#at);
    const kind = kindOf(code);
    if ((kind & BLANK) !== 0) this.#blank(code);
    else if ((kind & DELIMITER) !== 0) this.#delimiter(code);
    else if (code === CODE.dot && this.#line.charCodeAt(this.#at + 1) === CODE.dot) this.#leader();
    else this.#word();
  }

  #blank(code: number): void {
    const out = this.#out;
    this.#at += 1;
    if (code === CODE.escape) this.#at = escapeEnd(this.#line, this.#at, this.#end);
    if (out.length === 0) return;
    if (out.last(1) !== CODE.space) out.put(CODE.space);
    else if (out.wordLength > 0 && ANNOUNCING.has(out.word)) {
      // A second blank: `Invalid user  from 10.0.0.1` lacks the name of the user.
      out.hole();
      out.put(CODE.space);
    }
  }

  /** Dots that lead to a value, however many they are. */
  #leader(): void {
    while (this.#at < this.#end && this.#line.charCodeAt(this.#at) === CODE.dot) this.#at += 1;
    this.#out.sign(CODE.dot);
    this.#out.sign(CODE.dot);
  }

  #delimiter(code: number): void {
    if (code === CODE.colon && this.#isAddress()) return;
    if (this.#isValue && (code === CODE.quote || code === CODE.apostrophe) && this.#quoted()) return;
    if (code === CODE.close) {
      // ` ()` holds a value that is absent.
      if (this.#out.length >= 2 && this.#out.last(1) === CODE.open && this.#out.last(2) === CODE.space)
        this.#out.hole();
      else if (this.#out.dropRestatement()) {
        this.#at += 1;
        return;
      }
    }
    this.#out.sign(code);
    this.#at += 1;
    this.#isValue = code === CODE.equals;
    if (code !== CODE.equals || !this.#out.isKeyed || !isEmptyValue(this.#line, this.#at, this.#end)) return;
    this.#out.hole();
    this.#isValue = false;
  }

  /** At a colon: whether it is that of `http://...`, of `C:\...` or of `host.name:80`; if so, the whole is a hole. */
  #isAddress(): boolean {
    const out = this.#out;
    const { wordLength } = out;
    if (wordLength === 0 || this.#at + 1 >= this.#end) return false;
    const next = this.#line.charCodeAt(this.#at + 1);
    const isUrl = next === CODE.slash && this.#line.charCodeAt(this.#at + 2) === CODE.slash;
    const isDrive = wordLength === 1 && (next === CODE.backslash || next === CODE.slash);
    if (isUrl || isDrive) this.#at = addressEnd(this.#line, this.#at, this.#end);
    else if (!out.wordIsHost || !isOf(next, DIGIT)) return false;
    out.drop(wordLength);
    out.hole();
    return true;
  }

  /** A quoted value after an equals sign, unless it is a message: then its words say what the line is about. */
  #quoted(): boolean {
    const close = closingQuote(this.#line, this.#at, this.#end);
    if (close < 0 || MESSAGES.has(this.#out.key.toLowerCase())) return false;
    let blanks = 0;
    for (let at = this.#at; at < close; at += 1) if (this.#line.charCodeAt(at) === CODE.space) blanks += 1;
    if (blanks > VALUE_BLANKS_MAX) return false;
    this.#at = close + 1;
    this.#out.hole();
    this.#isValue = false;
    return true;
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
      else if (code === CODE.slash) slashes += 1;
      else if (code === CODE.backslash || code === CODE.at) oddities += 1;
      else if (code === CODE.dot) {
        if (line.charCodeAt(at + 1) === CODE.dot) break;
        if (at + 1 < this.#end) dots += 1;
      }
    }
    this.#at = at;
    const isValue = this.#isValue;
    this.#isValue = false;
    const bracketed = isValue ? bracketEnd(line, at, this.#end, digits > 0) : -1;
    const isPath = line.charCodeAt(from) === CODE.slash;
    const isHole =
      digits > 0
        ? !(digits + letters === at - from && this.#isName(from, digits, letters))
        : (slashes > 0 && letters > 0 && (slashes > 1 || dots > 0 || isPath)) ||
          (oddities > 0 && letters > 1) ||
          this.#isHex(from, letters, isValue) ||
          (isValue && (dots > 1 || slashes > 0 || ABSENT.has(line.slice(from, at))));
    if (bracketed >= 0) {
      this.#at = bracketed;
      this.#out.hole();
    } else if (!isHole) this.#out.copyWord(line, from, at, dots > 0 || digits > 0);
    else {
      if (isPath) this.#at = pathEnd(line, at, this.#end);
      if (digits > 0) this.#number(from, letters === 0);
      else this.#out.hole();
    }
  }

  /** A word of letters and digits is a name if one digit ends it (`SOCKS5`), or as a key (`r24=`); else it is a value. */
  #isName(from: number, digits: number, letters: number): boolean {
    const line = this.#line;
    if (line.charCodeAt(this.#at) === CODE.equals) return digits <= 3 && !isOf(line.charCodeAt(from), DIGIT);
    return digits === 1 && letters > 1 && isOf(line.charCodeAt(this.#at - 1), DIGIT);
  }

  /** `fecd` in `c6b3:1ff:fecd:467f`, `ffffffff` anywhere, `ffff` after an equals sign. */
  #isHex(from: number, letters: number, isValue: boolean): boolean {
    if (letters !== this.#at - from) return false;
    const isGroup =
      (letters === 2 || (letters <= 4 && this.#line.charCodeAt(this.#at) === CODE.colon)) &&
      this.#out.last(1) === CODE.colon &&
      this.#out.last(2) === CODE.hole;
    if (!isGroup && letters < (isValue ? 4 : 8)) return false;
    for (let at = from; at < this.#at; at += 1) if (!isHexLetter(this.#line.charCodeAt(at))) return false;
    return true;
  }

  #number(from: number, isPlain: boolean): void {
    const out = this.#out;
    if (this.#line.charCodeAt(from) === CODE.star) out.put(CODE.star);
    // `<1 sec`, and not `<1>`.
    if (out.length > 0 && out.last(1) === CODE.less && this.#line.charCodeAt(this.#at) !== CODE.greater)
      out.drop(1);
    out.hole();
    const unit = isPlain ? unitAt(this.#line, this.#at, this.#end) : null;
    if (unit === null) return;
    this.#at = unit.end;
    if (unit.isSize) out.markSize();
  }
}

/** A line that is all one value still says what it is by the letters that it begins with. */
function loneValue(line: string): string {
  const word = line.trim();
  let to = 0;
  while (to < Math.min(word.length, NAME_MAX) && isOf(word.charCodeAt(to), LETTER)) to += 1;
  return to > 2 ? `${word.slice(0, to)}${HOLE}` : HOLE;
}
