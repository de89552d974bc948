import { type Document, isAlias, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';
import type { Path } from './problem.ts';
import { type Environment, plainScalar, substitute } from './substitute.ts';

/** Nesting, and number of values after aliases are followed, beyond which a file is refused. */
const DEPTH_MAX = 64;
const NODES_MAX = 100_000;

/** Offsets in the text where a key and its value are written; `null` where there is none. */
export type Place = { readonly key: number | null; readonly value: number | null };

/** Ends a walk over a document that is too large; its problem is noted already. */
export class TooMuch extends Error {}

/** What a walk tells while it goes. */
type Notes = {
  readonly place: (path: Path, place: Place) => void;
  readonly fromEnvironment: (path: Path) => void;
  readonly problem: (offset: number | null, path: Path, message: string) => void;
};

/** One walk from the nodes of a document to plain values. */
export class Walk {
  readonly #document: Document.Parsed;
  readonly #environment: Environment;
  readonly #notes: Notes;
  readonly #anchors = new Map<string, Node>();
  /** Nodes that the walk is inside of: an alias to one of them is a cycle. */
  readonly #open = new Set<Node>();
  #count = 0;

  constructor(document: Document.Parsed, environment: Environment, notes: Notes) {
    this.#document = document;
    this.#environment = environment;
    this.#notes = notes;
  }

  start(): unknown {
    return this.#value(this.#document.contents, [], null);
  }

  #value(node: Node | null, path: Path, keyOffset: number | null): unknown {
    const offset = node?.range?.[0] ?? null;
    this.#notes.place(path, { key: keyOffset, value: offset });
    this.#count += 1;
    if (this.#count > NODES_MAX || path.length > DEPTH_MAX) {
      const what =
        path.length > DEPTH_MAX ? `more than ${DEPTH_MAX} levels` : `more than ${NODES_MAX} values`;
      this.#notes.problem(offset ?? keyOffset, path, `the configuration has ${what}`);
      throw new TooMuch();
    }
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node.source, node, path, keyOffset);
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, path, offset);
    this.#open.add(node);
    try {
      if (isMap(node)) return this.#map(node, path);
      if (isSeq(node))
        // The parser puts nothing but nodes into the sequences of a parsed document.
        return node.items.map((item, index) => this.#value(item as Node | null, [...path, index], null));
      return null;
    } finally {
      this.#open.delete(node);
    }
  }

  #alias(name: string, alias: Node, path: Path, keyOffset: number | null): unknown {
    const offset = alias.range?.[0] ?? keyOffset;
    const source = this.#anchors.get(name);
    if (source === undefined) {
      this.#notes.problem(offset, path, `*${name} has no anchor &${name} before it`);
      return null;
    }
    if (this.#open.has(source)) {
      this.#notes.problem(offset, path, `*${name} stands inside of &${name}: the configuration is cyclic`);
      return null;
    }
    return this.#value(source, path, keyOffset);
  }

  #scalar(node: Scalar, path: Path, offset: number | null): unknown {
    if (typeof node.value !== 'string') return node.value;
    const { text, fromEnvironment, problems } = substitute(node.value, this.#environment);
    for (const problem of problems) this.#notes.problem(offset, path, problem);
    if (!fromEnvironment) return text;
    this.#notes.fromEnvironment(path);
    return node.type === Scalar.PLAIN && problems.length === 0 ? plainScalar(text) : text;
  }

  #map(node: YAMLMap, path: Path): unknown {
    const values: Record<string, unknown> = Object.create(null);
    for (const { key, value } of node.items) {
      const offset = isScalar(key) ? (key.range?.[0] ?? null) : (node.range?.[0] ?? null);
      if (!isScalar(key) || key.value === null) {
        this.#notes.problem(offset, path, 'a key must be a plain word');
        continue;
      }
      const name = String(key.value);
      if (name === '__proto__') {
        this.#notes.problem(offset, path, '__proto__ is not allowed as a key');
        continue;
      }
      // The parser puts nothing but nodes into the maps of a parsed document.
      values[name] = this.#value(value as Node | null, [...path, name], offset);
    }
    return values;
  }
}
