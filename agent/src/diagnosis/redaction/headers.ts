import { isMarked, looksMade, marker, type Rule } from './rule.ts';

/** `Authorization: Bearer x`, `"authorization":"Basic x"`, `proxy-authorization=Digest a=b, c=d`. */
const AUTHORIZATION =
  /(authorization(?:\\?["'])?[ \t]{0,4}[:=][ \t]{0,4}[["'\\]{0,4})(?:([A-Za-z][\w-]{1,31})([ \t]{1,4}))?([^\s"'\\]+)([^"'\\\r\n]*)/gi;
/** Schemes whose credentials go on to the end of the header. */
const LONG_SCHEME = /^(?:digest|aws4-[\w-]+|oauth|hawk|signature|negotiate|mac|scram-[\w-]+)$/i;
const SCHEME = /^(?:bearer|basic|token|apikey|api-key|key|jwt|ssws|splunk|genie-?key|dpop)$/i;

const authorization: Rule = {
  hints: ['authorization'],
  apply: (line) =>
    line.replace(
      AUTHORIZATION,
      (
        whole,
        head: string,
        scheme: string | undefined,
        gap: string | undefined,
        value: string,
        rest: string,
      ) => {
        if (scheme !== undefined && LONG_SCHEME.test(scheme))
          return isMarked(value) ? whole : `${head}${scheme}${gap}${marker('authorization')}`;
        if (scheme !== undefined && SCHEME.test(scheme))
          return isMarked(value) ? whole : `${head}${scheme}${gap}${marker('authorization')}${rest}`;
        // No scheme that is known: the first word may be the credential itself.
        if (scheme !== undefined)
          return looksMade(scheme) ? `${head}${marker('authorization')}${gap}${value}${rest}` : whole;
        if (isMarked(value) || !looksMade(value)) return whole;
        return `${head}${marker('authorization')}${rest}`;
      },
    ),
};

/** A credential after its scheme, wherever it stands. */
const BARE = /\b(bearer|basic)([ \t]{1,4}|%20)([\w+/.~-]{8,}={0,2})(?![\w+/=.~-])/gi;

const bare: Rule = {
  hints: ['bearer', 'basic'],
  apply: (line) =>
    line.replace(BARE, (whole, scheme: string, gap: string, value: string) =>
      looksMade(value) ? `${scheme}${gap}${marker(scheme.toLowerCase())}` : whole,
    ),
};

/** `Cookie: a=b; c=d` and `Set-Cookie: a=b; Path=/`, to the end of the header. Names of attributes are no cookies. */
const COOKIE =
  /(cookies?(?:\\?["'])?[ \t]{0,4}[:=][ \t]{0,4}[[\s"'\\]{0,6})(?!(?:max-?age|path|domain|expires|same-?site|secure|http-?only)\b)([^\s=;,:"'{}()[\]\\]{1,128}=[^"'\\\r\n]+)/gi;

const cookie: Rule = {
  hints: ['cookie'],
  apply: (line) => line.replace(COOKIE, (_whole, head: string) => `${head}${marker('cookie')}`),
};

/** Cookies that hold a session under the names that frameworks give them. */
const SESSION =
  /\b((?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|connect\.sid|laravel_session|_session_id)=)([^\s;&"',\\]+)/gi;

const session: Rule = {
  hints: ['sessid', 'sessionid', 'connect.sid', 'laravel_session', '_session_id'],
  apply: (line) =>
    line.replace(SESSION, (whole, head: string, value: string) =>
      isMarked(value) ? whole : `${head}${marker('cookie')}`,
    ),
};

/** What HTTP carries credentials in. */
export const HEADERS: readonly Rule[] = [authorization, bare, cookie, session];
