import type { Effect } from '../core/effects.ts';
import { ActionRunner, type ActionRunnerParts } from './actionRunner.ts';
import { AnalystDesk, type DeskParts } from './analystDesk.ts';
import { cleanReport } from './cleanReport.ts';
import type { GathererParts } from './evidence/gathering.ts';
import { Gatherer } from './gatherer.ts';
import { Messenger, type MessengerParts } from './messenger.ts';
import type { PostedLetter } from './post.ts';
import type { Report, Scene } from './scene.ts';
import { Watcher, type WatcherParts } from './watcher.ts';

/** What the effects are carried out with. */
export type ExecutorParts = GathererParts & DeskParts & ActionRunnerParts & WatcherParts & MessengerParts;

/** Effects that tell people something: they wait for hours, thousands of them, and a moment of each is work. */
export type Told = Effect & { readonly kind: 'notify' | 'repeat' };

/** Carries out effects and reports what came of them. It decides nothing. */
export class Executor {
  readonly #parts: ExecutorParts;
  readonly #gatherer: Gatherer;
  readonly #desk: AnalystDesk;
  readonly #actionRunner: ActionRunner;
  readonly #watcher: Watcher;
  readonly #messenger: Messenger;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#gatherer = new Gatherer(parts);
    this.#desk = new AnalystDesk(parts);
    this.#actionRunner = new ActionRunner(parts);
    this.#watcher = new Watcher(parts);
    this.#messenger = new Messenger(parts);
  }

  /**
   * Resolves when the effect is over. `signal` aborts when it is no longer wanted; then nothing more is reported.
   *
   * @param now The scene as it is at this moment; what goes on for long asks for it again each time.
   * @param raw Whatever is reported is cleaned on the way: it may hold text from outside.
   * @param release Gives the effect's place free before its end, to one that is waited for.
   */
  async run(
    effect: Exclude<Effect, Told>,
    now: () => Scene,
    raw: Report,
    signal: AbortSignal,
    release: () => void,
  ): Promise<void> {
    const { clock } = this.#parts;
    const report = this.#cleaned(raw);
    const { key } = effect;
    switch (effect.kind) {
      case 'watch':
        return this.#watcher.watch(effect, now, report, signal);
      case 'gather':
        return this.#gatherer.gather(effect, now, report, signal, release);
      case 'look': {
        const observation = await this.#watcher.lookToAct(now(), effect.by - clock.now(), signal);
        // Cut off, it saw nothing: the next agent looks, and nobody was blind meanwhile.
        return signal.aborted ? undefined : report({ key, kind: 'looked', observation });
      }
      case 'act': {
        const result = await this.#actionRunner.act(effect, now(), signal);
        // That the agent stops is no failure of the step: the next agent does it again, with all of its time.
        if (signal.aborted && result.outcome !== 'succeeded') return;
        return report({ key, kind: 'acted', result });
      }
      case 'mutate': {
        const result = await this.#actionRunner.mutate(effect, now(), signal);
        return report({ key, kind: 'acted', result });
      }
      case 'confirm':
        return this.#actionRunner.confirm(effect, now(), report, signal);
      case 'analyse': {
        const analysed = await this.#desk.analyse(effect, now(), signal);
        return report({ key, kind: 'analysed', ...analysed });
      }
      default:
        return effect satisfies never;
    }
  }

  /** Posts what is told to people, and reports once it was; `null`: it is never told. */
  post(effect: Told, now: () => Scene, raw: Report): PostedLetter | null {
    return effect.kind === 'notify'
      ? this.#messenger.notify(effect, now, this.#cleaned(raw))
      : this.#messenger.repeat(effect, now);
  }

  #cleaned(raw: Report): Report {
    return (said) => raw(cleanReport(said, this.#parts.redact));
  }
}
