import type { JsonSchema } from './schemaWalk.ts';

/** A text that holds a variable of the environment; what it becomes is known only when the file is loaded. */
const VARIABLE: JsonSchema = { type: 'string', pattern: '\\$\\{' };

/** The same schema, in which a variable may stand wherever a single value does. For editors, which fill in nothing. */
export function withVariables(schema: JsonSchema): JsonSchema {
  if (schema.const !== undefined) return schema;
  if (schema.enum !== undefined || isPlainValue(schema)) {
    const { description, default: standard, ...form } = schema;
    return {
      ...(description === undefined ? {} : { description }),
      ...(standard === undefined ? {} : { default: standard }),
      anyOf: [form, VARIABLE],
    };
  }
  return {
    ...schema,
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties) }),
    ...(typeof schema.additionalProperties === 'object'
      ? { additionalProperties: withVariables(schema.additionalProperties) }
      : {}),
    ...(schema.items === undefined ? {} : { items: withVariables(schema.items) }),
    ...(schema.oneOf === undefined ? {} : { oneOf: schema.oneOf.map(withVariables) }),
  };
}

function isPlainValue({ type, pattern }: JsonSchema): boolean {
  if (type === 'string') return pattern !== undefined;
  return type === 'integer' || type === 'number' || type === 'boolean';
}

function mapValues(properties: Readonly<Record<string, JsonSchema>>): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, withVariables(child)]));
}
