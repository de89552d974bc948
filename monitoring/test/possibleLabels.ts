import { PromqlNode } from './promql.ts';
import type { AlertRule } from './ruleFiles.ts';

/** What a label can be: one of these texts (`''`: it is not there), or anything. */
export type Possible = ReadonlySet<string> | 'anything';

/** What is known of the labels of a vector. Three-valued: known, absent, unknown. */
export interface PossibleLabels {
  readonly named: ReadonlyMap<string, Possible>;
  /** Of every label that is not named. */
  readonly others: 'absent' | 'anything';
}

const NONE: PossibleLabels = { named: new Map(), others: 'absent' };
const ANYTHING: PossibleLabels = { named: new Map(), others: 'anything' };

/** Whatever a label of an alert of this rule can be when it leaves Prometheus. Errs on the side of `anything`. */
export function labelsOfAlert(rule: AlertRule): PossibleLabels {
  const sample = labelsOf(PromqlNode.parse(rule.expr));
  const named = new Map(sample.named);
  for (const [label, value] of Object.entries(rule.labels)) {
    const template = /^\{\{ \$labels\.(\w+) \}\}$/.exec(value)?.[1];
    if (template !== undefined) named.set(label, valuesOf(sample, template));
    else named.set(label, value.includes('{{') ? 'anything' : new Set([value]));
  }
  named.set('alertname', new Set([rule.alert]));
  return { named, others: sample.others };
}

/** The label of an alert that a label of its rule is copied from. */
export function copiedFrom(rule: AlertRule, label: string): string | undefined {
  return /^\{\{ \$labels\.(\w+) \}\}$/.exec(rule.labels[label] ?? '')?.[1];
}

export function valuesOf({ named, others }: PossibleLabels, label: string): Possible {
  return named.get(label) ?? (others === 'absent' ? new Set(['']) : 'anything');
}

function labelsOf(node: PromqlNode): PossibleLabels {
  switch (node.kind) {
    case 'VectorSelector':
      return { named: matched(node), others: 'anything' };
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return NONE;
    case 'ParenExpr':
    case 'OffsetExpr':
    case 'MatrixSelector':
    case 'FunctionCallBody':
      return firstVector(node.children());
    case 'FunctionCall':
      return ofFunction(node);
    case 'AggregateExpr':
      return ofAggregation(node);
    case 'BinaryExpr':
      return ofBinary(node);
    default:
      return ANYTHING;
  }
}

const OPERANDS =
  /^(VectorSelector|MatrixSelector|ParenExpr|OffsetExpr|FunctionCall|AggregateExpr|BinaryExpr)$/;

function firstVector(nodes: readonly PromqlNode[]): PossibleLabels {
  const vector = nodes.find(({ kind }) => OPERANDS.test(kind));
  return vector === undefined ? NONE : labelsOf(vector);
}

function ofFunction(node: PromqlNode): PossibleLabels {
  const name = node.child('FunctionIdentifier')?.text ?? '';
  const body = node.child('FunctionCallBody');
  if (body === undefined || name === 'vector') return NONE;
  const labels = labelsOf(body);
  if (!name.startsWith('absent')) return name.startsWith('label_') ? ANYTHING : labels;
  // What is absent has the labels that were asked for by `=`, and no others.
  const certain = [...labels.named].filter(([, value]) => value !== 'anything' && value.size === 1);
  return { named: new Map(certain), others: 'absent' };
}

function ofAggregation(node: PromqlNode): PossibleLabels {
  const inner = firstVector(node.child('FunctionCallBody')?.children() ?? []);
  const modifier = node.child('AggregateModifier');
  if (modifier === undefined) return NONE;
  return modifier.child('By') !== undefined ? only(inner, groupingOf(modifier)) : inner;
}

/** A vector with a number is the vector; two vectors give the left one's labels, or those that they are matched on. */
function ofBinary(node: PromqlNode): PossibleLabels {
  const children = node.children();
  const [left, right] = [children.at(0), children.at(-1)];
  if (left === undefined || right === undefined) return ANYTHING;
  if (!OPERANDS.test(left.kind)) return labelsOf(right);
  if (children.some(({ kind }) => kind === 'Or')) return either(labelsOf(left), labelsOf(right));
  const isSetOperation = children.some(({ kind }) => kind === 'And' || kind === 'Unless');
  const matching = node.child('MatchingModifierClause');
  if (isSetOperation || matching?.child('On') === undefined) return labelsOf(left);
  return matching.all().some(({ kind }) => kind.startsWith('Group'))
    ? ANYTHING
    : only(labelsOf(left), groupingOf(matching));
}

function only(labels: PossibleLabels, names: readonly string[]): PossibleLabels {
  return { named: new Map(names.map((name) => [name, valuesOf(labels, name)])), others: 'absent' };
}

function either(one: PossibleLabels, other: PossibleLabels): PossibleLabels {
  const names = new Set([...one.named.keys(), ...other.named.keys()]);
  const named = new Map<string, Possible>();
  for (const name of names) {
    const [left, right] = [valuesOf(one, name), valuesOf(other, name)];
    named.set(name, left === 'anything' || right === 'anything' ? 'anything' : left.union(right));
  }
  return { named, others: one.others === 'anything' ? one.others : other.others };
}

function groupingOf(node: PromqlNode): readonly string[] {
  return (node.child('GroupingLabels')?.children() ?? []).map(({ text }) => text);
}

/** What the matchers of a selector say of the labels of its series. */
function matched(selector: PromqlNode): ReadonlyMap<string, Possible> {
  const named = new Map<string, Possible>();
  for (const matcher of selector.child('LabelMatchers')?.children() ?? []) {
    const [name, operator, text] = ['LabelName', 'MatchOp', 'StringLiteral'].map(
      (kind) => matcher.child(kind)?.text,
    );
    if (name === undefined || text === undefined) continue;
    const value = text.slice(1, -1);
    if (operator === '=') named.set(name, new Set([value]));
    else if (operator === '=~' && /^[\w|-]+$/.test(value)) named.set(name, new Set(value.split('|')));
  }
  return named;
}
