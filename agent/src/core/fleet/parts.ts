import { Acts } from './acts.ts';
import { Analyses } from './analyses.ts';
import { Breakers } from './breakers.ts';
import { DeclaredMaintenance } from './declaredMaintenance.ts';
import { Ends } from './ends.ts';
import { Episodes } from './episodes.ts';
import { HeldByPeople } from './heldByPeople.ts';
import { Mutations } from './mutations.ts';
import { OpenIncidents } from './openIncidents.ts';
import { SetModes } from './setModes.ts';

/** What the fleet consists of. Each part keeps one thing and knows of no other. */
export class FleetParts {
  readonly incidents = new OpenIncidents();
  readonly episodes = new Episodes();
  readonly mutations = new Mutations();
  readonly acts = new Acts();
  readonly ends = new Ends();
  readonly breakers = new Breakers();
  readonly maintenance = new DeclaredMaintenance();
  readonly modes = new SetModes();
  readonly held = new HeldByPeople();
  readonly analyses = new Analyses();

  /** Targets that are believed to be failing now; what somebody works on is expected to fail. */
  failingTargets(now: number): readonly string[] {
    const maintained = this.maintenance.allOpen(now);
    return this.incidents.failing(now, (target) =>
      maintained.some((window) => window.target === null || window.target === target),
    );
  }
}
