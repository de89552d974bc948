/** Words that say what stands beside them. */

/** Words that are followed by the name of something. */
export const ANNOUNCING = setOf(
  'user username login account group host hostname server client node peer device file path dir directory table ' +
    'database topic queue job task thread process program service container image pod volume named domain worker',
);

/** Keys whose value is what the line says. */
export const MESSAGES = setOf(
  'msg message error err reason cause event text description detail details log warning exception',
);

/** Written where there is no value. */
export const ABSENT = setOf('null nil none None NULL undefined');

/** Units that come and go with the size of a number (`1.2 KB`, `830 B`). */
export const SIZES = setOf('B kB KB MB GB TB KiB MiB GiB TiB');
export const TIMES = setOf('ns us ms s sec secs min mins h hr hrs');

/** Names of months, days and zones: beside a number they are a part of a date. */
export const CALENDAR = setOf(
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun ' +
    'UTC GMT CET EET EST EDT CST CDT MST MDT PST PDT JST IST',
);

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
