import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TemplateMiner } from '../../../src/diagnosis/templates/templateMiner.ts';
import { CORPUS } from './corpus.ts';

/** The lines, grouped by the template that they were found to be of; in the order in which each was first seen. */
function groupsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const miner = new TemplateMiner();
  const refs = lines.map((line) => ({ line, ref: miner.add(line) }));
  const groups = Map.groupBy(refs, ({ ref }) => miner.templateOf(ref).id);
  return [...groups.values()].map((group) => group.map(({ line }) => line));
}

describe('lines that differ in values alone are of one template, other messages are not', () => {
  for (const [system, events] of Object.entries(CORPUS)) {
    it(`in the log of a ${system}`, () => {
      assert.deepEqual(groupsOf(events.flat()), events);
    });
  }

  it('in a log where a few states come again and again', () => {
    const states = ['unpacked', 'installed', 'configured', 'removed', 'purged', 'held', 'broken'];
    const events = states.map((state) =>
      Array.from({ length: 100 }, (_, n) => `package ${n} ${state} at ${n}`),
    );
    assert.deepEqual(groupsOf(events.flat()), events);
  });

  it('in all of them together', () => {
    const events = Object.values(CORPUS).flat();
    assert.deepEqual(groupsOf(events.flat()), events);
  });
});
