import { randomBytes } from 'node:crypto';
import type { Engine } from '../e2e/lab/engine.ts';
import { removeLabelled } from '../e2e/lab/removeLabelled.ts';

/**
 * One engine for all test files of a run. Each file removes its own containers; what a file that was killed could not
 * remove goes with the session, before the engine itself is ended.
 */
export class LabSession implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #id = `session-${randomBytes(6).toString('hex')}`;

  /** Takes the engine over: it is disposed with the session. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** What the test files need to find the engine and to label what they start. */
  get env(): Readonly<Record<string, string>> {
    return { DOCKER_HOST: this.#engine.dockerHost, MPA_LAB_SESSION: this.#id };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using _engine = this.#engine;
    await removeLabelled(this.#engine.docker, `mpa.lab.session=${this.#id}`);
  }
}
