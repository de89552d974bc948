import type { Control } from '../core/control.ts';
import {
  approvalsSchema,
  controlsSchema,
  doneSchema,
  maintenanceParams,
  maintenanceSchema,
  maintenanceStartSchema,
  modeSchema,
  personSchema,
  targetParams,
} from './apiSchemas.ts';
import type { App } from './app.ts';
import type { HttpOptions } from './options.ts';
import { PROBLEMS } from './problemResponses.ts';

const DOCUMENTED = { tags: ['controls'], security: [{ token: [] }] };

/** What people set for the agent as a whole: maintenance, modes, breakers; and what waits for their approval. */
export function controlRoutes(app: App, { control, clock }: HttpOptions): void {
  app.get(
    '/api/v1/controls',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Maintenance, open breakers and modes in force',
        response: { 200: controlsSchema, ...PROBLEMS },
      },
    },
    async () => control.controls(),
  );

  app.get(
    '/api/v1/approvals',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Steps that wait for a person',
        response: { 200: approvalsSchema, ...PROBLEMS },
      },
    },
    async () => ({ approvals: control.approvals() }),
  );

  let started = 0;
  app.post(
    '/api/v1/maintenance',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Starts a maintenance; it ends by itself',
        body: maintenanceStartSchema,
        response: { 200: maintenanceSchema, ...PROBLEMS },
      },
    },
    async (request) => {
      const { target, durationMs, who, reason } = request.body;
      const now = clock.now();
      started += 1;
      const maintenance = { id: `m-${now.toString(36)}-${started}`, target, until: now + durationMs };
      await control.control({ kind: 'maintenance-start', ...maintenance }, who, reason);
      return maintenance;
    },
  );

  app.post(
    '/api/v1/maintenance/:id/end',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Ends a maintenance before its time',
        params: maintenanceParams,
        body: personSchema,
        response: { 200: doneSchema, ...PROBLEMS },
      },
    },
    async (request) => set({ kind: 'maintenance-end', id: request.params.id }, request.body),
  );

  app.post(
    '/api/v1/targets/:name/breaker/reset',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Closes the breaker of a target and gives it a new budget',
        params: targetParams,
        body: personSchema,
        response: { 200: doneSchema, ...PROBLEMS },
      },
    },
    async (request) => set({ kind: 'breaker-reset', target: request.params.name }, request.body),
  );

  app.post(
    '/api/v1/mode',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Sets the mode of a target or of all, or takes an earlier word back',
        body: modeSchema,
        response: { 200: doneSchema, ...PROBLEMS },
      },
    },
    async (request) => {
      const { target, mode, ...person } = request.body;
      return set({ kind: 'mode', target, mode }, person);
    },
  );

  async function set(word: Control, person: { readonly who: string; readonly reason: string }) {
    await control.control(word, person.who, person.reason);
    return { done: true } as const;
  }
}
