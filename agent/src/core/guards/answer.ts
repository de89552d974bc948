/** What a guard says, with the sentence that the operator reads. */
export type GuardAnswer = { readonly guard: string; readonly reason: string } & (
  | { readonly verdict: 'allow' }
  | {
      readonly verdict: 'delay';
      readonly until: number;
      /** The wait is wanted: the incident's own deadline does not run meanwhile. */
      readonly patient?: boolean;
    }
  | { readonly verdict: 'approval' }
  | { readonly verdict: 'refuse'; readonly code: string }
);

/** Which guards want a wait, for comparison. */
export function waitsFor(answers: readonly GuardAnswer[]): string {
  return answers
    .filter(({ verdict }) => verdict === 'delay')
    .map(({ guard }) => guard)
    .join(' ');
}

const STRICTNESS = ['allow', 'delay', 'approval', 'refuse'] as const;

/** The strictest answer; of several delays, the longest. */
export function strictest(answers: readonly GuardAnswer[]): GuardAnswer {
  return answers.reduce<GuardAnswer>(
    (worst, answer) => {
      const difference = STRICTNESS.indexOf(answer.verdict) - STRICTNESS.indexOf(worst.verdict);
      if (difference > 0) return answer;
      if (answer.verdict === 'delay' && worst.verdict === 'delay' && answer.until > worst.until)
        return answer;
      return worst;
    },
    { guard: 'none', verdict: 'allow', reason: 'no guard objects' },
  );
}
