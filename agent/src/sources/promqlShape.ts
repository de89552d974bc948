import { parser } from '@prometheus-io/lezer-promql';

/** Selectors looked at in one expression. */
const SELECTORS_MAX = 8;

/** What an alerting rule's expression reads. */
export type ExpressionShape = {
  /** Its instant selectors, each once, without range and offset: `http_requests_total{code="500"}`. */
  readonly selectors: readonly string[];
  /** Whether it holds just while a series is missing, so that an empty answer means that the series is there. */
  readonly isAbsent: boolean;
};

/** Reads an expression as Prometheus writes it back; one that cannot be parsed has no selectors. */
export function shapeOf(expression: string): ExpressionShape {
  const selectors = new Set<string>();
  parser.parse(expression).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'VectorSelector' && selectors.size < SELECTORS_MAX)
        selectors.add(expression.slice(from, to));
    },
  });
  return { selectors: [...selectors], isAbsent: isAbsent(expression) };
}

/** Whether the outermost expression, parentheses aside, is a call of `absent` or `absent_over_time`. */
function isAbsent(expression: string): boolean {
  let node = parser.parse(expression).topNode.firstChild;
  while (node?.name === 'ParenExpr') node = node.firstChild;
  if (node?.name !== 'FunctionCall') return false;
  return /^absent(_over_time)?\b/.test(expression.slice(node.from, node.to));
}
