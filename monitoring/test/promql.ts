import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A node of a PromQL expression, with the text that it stands for. */
export class PromqlNode {
  readonly #node: SyntaxNode;
  readonly #source: string;

  private constructor(node: SyntaxNode, source: string) {
    this.#node = node;
    this.#source = source;
  }

  /** @throws Error when it is no PromQL. */
  static parse(source: string): PromqlNode {
    const { topNode } = parser.parse(source);
    const root = topNode.firstChild;
    if (root === null) throw new Error(`${source} is empty`);
    const parsed = new PromqlNode(root, source);
    if (parsed.all().some((node) => node.kind === '⚠')) throw new Error(`${source} is no PromQL`);
    return parsed;
  }

  get kind(): string {
    return this.#node.name;
  }

  get text(): string {
    return this.#source.slice(this.#node.from, this.#node.to);
  }

  children(): readonly PromqlNode[] {
    const found: PromqlNode[] = [];
    for (let child = this.#node.firstChild; child !== null; child = child.nextSibling) {
      found.push(new PromqlNode(child, this.#source));
    }
    return found;
  }

  child(kind: string): PromqlNode | undefined {
    return this.children().find((child) => child.kind === kind);
  }

  /** The node and everything below it. */
  all(): readonly PromqlNode[] {
    return [this, ...this.children().flatMap((child) => child.all())];
  }
}

/** The names of the metrics that an expression reads. */
export function metricsOf(expr: string): readonly string[] {
  const selectors = PromqlNode.parse(expr)
    .all()
    .filter(({ kind }) => kind === 'VectorSelector');
  return [...new Set(selectors.map((selector) => selector.child('Identifier')?.text ?? ''))];
}

/** The labels that an expression selects or groups by. */
export function labelsOf(expr: string): readonly string[] {
  const names = PromqlNode.parse(expr)
    .all()
    .filter(({ kind }) => kind === 'LabelName');
  return [...new Set(names.map(({ text }) => text))];
}
