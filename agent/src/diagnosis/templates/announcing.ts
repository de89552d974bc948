/** Words that are followed by the name of something. */
export const ANNOUNCING: ReadonlySet<string> = new Set(
  (
    'user username login account group host hostname server client node peer device file path dir directory table ' +
    'database topic queue job task thread process program service container image pod volume named domain worker'
  ).split(' '),
);
