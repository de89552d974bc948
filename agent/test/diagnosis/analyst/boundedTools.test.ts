import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BoundedTools } from '../../../src/diagnosis/analyst/boundedTools.ts';
import { EvidenceBook } from '../../../src/diagnosis/analyst/evidenceBook.ts';
import { newFence } from '../../../src/diagnosis/analyst/fence.ts';
import { ManualClock } from '../../fakes/clock.ts';
import { LOGS, Tools } from './scene.ts';

const calm = new AbortController().signal;

function open(calls = 6) {
  const tools = new Tools();
  const book = new EvidenceBook([LOGS]);
  const clock = new ManualClock();
  return { tools, book, clock, bounded: new BoundedTools({ tools, book, clock, fence: newFence(), calls }) };
}

describe('the tools of a model', () => {
  it('are bounded in number', async () => {
    const { tools, bounded } = open(2);
    for (let time = 0; time < 5; time += 1) await bounded.use('facts', {}, calm);
    assert.deepEqual(tools.asked, ['facts', 'facts']);
    assert.match(await bounded.use('facts', {}, calm), /^No more questions/);
  });

  it('answer within three seconds, or not at all', async () => {
    const { tools, clock, bounded } = open();
    tools.facts = () => new Promise(() => undefined);
    const asked = bounded.use('facts', {}, calm);
    await clock.advance(3_000);
    assert.match(await asked, /^It could not be answered/);
    assert.equal(clock.sleeping, 0);
  });

  it('end with the conversation', async () => {
    const { tools, bounded } = open();
    tools.facts = () => new Promise(() => undefined);
    const over = new AbortController();
    const asked = bounded.use('facts', {}, over.signal);
    over.abort(new Error('called off'));
    assert.match(await asked, /called off/);
  });

  it('answer with so much and no more, the last lines, under their own numbers', async () => {
    const { tools, bounded } = open();
    const text = Array.from({ length: 10_000 }, (_, index) => `line ${index + 1}`).join('\n');
    tools.moreLogs = async () => ({ ...LOGS, id: 'E9', text });
    const answer = await bounded.use('more_logs', { lines: 500, contains: null }, calm);
    assert.ok(Buffer.byteLength(answer) < 16_500);
    assert.match(answer, /"10000":"line 10000"/);
    assert.doesNotMatch(answer, /"1":"line 1"/);
  });

  it('can be cited once they answered', async () => {
    const { book, bounded } = open();
    assert.equal(book.find('E9:2'), null);
    await bounded.use('more_logs', { lines: 5, contains: null }, calm);
    assert.equal(book.find('E9:2')?.text, 'TLS handshake failed');
  });

  for (const [name, args, asked] of [
    ['more_logs', { lines: 9_999, contains: 7 }, ['logs 100 null']],
    ['more_logs', { lines: '20', contains: 'x' }, ['logs 20 x']],
    ['more_logs', {}, ['logs 100 null']],
    ['promql', { query: '' }, []],
    ['promql', { query: 'x'.repeat(2_000) }, []],
    ['promql', 'up', []],
    ['restart', { target: 'shop' }, []],
    ['__proto__', {}, []],
    ['constructor', {}, []],
    ['toString', {}, []],
  ] as const) {
    it(`${name} with ${JSON.stringify(args).slice(0, 40)} asks ${JSON.stringify(asked)}`, async () => {
      const { tools, bounded } = open();
      assert.equal(typeof (await bounded.use(name, args, calm)), 'string');
      assert.deepEqual(tools.asked, asked);
    });
  }
});
