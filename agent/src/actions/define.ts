import { z } from 'zod';
import type { ActionResult } from '../core/actionResult.ts';
import { assert } from '../core/assert.ts';
import type { Mutation } from '../core/incident.ts';
import type { Json } from '../core/strategy.ts';
import type { Instance } from '../core/target.ts';
import { editorSchema } from '../editorSchema.ts';
import { RuntimeError } from '../errors.ts';
import type { Action, ActionContext } from '../ports.ts';

type Parameters = { readonly [name: string]: Json };
type Confirmation = Awaited<ReturnType<NonNullable<Action['happened']>>>;

/** An action as its own file writes it, with typed parameters. */
export type ActionDefinition<Written, Stored extends Parameters> = {
  readonly name: string;
  readonly kind: Action['kind'];
  /** Default: each instance by itself. */
  readonly scope?: 'target';
  readonly summary: string;
  /** The parameters as configuration writes them: `stop_timeout: 10s`. */
  readonly written: z.ZodType<Written>;
  /** The parameters as the journal keeps them: `stopTimeoutMs: 10000`. */
  readonly stored: z.ZodType<Stored>;
  readonly normalise: (written: Written) => Stored;
  readonly defaultTimeoutMs: (parameters: Stored) => number;
  readonly run: (parameters: Stored, context: ActionContext) => Promise<ActionResult>;
  readonly happened?: (
    parameters: Stored,
    mutation: Mutation,
    context: ActionContext,
  ) => Promise<Confirmation>;
};

/**
 * Makes an `Action` of a definition. Parameters are parsed on both ways in: from configuration, and from the
 * journal, where an older version may have written them.
 */
export function defineAction<Written, Stored extends Parameters>(
  definition: ActionDefinition<Written, Stored>,
): Action {
  const { name, kind, summary, written, stored, normalise, happened } = definition;
  return {
    name,
    kind,
    ...(definition.scope === undefined ? {} : { scope: definition.scope }),
    summary,
    schema: editorSchema(written),
    parse(parameters) {
      const parsed = written.safeParse(parameters);
      if (!parsed.success) throw new Error(z.prettifyError(parsed.error), { cause: parsed.error });
      return stored.parse(normalise(parsed.data));
    },
    defaultTimeoutMs: (parameters) => definition.defaultTimeoutMs(stored.parse(parameters)),
    async run(context) {
      try {
        return await definition.run(stored.parse(context.step.parameters), context);
      } catch (error) {
        return resultOf(error, kind);
      }
    },
    ...(happened === undefined
      ? {}
      : {
          happened: (mutation: Mutation, context: ActionContext) =>
            happened(stored.parse(context.step.parameters), mutation, context),
        }),
  };
}

/**
 * What an error means for the step. Where something was to be changed and it is not certain that it was not, the
 * answer is `unknown`, so that the agent looks before it repeats.
 */
function resultOf(error: unknown, kind: Action['kind']): ActionResult {
  const reason = error instanceof Error ? error.message : String(error);
  const harmless = kind !== 'mutating' || (error instanceof RuntimeError && error.applied === 'no');
  return { outcome: harmless ? 'failed' : 'unknown', reason, output: null };
}

/** The one instance that a mutating step was permitted to touch. */
export function permittedInstance(context: ActionContext): Instance {
  const [instance, ...others] = context.instances;
  assert(instance !== undefined && others.length === 0, 'a mutating step acts on exactly one instance');
  return instance;
}
