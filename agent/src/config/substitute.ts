/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}|\$\{/g;

/** What became of one text, and what was wrong with its variables. */
export type Substituted = {
  readonly text: string;
  /** Whether anything of it came from the environment; then it is not shown in messages. */
  readonly fromEnvironment: boolean;
  readonly problems: readonly string[];
};

/** Replaces `${NAME}` and `${NAME:-default}`; `$${` stands for a plain `${`. An unset variable is never empty text. */
export function substitute(text: string, environment: Environment): Substituted {
  const problems: string[] = [];
  let fromEnvironment = false;
  const result = text.replace(VARIABLE, (whole, name: string | undefined, fallback: string | undefined) => {
    if (whole === '$${') return '${';
    if (name === undefined) {
      problems.push(
        `has an unfinished variable; write \${NAME} or \${NAME:-default}, and $\${ for a plain \${`,
      );
      return whole;
    }
    fromEnvironment = true;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value !== undefined) return value;
    problems.push(
      `needs the environment variable ${name}, which is not set; set it or write \${${name}:-default}`,
    );
    return whole;
  });
  return { text: result, fromEnvironment, problems };
}

/** What a plain (unquoted) YAML scalar of this text means, by YAML's core schema. */
export function plainScalar(text: string): string | number | boolean | null {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^(?:null|Null|NULL|~)$/.test(text)) return null;
  if (/^[-+]?[0-9]+$/.test(text) || /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text))
    return Number(text);
  return text;
}
