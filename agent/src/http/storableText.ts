const REPLACEMENT = '\ufffd';

/**
 * The text without what some store cannot hold: NUL (PostgreSQL's text and jsonb refuse it) and lone surrogates
 * (not Unicode). They are replaced, not refused: an alert is not left unheard for a byte in one of its texts.
 */
export function storableText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', REPLACEMENT) : wellFormed;
}
