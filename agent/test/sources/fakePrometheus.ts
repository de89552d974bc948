import { type ScriptedServer, sendJson, startScripted } from '../fakes/scriptedServer.ts';

export type FakeRule = {
  readonly name?: string;
  readonly query?: string;
  readonly labels?: Record<string, string>;
  readonly health?: string;
  readonly lastError?: string;
  /** Seconds ago. */
  readonly evaluated?: number;
  readonly alerts?: readonly { readonly labels: Record<string, string>; readonly state: string }[];
};

/** For each expression the label sets that it gives; one that is not listed gives nothing, `null` an error. */
export type FakeAnswers = Readonly<
  Record<string, readonly (Record<string, string> & { readonly '='?: string })[] | null>
>;

/** What Prometheus says to its two questions, without its storage; the real one is in the suite beside. */
export async function startFakePrometheus(
  rules: readonly FakeRule[],
  answers: FakeAnswers,
): Promise<ScriptedServer> {
  return startScripted(({ url }, response) => {
    if (url.pathname === '/api/v1/rules') {
      sendJson(response, {
        status: 'success',
        data: { groups: [{ name: 'g', interval: 1, rules: [ODD_RULE, ...rules.map(ruleOf)] }] },
      });
      return;
    }
    const expression = url.searchParams.get('query') ?? '';
    const answer = answers[expression] === undefined ? [] : answers[expression];
    if (answer === null) {
      const body = { status: 'error', errorType: 'execution', error: 'query timed out' };
      response.writeHead(422).end(JSON.stringify(body));
      return;
    }
    const result = answer.map(({ '=': value = '1', ...metric }) => ({ metric, value: [1, value] }));
    sendJson(response, { status: 'success', data: { resultType: 'vector', result } });
  });
}

/** Old versions answer with all rules, whatever was asked for. */
const ODD_RULE = { name: 'SomethingElse', type: 'recording', labels: null };

function ruleOf(rule: FakeRule): object {
  const { name = 'Down', query = 'up == 0', labels = {}, health = 'ok', lastError = '', alerts = [] } = rule;
  // Nanoseconds, as Go writes them.
  const lastEvaluation = new Date(Date.now() - (rule.evaluated ?? 1) * 1_000)
    .toISOString()
    .replace('Z', '123456Z');
  return { type: 'alerting', name, query, labels, health, lastError, lastEvaluation, alerts };
}
