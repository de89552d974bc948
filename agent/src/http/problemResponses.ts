import { problemSchema } from './problem.ts';

/** How a route's problems stand in the OpenAPI document; the error handler makes them all alike. */
const response = {
  description: 'Problem',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** Every route of the API can answer these. */
export const PROBLEMS = {
  '4xx': response,
  '5xx': response,
} as const;
