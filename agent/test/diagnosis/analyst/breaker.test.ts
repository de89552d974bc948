import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Breaker } from '../../../src/diagnosis/analyst/breaker.ts';

function broken(): Breaker {
  const breaker = new Breaker({ failures: 2, cooldownMs: 1_000 });
  breaker.failed(0);
  breaker.failed(100);
  return breaker;
}

describe('the breaker', () => {
  it('opens after so many failures in a row', () => {
    const breaker = new Breaker({ failures: 2, cooldownMs: 1_000 });
    breaker.failed(0);
    assert.equal(breaker.refusal(0), null);
    breaker.failed(0);
    assert.match(breaker.refusal(0) ?? '', /2 analyses failed in a row/);
  });

  it('counts from anew after a success', () => {
    const breaker = new Breaker({ failures: 2, cooldownMs: 1_000 });
    breaker.failed(0);
    breaker.succeeded();
    breaker.failed(0);
    assert.equal(breaker.refusal(0), null);
  });

  it('lets one question try after the cooldown, and only one', () => {
    const breaker = broken();
    assert.notEqual(breaker.refusal(1_099), null);
    assert.equal(breaker.refusal(1_100), null);
    assert.match(breaker.refusal(1_100) ?? '', /tries whether the model is back/);
  });

  it('closes when that one succeeds', () => {
    const breaker = broken();
    assert.equal(breaker.refusal(1_100), null);
    breaker.succeeded();
    assert.equal(breaker.refusal(1_100), null);
  });

  it('opens again when that one fails', () => {
    const breaker = broken();
    assert.equal(breaker.refusal(1_100), null);
    breaker.failed(1_200);
    assert.notEqual(breaker.refusal(2_199), null);
    assert.equal(breaker.refusal(2_200), null);
  });

  it('leaves a server alone for as long as that asked for, an hour at most', () => {
    const breaker = new Breaker({ failures: 2, cooldownMs: 1_000 });
    breaker.failed(0, 30_000);
    assert.match(breaker.refusal(29_999) ?? '', /the last analysis failed; the model is asked again in 1 s/);
    assert.equal(breaker.refusal(30_000), null);
    breaker.failed(30_000, 1e12);
    assert.notEqual(breaker.refusal(30_000 + 3_599_999), null);
    assert.equal(breaker.refusal(30_000 + 3_600_000), null);
  });

  it('lets another one try when that one was called off', () => {
    const breaker = broken();
    assert.equal(breaker.refusal(1_100), null);
    breaker.undecided();
    assert.equal(breaker.refusal(1_100), null);
  });
});
