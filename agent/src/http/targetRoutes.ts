import type { z } from 'zod';
import type { TargetStatus } from '../ports.ts';
import {
  personSchema,
  recoverySchema,
  targetParams,
  type targetSchema,
  targetsQuery,
  targetsSchema,
} from './apiSchemas.ts';
import type { App } from './app.ts';
import type { HttpOptions } from './options.ts';
import { PROBLEMS } from './problemResponses.ts';

const DOCUMENTED = { tags: ['targets'], security: [{ token: [] }] };

/** Targets as last seen, and a person's request to recover one. */
export function targetRoutes(app: App, { control }: HttpOptions): void {
  app.get(
    '/api/v1/targets',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Targets as last seen',
        querystring: targetsQuery,
        response: { 200: targetsSchema, ...PROBLEMS },
      },
    },
    async ({ query }) => ({
      targets: control.targets().map((status) => targetView(status, query.course === 'true')),
    }),
  );

  app.post(
    '/api/v1/targets/:name/recover',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Asks for the recovery of a target; opens an incident or joins the open one',
        params: targetParams,
        body: personSchema,
        response: { 200: recoverySchema, ...PROBLEMS },
      },
    },
    async (request) => control.recover(request.params.name, request.body.who, request.body.reason),
  );
}

/** Named field by field: a target's configuration can hold secrets (a process's environment, a probe's URL). */
function targetView(status: TargetStatus, withCourse: boolean): z.output<typeof targetSchema> {
  const { target, health, observedAt, latencyMs, course, incident, maintenance } = status;
  return {
    name: target.name,
    runtime: target.runtime,
    mode: status.mode,
    origin: target.origin,
    protected: status.protected,
    maintenance: maintenance === null ? null : { until: maintenance.until, reason: maintenance.reason },
    held: status.held,
    dependsOn: target.dependsOn,
    probes: target.probes.map(({ name }) => name),
    health: { verdict: health.verdict, reason: health.reason },
    observedAt,
    latencyMs,
    course: withCourse
      ? course.map((point) => ({ at: point.at, verdict: point.verdict, latencyMs: point.latencyMs }))
      : [],
    incident,
  };
}
