/** A place inside the configuration: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a configuration. */
export type Problem = {
  readonly file: string;
  /** 1-based; 0 when it is about the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** The key it is about, as `targets.sample.probes[0].url`; empty for the whole file. */
  readonly key: string;
  /** What is wrong. Never holds a secret, nor a value that came from the environment. */
  readonly message: string;
  /** What is allowed there, where that can be listed; else empty. */
  readonly allowed: readonly string[];
  /** The allowed word that is nearest to what was written. */
  readonly nearest: string | null;
};

/** `targets.sample.probes[0].url` */
export function describePath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** One problem as one line, with its place in the form that editors and terminals can follow. */
export function formatProblem({ file, line, column, key, message, allowed, nearest }: Problem): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const hints = [
    ...(nearest === null ? [] : [`did you mean ${JSON.stringify(nearest)}?`]),
    ...(allowed.length === 0 ? [] : [`allowed: ${allowed.join(', ')}`]),
  ];
  return [`${place}: ${key === '' ? '' : `${key}: `}${message}`, ...hints].join('; ');
}
