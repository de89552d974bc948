/** A line of an access log: what its client sent stands in it, the status behind it. */
const ACCESS = /\bHTTP\/\d(?:\.\d)?" \d{3}\b/;
/** What a client sent, quoted in a line about something else. */
const QUOTED_REQUEST = /"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) [^"]{0,4000}"/g;
const QUOTED_CLIENT = /\b(?:referrer|referer|user[-_]agent|host): "[^"]{0,4000}"/gi;

/**
 * A line without what a client of the service put into it. Whoever can send a request could otherwise write a cause into
 * the log (`GET /no space left on device`), and keep the agent from restarting what he brings down.
 */
export function withoutRequests(line: string): string {
  if (!line.includes('HTTP/')) return line;
  return ACCESS.test(line) ? '' : line.replaceAll(QUOTED_REQUEST, '""').replaceAll(QUOTED_CLIENT, '""');
}
