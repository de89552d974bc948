import { RE2JS } from 're2js';

/** An expression that was compiled, or what is wrong with it. */
export type Compiled =
  | { readonly ok: true; readonly expression: RE2JS }
  | { readonly ok: false; readonly reason: string };

/** Compiles an expression that people wrote: RE2's syntax, so that no input makes it slow. Never throws. */
export function compileExpression(text: string): Compiled {
  try {
    return { ok: true, expression: RE2JS.compile(text) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const shown = JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
    return {
      ok: false,
      reason: `${shown} is no RE2 expression (${words}); look-around and back-references are not available`,
    };
  }
}
