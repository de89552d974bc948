import { Controls, isOpen } from '../world/controls.ts';
import type { MakeChecker } from './checker.ts';

/** Nothing is decided to be done to what somebody works on, in a declared maintenance or in one that comes again. */
export const maintenance: MakeChecker = ({ settings, recurring }, complain) => {
  const controls = new Controls();
  return {
    name: 'nothing is touched in a maintenance',
    written(entry) {
      controls.written(entry);
      const { at, target, incident, body } = entry;
      if (body.type !== 'mutation-started' || target === null) return;
      const declared = controls.maintenanceOf(target, at);
      if (declared !== null)
        complain(`${body.action} of ${body.instance} (${incident}) in the maintenance ${declared}`);
      // What was decided under the configuration of before may be written after the reload.
      if (entry.settings !== settings().current.version) return;
      if (recurring().some((window) => isOpen(window, target, at)))
        complain(`${body.action} of ${body.instance} (${incident}) in a maintenance that comes again`);
    },
  };
};
