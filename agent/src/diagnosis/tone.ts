/** What a line counts that says itself that it is no trouble, or little of it. */
const CALM = 0.8;
const WARNING = 0.9;
const GOES_ON = 0.7;

/** A level, in the ways in which it is written near the beginning of a line. */
const LEVEL_IS_CALM =
  /\b(?:INFO|DEBUG|TRACE|NOTICE)\b|\blevel["']?[=:] ?"?(?:info|debug|trace|notice|[123]0\b)|\[(?:info|debug|trace|notice)\]/;
const LEVEL_IS_WARNING = /\bWARN(?:ING)?\b|\blevel["']?[=:] ?"?(?:warn|40\b)|\[(?:warn|Warning|warning)\]/;
const HEAD = 160;

/** Words by which a line says that it goes on all the same. */
const SAYS_IT_GOES_ON =
  /\b(?:us(?:ing|es) (?:the )?(?:built-in )?defaults?|fall(?:ing|s)? back|ignor(?:ing|ed)|skipp(?:ing|ed)|continuing|will (?:be )?retr(?:y|ied)|retrying|is optional|recovered|reconnected|renewed|was fixed|no longer)\b/i;

/**
 * How much a line counts by its own tone, 0 to 1. What a service calls a warning, or says that it goes on after, is
 * seldom why it failed: a missing file that is optional, a certificate that was renewed.
 */
export function toneOf(line: string): number {
  const head = line.slice(0, HEAD);
  if (SAYS_IT_GOES_ON.test(line)) return GOES_ON;
  if (LEVEL_IS_CALM.test(head)) return CALM;
  return LEVEL_IS_WARNING.test(head) ? WARNING : 1;
}
