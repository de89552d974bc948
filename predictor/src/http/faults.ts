import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';
import type { Predictor } from '../service/predictor.ts';
import { problem, symbolParams } from './schemas.ts';
import type { Guard } from './token.ts';

const MINUTE_MS = 60_000;
const forMs = z
  .number()
  .int()
  .min(1)
  .max(60 * MINUTE_MS)
  .optional();
const { symbol } = symbolParams.shape;
const because = z.enum(['too-many-open-files']).optional().meta({
  description: 'What the log says of each request that it meets; without it nothing that explains it.',
});

const faultBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('crash'), afterMs: z.number().int().min(0).max(MINUTE_MS).default(50) }),
  z
    .strictObject({ kind: z.literal('hang'), forMs })
    .meta({ description: 'The event loop is blocked; without forMs for ever.' }),
  z.strictObject({
    kind: z.literal('slow'),
    delayMs: z.number().int().min(1).max(MINUTE_MS).default(3000),
    because,
    forMs,
  }),
  z.strictObject({ kind: z.literal('errors'), rate: z.number().gt(0).max(1).default(1), because, forMs }),
  z.strictObject({
    kind: z.literal('leak'),
    mbPerSecond: z.number().min(1).max(500).default(20),
    maxMb: z.number().min(1).max(4000).default(1000),
  }),
  z.strictObject({ kind: z.literal('stale'), symbol, bars: z.number().int().min(1).max(1000).default(10) }),
  z
    .strictObject({
      kind: z.literal('drift'),
      symbol,
      factor: z.number().gt(0).max(10).default(0.5),
      survivesFit: z.boolean().default(false),
    })
    .meta({
      description:
        'The active version is replaced by one that is bad on purpose. With survivesFit every fit comes out as bad, as on data that are wrong, until another version is activated.',
    }),
]);

type FaultRequest = z.infer<typeof faultBody>;
type FaultKind = FaultRequest['kind'];
type Because = z.infer<typeof because>;

interface FaultState {
  slowMs: number;
  slowBecause: Because;
  errorRate: number;
  errorsBecause: Because;
  leakTimer: NodeJS.Timeout | undefined;
  leaked: Buffer[];
  readonly ends: Map<FaultKind, NodeJS.Timeout>;
}

/** In the words of Node.js and the operating system, as a leak of descriptors ends. */
function tooManyOpenFiles(): Error {
  const words = "EMFILE: too many open files, open '/data/predictor.sqlite'";
  return Object.assign(new Error(words), { errno: -24, code: 'EMFILE', syscall: 'open' });
}

/** Requests that faults leave alone: how else could they be ended, or seen in the metrics? */
function isSpared(url: string): boolean {
  return url.startsWith('/v1/faults') || url.startsWith('/metrics');
}

/**
 * Faults on demand, for demonstrations and tests of whoever looks after this service. Registered only with
 * `--allow-faults`. `stale` and `drift` are mended by the repairs (refresh, fit, activate), the others by a restart.
 */
export function faults(app: FastifyInstance, predictor: Predictor, metrics: Metrics, guard: Guard): void {
  const state: FaultState = {
    ...{ slowMs: 0, slowBecause: undefined, errorRate: 0, errorsBecause: undefined },
    ...{ leakTimer: undefined, leaked: [], ends: new Map() },
  };

  app.addHook('onRequest', async (request) => {
    if (isSpared(request.url)) return;
    if (state.slowMs > 0) {
      // As one does that waits and tries again.
      if (state.slowBecause !== undefined)
        request.log.warn({ err: tooManyOpenFiles(), waitMs: state.slowMs }, 'a file cannot be opened yet');
      await sleep(state.slowMs);
    }
    if (state.errorRate > 0 && Math.random() < state.errorRate) {
      if (state.errorsBecause !== undefined)
        request.log.error({ err: tooManyOpenFiles() }, 'a file cannot be opened');
      throw new Problem('fault-injected', 'The error rate was raised on demand.');
    }
  });

  const end = (kind: FaultKind): void => {
    clearTimeout(state.ends.get(kind));
    state.ends.delete(kind);
    if (kind === 'slow') state.slowMs = 0;
    if (kind === 'errors') state.errorRate = 0;
    if (kind === 'leak') {
      clearInterval(state.leakTimer);
      state.leaked = [];
    }
    metrics.faults.set({ kind }, 0);
  };
  const endAfter = (kind: FaultKind, ms: number | undefined): void => {
    clearTimeout(state.ends.get(kind));
    if (ms !== undefined) state.ends.set(kind, setTimeout(() => end(kind), ms).unref());
  };

  const begin = async (fault: FaultRequest): Promise<void> => {
    // Those of a series are told by its state (`Predictor.observe`), as a repair ends them too.
    if (!('symbol' in fault)) metrics.faults.set({ kind: fault.kind }, 1);
    switch (fault.kind) {
      case 'crash':
        // Out of any handler, so that it ends the process as a real mistake would: with a stack in the log.
        setTimeout(() => {
          throw new Error('a crash was asked for (fault "crash")');
        }, fault.afterMs);
        return;
      case 'hang':
        // After this request is answered, nothing else is.
        setTimeout(() => {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, fault.forMs);
          metrics.faults.set({ kind: 'hang' }, 0);
        }, 50);
        return;
      case 'slow':
        state.slowMs = fault.delayMs;
        state.slowBecause = fault.because;
        endAfter('slow', fault.forMs);
        return;
      case 'errors':
        state.errorRate = fault.rate;
        state.errorsBecause = fault.because;
        endAfter('errors', fault.forMs);
        return;
      case 'leak':
        clearInterval(state.leakTimer);
        state.leakTimer = setInterval(() => {
          // Filled, or the system would not really give the memory.
          if (state.leaked.length * 0.1 * fault.mbPerSecond < fault.maxMb) {
            state.leaked.push(Buffer.alloc(Math.round(fault.mbPerSecond * 1e5), 1));
          }
        }, 100).unref();
        return;
      case 'stale':
        await predictor.hideBars(fault.symbol, fault.bars);
        return;
      case 'drift':
        await predictor.drift(fault.symbol, fault);
        return;
      default:
        fault satisfies never;
    }
  };

  app.addHook('onClose', async () => {
    for (const kind of ['slow', 'errors', 'leak'] as const) end(kind);
  });
  void app.register(faultRoutes(begin, end, predictor, guard));
}

function faultRoutes(
  begin: (fault: FaultRequest) => Promise<void>,
  end: (kind: FaultKind) => void,
  predictor: Predictor,
  guard: Guard,
): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/faults',
      {
        onRequest: guard,
        schema: {
          summary: 'Begins a fault (only with --allow-faults)',
          security: [{ bearer: [] }],
          body: faultBody,
          response: { 202: z.object({ begun: z.string() }), '4xx': problem },
        },
      },
      async ({ body, log }, reply) => {
        log.warn({ fault: body }, 'a fault was asked for');
        await begin(body);
        return reply.status(202).send({ begun: body.kind });
      },
    );
    app.delete(
      '/v1/faults',
      {
        onRequest: guard,
        schema: {
          summary:
            'Ends slow, errors, leak and stale, and lets fits come out well; a drifted model version stays until a repair',
          security: [{ bearer: [] }],
          response: { 200: z.object({ ended: z.boolean() }), '4xx': problem },
        },
      },
      async () => {
        for (const kind of ['slow', 'errors', 'leak'] as const) end(kind);
        await predictor.showBars();
        predictor.fitWell();
        return { ended: true };
      },
    );
  };
}
