import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** Expressions that are taken from one rule. */
const SIDES_MAX = 3;
const COMPARISONS: ReadonlySet<string> = new Set(['Eql', 'Neq', 'Gtr', 'Lss', 'Gte', 'Lte']);
const SET_OPERATORS: ReadonlySet<string> = new Set(['And', 'Or', 'Unless']);
/** Expressions that are nested deeper are read as they stand. */
const DEPTH_MAX = 20;

/**
 * What an alerting rule's expression measures: what it compares, without the comparison, so that there is a number
 * also while the alert does not hold. `rate(errors[5m]) > 5 and up == 1` measures `rate(errors[5m])` and `up`.
 */
export function measuredSides(expression: string): readonly string[] {
  const top = parser.parse(expression).topNode.firstChild;
  if (top === null) return [];
  const sides = sidesOf(top, DEPTH_MAX).map(({ from, to }) => expression.slice(from, to));
  return [...new Set(sides)].filter((side) => side !== '').slice(0, SIDES_MAX);
}

function sidesOf(node: SyntaxNode, depth: number): readonly SyntaxNode[] {
  if (depth === 0) return [node];
  if (node.name === 'ParenExpr' && node.firstChild !== null) return sidesOf(node.firstChild, depth - 1);
  if (node.name !== 'BinaryExpr') return isNumber(node) ? [] : [node];
  const [left, right] = [node.firstChild, node.lastChild];
  if (left === null || right === null) return [node];
  if (hasOperator(node, SET_OPERATORS)) return [left, right].flatMap((side) => sidesOf(side, depth - 1));
  if (hasOperator(node, COMPARISONS)) return [left, right].filter((side) => !isNumber(side));
  return [node];
}

function hasOperator(node: SyntaxNode, operators: ReadonlySet<string>): boolean {
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (operators.has(child.name)) return true;
  return false;
}

function isNumber(node: SyntaxNode): boolean {
  return node.name === 'NumberDurationLiteral' || node.name === 'UnaryExpr';
}
