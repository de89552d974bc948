import type { Path } from './problem.ts';

/** The parts of JSON Schema that the configuration's own schema uses. */
export type JsonSchema = {
  readonly type?: string | readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
  readonly items?: JsonSchema | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
};

/** The keys that the schema knows at a place of the value; of alternatives, those of the one that the value chose. */
export function allowedKeys(schema: JsonSchema, value: unknown, path: Path): readonly string[] {
  let current = choose(schema, value);
  let inner = value;
  for (const part of path) {
    inner = isRecord(inner) || Array.isArray(inner) ? Reflect.get(inner, part) : undefined;
    const next = typeof part === 'number' ? current.items : childOf(current, part);
    if (next === undefined) return [];
    current = choose(next, inner);
  }
  return Object.keys(current.properties ?? {});
}

function childOf(schema: JsonSchema, key: string): JsonSchema | undefined {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function choose(schema: JsonSchema, value: unknown): JsonSchema {
  const options = schema.oneOf ?? schema.anyOf;
  if (options === undefined) return schema;
  const chosen = options.find((option) =>
    Object.entries(option.properties ?? {}).every(
      ([key, { const: fixed }]) => fixed === undefined || (isRecord(value) && value[key] === fixed),
    ),
  );
  return chosen ?? schema;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
