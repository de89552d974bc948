/** Of the schema of every problem; see schemas.ts. */
export const PROBLEM_DESCRIPTION = 'RFC 9457.';

/** What is corrected of an OpenAPI 3 document. */
interface Described {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly requestBody?: { required?: boolean; readonly content: Content };
  readonly responses?: Readonly<Record<string, Response>>;
}

interface Response {
  readonly description?: string;
  content?: Content;
}

type Content = Readonly<Record<string, { readonly schema?: { readonly nullable?: boolean } }>>;

/**
 * Says in the document what its generator cannot know: a body that may be null may be left out, and problems have a
 * media type of their own.
 */
export function correct<Document extends object>(document: Document): Document {
  // Made by the generator from our own routes, which have neither references nor anything but methods in their paths.
  const { paths = {} } = document as Described;
  for (const { requestBody, responses = {} } of Object.values(paths).flatMap((path) => Object.values(path))) {
    if (requestBody?.content['application/json']?.schema?.nullable === true) requestBody.required = false;
    for (const response of Object.values(responses)) nameProblem(response);
  }
  return document;
}

function nameProblem(response: Response): void {
  if (response.description !== PROBLEM_DESCRIPTION) return;
  const { 'application/json': json, ...others } = response.content ?? {};
  if (json !== undefined) response.content = { ...others, 'application/problem+json': json };
}
