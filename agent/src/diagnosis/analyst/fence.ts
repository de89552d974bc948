import { randomBytes } from 'node:crypto';
import { neutralJson } from './neutral.ts';

/** What sets data apart in one conversation: a name that nobody who wrote into a log can have known. */
export type Fence = { readonly name: string };

export function newFence(): Fence {
  return { name: randomBytes(16).toString('hex') };
}

/** Data between its two lines. The JSON has no line break and no angle bracket, so that it cannot end by itself. */
export function fenced({ name }: Fence, data: unknown): string {
  return `<<<${name}\n${neutralJson(data)}\n${name}>>>`;
}
