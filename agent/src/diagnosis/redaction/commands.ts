import { isMarked, marker, type Rule } from './rule.ts';

/** Passwords that are told by their place alone, in commands and protocols that people know. */
const FORMS: readonly (readonly [hints: readonly string[], form: RegExp])[] = [
  // `curl -u user:x`, `--user user:x`
  [
    ['curl', 'wget', 'http '],
    /((?:^|\s)(?:-u|--user|--proxy-user|--auth|-a)[ =]["']?[^\s:"']{1,128}:)([^\s"'@]+)/g,
  ],
  // `mysql -px`, `mysqldump -u root -px`
  [['mysql', 'mariadb'], /((?:^|\s)-p)([^\s"']+)/g],
  // `sshpass -p x`, `redis-cli -a x`
  [['sshpass'], /(\bsshpass[ \t]{1,4}-p[ \t]{0,4}["']?)([^\s"']+)/g],
  [['redis-cli'], /((?:^|\s)-a[ \t]{1,4}["']?)([^\s"']+)/g],
  // `docker login -u user -p x`
  [['docker login', 'podman login', 'az login', 'helm registry'], /((?:^|\s)-p[ =]["']?)([^\s"']+)/g],
  // `user:x@tcp(db:3306)/shop`, as drivers of Go write it; `thin:user/x@//db`, as Oracle's does
  [['@tcp(', '@unix('], /(\b[\w.-]{1,64}:)([^\s"'/]{1,256})(?=@(?:tcp|unix)\()/g],
  [['jdbc:oracle'], /(\bjdbc:oracle:\w{1,10}:[\w.-]{1,64}\/)([^\s"'@]{1,256})(?=@)/g],
  // SMTP and IMAP: `AUTH PLAIN x`; Redis: `"AUTH" "user" "x"`
  [['auth plain', 'auth login', 'auth xoauth2'], /(\bAUTH (?:PLAIN|LOGIN|XOAUTH2)[ \t]{1,4})([\w+/=]{4,})/g],
  [['"auth"'], /("auth" (?:"[^"]{1,128}" )?")([^"]+)(?="(?: |$))/gi],
  // `cvv=123`
  [['cvv', 'cvc'], /(\bcv[vc]2?\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?)(\d{3,4})(?!\d)/gi],
];

/** Secrets in commands and protocols. */
export const COMMANDS: readonly Rule[] = FORMS.map(([hints, form]) => ({
  hints,
  apply: (line) =>
    line.replace(form, (whole, head: string, value: string) =>
      isMarked(value) ? whole : `${head}${marker(/cv[vc]/i.test(head) ? 'card' : 'password')}`,
    ),
}));
