import type { AnalystProvider } from '../analystSettings.ts';

const COMMON = ['langchain', '@langchain/core'] as const;
const OF_PROVIDER: Readonly<Record<AnalystProvider, string>> = {
  anthropic: '@langchain/anthropic',
  openai: '@langchain/openai',
  ollama: '@langchain/ollama',
};

/** The packages that a provider needs and that are not installed. Looks for them, and loads none. */
export function missingPackages(
  provider: AnalystProvider,
  resolve: (name: string) => unknown = import.meta.resolve,
): readonly string[] {
  return [...COMMON, OF_PROVIDER[provider]].filter((name) => {
    try {
      resolve(name);
      return false;
    } catch {
      return true; // Whatever is wrong with it, it cannot be loaded.
    }
  });
}
