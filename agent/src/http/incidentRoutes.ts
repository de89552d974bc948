import { describeEntry } from '../core/describe.ts';
import type { Entry } from '../core/entry.ts';
import type { PersonCommand } from '../core/personCommand.ts';
import { MpaError } from '../errors.ts';
import type { IncidentQuery } from '../ports.ts';
import { readHistory } from '../report/history.ts';
import { REPORT_ENTRIES_MAX, reportOf } from '../report/report.ts';
import {
  commandSchema,
  entriesQuery,
  incidentParams,
  incidentSchema,
  incidentsQuery,
  incidentsSchema,
  personSchema,
  reportSchema,
} from './apiSchemas.ts';
import type { App } from './app.ts';
import { pageOf, pageQuery, parseCursor } from './cursor.ts';
import type { HttpOptions } from './options.ts';
import { PROBLEMS } from './problemResponses.ts';

const COMMANDS: { readonly [command in PersonCommand]: string } = {
  acknowledge: 'Takes an escalated incident: a person is on it',
  close: 'Ends an incident by a person’s word',
  recover: 'Runs the strategy of an escalated incident anew',
  approve: 'Approves the step that waits for approval',
  deny: 'Denies the step that waits for approval',
};

const DOCUMENTED = { tags: ['incidents'], security: [{ token: [] }] };

/** Incidents: the list, one with its journal, and a person's word to one. */
export function incidentRoutes(app: App, { control, journal }: HttpOptions): void {
  app.get(
    '/api/v1/incidents',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Incidents, newest first',
        querystring: incidentsQuery,
        response: { 200: incidentsSchema, ...PROBLEMS },
      },
    },
    async (request) => {
      const { target, state, limit } = request.query;
      const cursor = parseCursor(request.query.cursor);
      const filter: Pick<IncidentQuery, 'target' | 'state'> = {
        ...(target === undefined ? {} : { target }),
        ...(state === undefined ? {} : { state }),
      };
      return pageOf(await journal.incidents(pageQuery(filter, limit, cursor)), limit, cursor);
    },
  );

  app.get(
    '/api/v1/incidents/:id',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'One incident with its journal, oldest entry first',
        params: incidentParams,
        querystring: entriesQuery,
        response: { 200: incidentSchema, ...PROBLEMS },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { offset, limit } = request.query;
      const incident = await journal.incident(id);
      if (incident === null) throw new MpaError('UNKNOWN_INCIDENT', id);
      // The journal of an incident only grows at its end, so offsets stay true.
      const found = (await journal.entriesOf(id, offset + limit + 1)).slice(offset);
      return {
        incident,
        entries: found.slice(0, limit).map(entryView),
        next: found.length > limit ? offset + limit : null,
      };
    },
  );

  app.get(
    '/api/v1/incidents/:id/report',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'One incident as a Markdown post-mortem for people',
        params: incidentParams,
        response: { 200: reportSchema, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const incident = await journal.incident(id);
      const entries = incident === null ? [] : await journal.entriesOf(id, REPORT_ENTRIES_MAX);
      const report = incident === null ? null : reportOf(entries, await readHistory(journal, incident));
      if (report === null) throw new MpaError('UNKNOWN_INCIDENT', id);
      // Whoever shows it must not take it for anything else.
      return reply
        .type('text/markdown; charset=utf-8')
        .header('x-content-type-options', 'nosniff')
        .send(report);
    },
  );

  for (const [name, summary] of Object.entries(COMMANDS)) {
    // The keys of a literal whose type names them all.
    const command = name as PersonCommand;
    app.post(
      `/api/v1/incidents/:id/${command}`,
      {
        schema: {
          ...DOCUMENTED,
          summary,
          params: incidentParams,
          body: personSchema,
          response: { 200: commandSchema, ...PROBLEMS },
        },
      },
      async (request) => {
        const { id } = request.params;
        try {
          await control.command(id, command, request.body.who, request.body.reason);
        } catch (error) {
          throw await sayWhyUnknown(error, id, journal);
        }
        return { incident: id, command };
      },
    );
  }
}

/** The engine knows what is open; the journal also what has ended, which is something else than no such incident. */
async function sayWhyUnknown(error: unknown, id: string, journal: HttpOptions['journal']): Promise<unknown> {
  if (!(error instanceof MpaError) || error.code !== 'UNKNOWN_INCIDENT') return error;
  const incident = await journal.incident(id);
  return incident === null ? error : new MpaError('NOT_POSSIBLE', `${id} has ended: ${incident.outcome}`);
}

function entryView(entry: Entry) {
  return { ...entry, text: describeEntry(entry), body: { ...entry.body } };
}
