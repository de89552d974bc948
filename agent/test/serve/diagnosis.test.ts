// A whole agent: a real process that says why it fails, a real journal, and the rules of its configuration.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Body, recoverShop } from './shop.ts';

const SECRET = 'fake-pass-of-nobody';

/** The story of an incident of a process that wrote `line` and hangs, until a person was called. */
function incidentOf(line: string, sections: object = {}) {
  return recoverShop({ line, sections, until: ['escalated'] });
}

const restarted = (bodies: readonly Body[]) => bodies.some(({ type }) => type === 'mutation-started');
const reasonOf = (bodies: readonly Body[]) =>
  String(bodies.find(({ type }) => type === 'escalated')?.['reason']);

describe('an agent that diagnoses', () => {
  it('restarts nothing where a restart cannot help, and calls a person with the cause and its line', async () => {
    const { bodies } = await incidentOf(
      'fatal: tls: x509: certificate has expired or is not yet valid: current time 2026-01-10T10:11:12Z is after 2026-01-01T00:00:00Z',
    );
    assert.equal(restarted(bodies), false, JSON.stringify(bodies));
    assert.match(reasonOf(bodies), /A TLS certificate has expired \(E\d+:1\), and a restart cannot help/);
  });

  it('restarts where it may help', async () => {
    const { bodies } = await incidentOf('accept4: too many open files; retrying in 1s');
    assert.equal(restarted(bodies), true, JSON.stringify(bodies));
  });

  it('goes by the patterns of the configuration', async () => {
    const line = 'the licence server does not answer';
    const own = {
      name: 'licence-server-away',
      expression: 'licence server does not answer',
      cause: 'The licence server is away.',
      confidence: 0.9,
      restart_helps: 'no',
      remedy: 'Start it.',
      example: line,
    };
    const { bodies } = await incidentOf(line, { diagnosis: { patterns: [own] } });
    assert.equal(restarted(bodies), false, JSON.stringify(bodies));
    assert.match(reasonOf(bodies), /The licence server is away .*Start it\./);
  });

  it('takes secrets out before anything is kept, also those that only the configuration knows', async () => {
    const line = `login with password=${SECRET} and CUST-004711 failed: No space left on device`;
    const { bodies, log, journal } = await incidentOf(line, { redaction: { patterns: ['CUST-\\d{6}'] } });
    const told = JSON.stringify(bodies);
    assert.match(told, /login with password=\[redacted:password\] and \[redacted:custom\] failed/);
    assert.ok(journal.includes('[redacted:password]'));
    for (const secret of [SECRET, 'CUST-004711'])
      for (const place of [told, log, journal]) assert.ok(!place.includes(secret));
  });
});
