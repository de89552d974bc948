import { z } from 'zod';

/** A schema as models are told it: as short as can be, for it goes out with every question. */
export function toldSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...told } = z.toJSONSchema(schema, {
    io: 'output',
    override: ({ jsonSchema }) => {
      // What stands in for a wrong word is ours to know.
      delete jsonSchema.default;
      // More than was asked for is passed over, and no reason to ask again.
      delete jsonSchema.additionalProperties;
    },
  });
  return told;
}
