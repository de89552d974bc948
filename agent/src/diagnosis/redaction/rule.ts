/** One kind of secret, looked for in one line. */
export type Rule = {
  /** Words of which one is in every line that holds such a secret, in lower case; `null`: every line is looked at. */
  readonly hints: readonly string[] | null;
  /** The line with each such secret replaced. Linear in the line's length; leaves what is a marker already. */
  readonly apply: (line: string) => string;
};

/** What stands for a secret. It says what was there, and nothing of it. */
export function marker(kind: string): string {
  return `[redacted:${kind}]`;
}

/** Whether the text is, or begins with, what stands for a secret. */
export function isMarked(text: string): boolean {
  return text.startsWith('[redacted:');
}

/**
 * Whether a word is unlike prose: made of letters and digits, of several cases, or with signs in it. That is what tells
 * `token: 8f3aQ9` from `token: expired`.
 */
export function looksMade(word: string): boolean {
  if (word.length < 6) return false;
  const letters = /[A-Za-z]/.test(word);
  if (/\d/.test(word) && (letters || word.length >= 8)) return true;
  if (/[a-z][A-Z]/.test(word) && word.length >= 12) return true;
  return /[+/=_~!@#$%^&*]/.test(word) && letters;
}
