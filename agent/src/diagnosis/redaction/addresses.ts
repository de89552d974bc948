import { isMarked, looksMade, marker, type Rule } from './rule.ts';

/** `scheme://user:password@host`; of several `@` the last before the path ends the password, as drivers read it. */
const PASSWORD =
  /\b([a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#@:"'<>[\]]{0,256}):(?!\d{1,5}[?#])([^\s/"'<>]{1,512})@/gi;
/** `scheme://token@host`. */
const USER = /\b([a-z][a-z0-9+.-]{1,30}:\/\/)([^\s/?#@:"'<>[\]]{16,512})@/gi;

const credentials: Rule = {
  hints: ['://'],
  apply: (line) =>
    line.includes('@')
      ? line
          .replace(PASSWORD, (whole, head: string, password: string) =>
            isMarked(password) ? whole : `${head}:${marker('url-password')}@`,
          )
          .replace(USER, (whole, head: string, user: string) =>
            /\d/.test(user) && /[A-Za-z]/.test(user) && !user.includes('.')
              ? `${head}${marker('url-password')}@`
              : whole,
          )
      : line,
};

/** Parameters of an address that are a signature or a key; what is called a token or a password is found elsewhere. */
const SIGNATURE =
  /([?&](?:sig|signature|x-(?:amz|goog)-(?:signature|credential|security-token)))=([^&\s"'#<>\\]+)/gi;
const SHORT_NAME = /([?&](?:key|code|auth|apikey|sid|jwt|ticket|otp))=([^&\s"'#<>\\]+)/gi;

const parameters: Rule = {
  hints: [
    'sig=',
    'signature=',
    'credential=',
    '-token=',
    'key=',
    'code=',
    'auth=',
    'sid=',
    'jwt=',
    'ticket=',
    'otp=',
  ],
  apply: (line) =>
    line
      .replace(SIGNATURE, (whole, head: string, value: string) =>
        isMarked(value) ? whole : `${head}=${marker('url-parameter')}`,
      )
      .replace(SHORT_NAME, (whole, head: string, value: string) =>
        value.length >= 12 && looksMade(value) && !isMarked(value)
          ? `${head}=${marker('url-parameter')}`
          : whole,
      ),
};

/** Secrets in addresses. */
export const ADDRESSES: readonly Rule[] = [credentials, parameters];
