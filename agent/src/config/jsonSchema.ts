import { editorSchema } from '../editorSchema.ts';
import type { Action } from '../ports.ts';
import { configSchema } from './schema.ts';
import type { JsonSchema } from './schemaWalk.ts';
import { stepSchema } from './strategySchema.ts';

/** JSON Schema of the whole configuration, with each action's parameters as an alternative of a step. */
export function configJsonSchema(actions: readonly Action[]): JsonSchema {
  // zod's own type of JSON Schema is wider than what these schemas produce.
  const schema = editorSchema(configSchema) as JsonSchema;
  const strategies = schema.properties?.['strategies'];
  const strategy = strategies?.items;
  const steps = strategy?.properties?.['steps'];
  if (strategies === undefined || strategy === undefined || steps === undefined) return schema;
  const withActions = { ...steps, items: { oneOf: actions.map(stepOf) } };
  const withSteps = { ...strategy, properties: { ...strategy.properties, steps: withActions } };
  return {
    ...schema,
    properties: { ...schema.properties, strategies: { ...strategies, items: withSteps } },
  };
}

function stepOf(action: Action): JsonSchema {
  // As above; an action's schema is made by the same function.
  const common = editorSchema(stepSchema) as JsonSchema;
  const { properties, required = [] } = action.schema as JsonSchema;
  return {
    type: 'object',
    description: action.summary,
    properties: {
      action: { ...common.properties?.['action'], const: action.name },
      ...properties,
      timeout: common.properties?.['timeout'] ?? {},
      on_failure: common.properties?.['on_failure'] ?? {},
      only_if: common.properties?.['only_if'] ?? {},
    },
    required: ['action', ...required],
    additionalProperties: false,
  };
}
