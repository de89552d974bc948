import { DEFAULT_VERIFICATION } from '../../src/core/settings.ts';
import type { Target } from '../../src/core/target.ts';

/** A configured target, the container `web`, that nothing is said of but what a test cares about. */
export function sampleTarget(rest: Partial<Target> = {}): Target {
  return {
    name: 'web',
    runtime: 'docker',
    selector: { by: 'container-name', name: 'web' },
    aliases: [],
    mode: 'auto',
    probes: [],
    schedule: null,
    verification: DEFAULT_VERIFICATION,
    dependsOn: [],
    protected: false,
    origin: 'configured',
    ...rest,
  };
}
