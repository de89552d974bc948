import type { MakeChecker } from './checker.ts';

/** Nothing is decided to be done to what is no target any more. */
export const inCare: MakeChecker = ({ cluster, settings }, complain) => ({
  name: 'what left the configuration is left alone',
  written({ target, settings: version, body }) {
    if (body.type !== 'mutation-started' || target === null) return;
    const { current } = settings();
    // What was decided under the configuration of before may be written after the reload.
    if (version !== current.version || cluster.find(target)?.spec.discovered === true) return;
    if (!current.targets.some(({ name }) => name === target))
      complain(`${body.action} of ${body.instance}, and ${target} is no target`);
  },
});
