import { BLANK, CODE, DELIMITER, isHexLetter, isOf, JOINER, LETTER, LINE_MAX } from './characters.ts';
import { CALENDAR } from './vocabulary.ts';

/** Writes masks: knows what was written last, and joins values that belong together. */
export class MaskWriter {
  /** A hole can be written for one character, and beside one; so nothing is longer than twice the line. */
  readonly #out = new Uint16Array(2 * LINE_MAX + 8);
  #length = 0;
  /** Where the last word begins, or -1 after anything else; and whether it may name a host. */
  #wordFrom = -1;
  #wordIsHost = false;
  /** Where the word before the last delimiter begins and ends. */
  #keyFrom = -1;
  #keyTo = 0;
  /** Where the last run of names of days and months begins and ends. */
  #datesFrom = -1;
  #datesTo = -1;
  /** Where a hole was written for a number with a unit of size. */
  #sizeAt = -1;

  get length(): number {
    return this.#length;
  }

  /** How long the last word is, 0 after anything else; and whether it may name a host. */
  get wordLength(): number {
    return this.#wordFrom < 0 ? 0 : this.#length - this.#wordFrom;
  }

  get wordIsHost(): boolean {
    return this.#wordIsHost;
  }

  /** The last word, without the blank after it. */
  get word(): string {
    return this.#wordFrom < 0 ? '' : this.text(this.#wordFrom).trimEnd();
  }

  /** The word before the last delimiter. */
  get key(): string {
    return this.#keyFrom < 0 ? '' : this.text(this.#keyFrom, this.#keyTo);
  }

  clear(): void {
    this.#length = 0;
    this.#wordFrom = -1;
    this.#keyFrom = -1;
    this.#datesTo = -1;
    this.#sizeAt = -1;
  }

  /** What was written so many characters ago; 1 is the last. */
  last(back: number): number {
    return this.#out[this.#length - back] ?? CODE.space;
  }

  text(from = 0, to: number = this.#length): string {
    // Not by spreading, which makes an array of it first: it is done for each line, and took longer than all the rest.
    return Reflect.apply(String.fromCharCode, null, this.#out.subarray(Math.max(0, from), to));
  }

  put(code: number): void {
    this.#out[this.#length] = code;
    this.#length += 1;
  }

  /** Writes a sign that is a token of its own. */
  sign(code: number): void {
    this.#keyFrom = this.#wordFrom;
    this.#keyTo = this.#length;
    this.put(code);
    this.#wordFrom = -1;
  }

  copyWord(line: string, from: number, to: number, isHost: boolean): void {
    const start = this.#length;
    this.#wordFrom = start;
    this.#wordIsHost = isHost;
    for (let at = from; at < to; at += 1) this.put(line.charCodeAt(at));
    if (to - from !== 3 || !CALENDAR.has(line.slice(from, to))) return;
    if (this.#datesTo !== start - 1) this.#datesFrom = start;
    this.#datesTo = this.#length;
  }

  /** Takes back what was written last. */
  drop(count: number): void {
    this.#length -= count;
  }

  /** Writes a hole, unless what stands before is a hole too with no more than a sign between that joins values. */
  hole(): void {
    if (this.#datesTo > 0 && this.#datesTo === this.#length - 1) this.#length = this.#datesFrom;
    if (this.last(1) === CODE.colon && this.#endsInHexByte()) this.drop(3);
    this.#wordFrom = -1;
    if (this.#isHole(1)) return;
    if (this.#isHole(2) && (this.last(1) === CODE.space || isOf(this.last(1), JOINER))) this.drop(1);
    else if (this.#isHole(3) && this.last(2) === CODE.comma && this.last(1) === CODE.space) this.drop(2);
    else this.put(CODE.hole);
  }

  /** Notes that the last hole is of a size. */
  markSize(): void {
    this.#sizeAt = this.#length - 1;
  }

  /** At a closing parenthesis: takes ` (<*>` back when it says a size once more (`18846 bytes (18.4 KB)`). */
  dropRestatement(): boolean {
    if (this.#sizeAt !== this.#length - 1 || this.last(2) !== CODE.open || this.last(3) !== CODE.space)
      return false;
    if (!this.#isHole(4) && this.text(this.#length - 8, this.#length - 3) !== 'bytes') return false;
    this.drop(3);
    return true;
  }

  #isHole(back: number): boolean {
    return this.#length >= back && this.last(back) === CODE.hole;
  }

  /** After `FF:` and before a value: the first byte of an address such as `FF:0D:60:E9:1D:DC`. */
  #endsInHexByte(): boolean {
    if (this.#length < 4 || !isHexLetter(this.last(2)) || !isHexLetter(this.last(3))) return false;
    return isOf(this.last(4), BLANK | DELIMITER);
  }

  /** Whether a letter stands before the last sign: `name=` and not `a = b`. */
  get isKeyed(): boolean {
    return this.#length >= 2 && isOf(this.last(2), LETTER);
  }
}
