import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { csvReport } from '../../backtest/report-csv.ts';
import { htmlReport } from '../../backtest/report-html.ts';
import { Problem } from '../../problems.ts';
import type { Predictor } from '../../service/predictor.ts';
import { backtestBody, backtestQuery, problem, symbolParams } from '../schemas.ts';
import type { Guard } from '../token.ts';
import { iso } from '../views.ts';

const DAY_MS = 86_400_000;
const LAST_DATE_MS = 8.64e15;
const running = z.object({
  status: z.literal('running'),
  started: z.string(),
  progress: z.object({ done: z.number(), total: z.number() }),
});
const done = z.object({ status: z.literal('done'), created: z.string() }).loose();

export function backtestRoutes(predictor: Predictor, guard: Guard): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/backtests/:symbol',
      {
        schema: {
          summary:
            'The last walk-forward backtest, as JSON, CSV or an HTML report; or how far the running one is',
          params: symbolParams,
          querystring: backtestQuery,
          response: { 200: z.union([done, z.string()]), 202: running, '4xx': problem, '5xx': problem },
        },
      },
      async ({ params, query }, reply) => {
        const answer = await predictor.backtest(params.symbol);
        if (answer.status === 'running') return reply.status(202).send(runningView(answer));
        if (answer.status === 'failed') throw answer.problem;
        const { createdMs, result } = answer.stored;
        switch (query.format) {
          case 'csv':
            return reply.type('text/csv; charset=utf-8').serializer(String).send(csvReport(result));
          case 'html':
            return reply
              .type('text/html; charset=utf-8')
              .serializer(String)
              .send(htmlReport(result, createdMs));
          case 'json': {
            const { days, ...summary } = result;
            const body = { ...summary, from: iso(result.from), to: iso(result.to), scoredDays: days.length };
            return {
              status: 'done' as const,
              created: iso(createdMs),
              ...body,
              ...(query.days === 'true' ? { days } : {}),
            };
          }
          default:
            return query.format satisfies never;
        }
      },
    );

    app.post(
      '/v1/backtests/:symbol',
      {
        onRequest: guard,
        schema: {
          summary: 'Starts a walk-forward backtest',
          security: [{ bearer: [] }],
          params: symbolParams,
          body: backtestBody,
          response: { 202: running, '4xx': problem, '5xx': problem },
        },
      },
      async ({ params, body }, reply) => {
        const answer = await predictor.startBacktest(params.symbol, {
          fromMs: body?.from === undefined ? 0 : Date.parse(body.from),
          toMs: body?.to === undefined ? LAST_DATE_MS : Date.parse(body.to) + DAY_MS - 1,
          refit: body?.refitEveryBars === undefined ? 'monthly' : { everyBars: body.refitEveryBars },
        });
        if (answer.status !== 'running')
          throw new Problem('internal', 'A backtest that was started is not running.');
        return reply.status(202).send(runningView(answer));
      },
    );
  };
}

function runningView(answer: { startedMs: number; progress: { done: number; total: number } }) {
  return { status: 'running' as const, started: iso(answer.startedMs), progress: answer.progress };
}
