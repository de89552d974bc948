import type { SelfIdentity } from './guard.ts';

/** Who the agent takes itself for, as the end of a sentence. */
export function describeSelf(self: SelfIdentity): string {
  switch (self.kind) {
    case 'outside':
      return 'not in a container';
    case 'container':
      return `container ${self.id.slice(0, 12)} (${self.names.join(', ')}), known by ${self.how}`;
    case 'unknown':
      return `in a container and not able to tell which, so nothing is mutated: ${self.reason}`;
    default:
      return self satisfies never;
  }
}
