import { z } from 'zod';

/**
 * JSON Schema of what a person may write, for editors and the reference.
 *
 * zod leaves out the defaults of values that it transforms (durations), since it thinks of them as output; here they
 * are given as they are written, by the meta key `written` (`describedDefault`).
 */
export function editorSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema['written'] === undefined) return;
      // The key holds whatever `describedDefault` was given, which is JSON.
      jsonSchema.default = jsonSchema['written'] as z.core.JSONSchema.BaseSchema['default'];
      delete jsonSchema['written'];
    },
  });
}

/** Meta data of an optional value: what it is for, and what is in force when it is left out, as one would write it. */
export function describedDefault(
  description: string,
  written: string | number | boolean | readonly string[],
) {
  return { description, written };
}
