import type { MakeChecker } from './checker.ts';

/** 5. Every signal that was acknowledged is in the durable journal, at once and after any crash. */
export const acknowledged: MakeChecker = ({ ledger }, complain) => {
  const heard = new Map<string, number>();
  const check = (fingerprint: string) => {
    const wanted = heard.get(fingerprint) ?? 0;
    const there = ledger.entriesAbout(fingerprint);
    if (there < wanted)
      complain(`${wanted} messages about ${fingerprint} were acknowledged, and ${there} are in the journal`);
  };
  return {
    name: 'what was acknowledged is in the journal',
    acknowledged(alerts) {
      for (const { fingerprint } of alerts) heard.set(fingerprint, (heard.get(fingerprint) ?? 0) + 1);
      for (const { fingerprint } of alerts) check(fingerprint);
    },
    atEnd() {
      for (const fingerprint of heard.keys()) check(fingerprint);
    },
  };
};
