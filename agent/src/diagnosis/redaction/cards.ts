import { marker, type Rule } from './rule.ts';

/** Digits as cards are written: in one, or in groups with the same single space or hyphen between them. */
const WRITTEN =
  /(?<![A-Za-z0-9.])(?:\d{14,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{4,5})(?![A-Za-z0-9]|\.\d)(?!-\d)/g;

/** Beginnings and lengths by network; what fits none is some other number. Visa’s rare 13 and 19 digits are left out. */
const NETWORKS =
  /^(?:4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17})$/;

/** Numbers of payment cards: of a network's form, and with a check digit that is right. */
export const CARDS: Rule = {
  hints: null,
  apply: (line) =>
    line.replace(WRITTEN, (written) => {
      const digits = written.replaceAll(/[ -]/g, '');
      return NETWORKS.test(digits) && hasCheckDigit(digits) ? marker('card') : written;
    }),
};

/** Luhn's sum (ISO/IEC 7812). */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
