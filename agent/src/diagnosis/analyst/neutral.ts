/**
 * Text from outside on its way to a model: nothing that a reader does not see, and nothing that a model server could
 * take for a mark of its own.
 */

/**
 * Controls, everything that has no picture (zero-width, bidirectional, tags, variation selectors, fillers), lone
 * surrogates, private and unassigned characters, separators of lines.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Marks in brackets by which some models tell turns and tools apart; those in angle brackets are all escaped. */
const BRACKETED_MARK =
  /\[(?=\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|ARGS|CALL_ID|IMG|PREFIX|SUFFIX|MIDDLE|THINK)\])/gi;

/** The text with every unseen character written as `\u200b`, a tab as spaces, and cut to `maxLength` UTF-16 units. */
export function neutral(text: string, maxLength: number): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut.replaceAll('\t', '  ').replace(UNSEEN, escapeUnits);
}

/**
 * JSON of neutral text, in which no mark of any chat template is left: servers of local models turn such marks into
 * turns of the conversation also where they stand in the middle of data.
 */
export function neutralJson(data: unknown): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replace(BRACKETED_MARK, '\\u005b');
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
