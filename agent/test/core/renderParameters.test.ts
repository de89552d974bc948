import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../src/core/alert.ts';
import { renderParameters, unknownPlaceholders } from '../../src/core/strategy.ts';

const LABELS: Labels = {
  team: 'search',
  empty: '',
  tricky: '{{ target }} $& {{ labels.team }}',
  'a-b.c': 'dotted',
};

const render = (text: string) => renderParameters({ reason: text }, 'web', LABELS);

function filled(text: string): unknown {
  const result = render(text);
  return result.ok ? result.parameters['reason'] : `missing ${result.error.placeholder}`;
}

test('the target and the labels are filled in, with any spaces inside the braces', () => {
  assert.equal(filled('{{ target }} of {{labels.team}}, {{   labels.team   }}'), 'web of search, search');
  assert.equal(filled('{{ labels.a-b.c }}'), 'dotted');
});

test('a label that is missing or empty is an error, never the empty string', () => {
  assert.equal(filled('x {{ labels.nobody }}'), 'missing labels.nobody');
  assert.equal(filled('x {{ labels.empty }}'), 'missing labels.empty');
});

test('what every object inherits is no label', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
    assert.equal(filled(`{{ labels.${name} }}`), `missing labels.${name}`);
});

test('a placeholder that does not exist is an error that says which do', () => {
  const result = render('{{ taget }}');
  assert.ok(!result.ok);
  assert.match(result.error.reason, /\{\{ target \}\} and \{\{ labels\.NAME \}\}/);
});

test('what a label brings is text: it is neither filled again nor read as a pattern', () => {
  assert.equal(filled('{{ labels.tricky }}'), LABELS['tricky']);
});

test('lists and objects are filled throughout, and what is no text stays as it is', () => {
  const parameters = {
    list: ['{{ target }}', 1],
    inner: { deep: ['{{ labels.team }}'] },
    number: 7,
    none: null,
  };
  const result = renderParameters(parameters, 'web', LABELS);
  assert.ok(result.ok);
  assert.deepEqual(result.parameters, {
    list: ['web', 1],
    inner: { deep: ['search'] },
    number: 7,
    none: null,
  });
});

test('the check of the configuration finds placeholders that no alert could fill', () => {
  assert.deepEqual(unknownPlaceholders('{{ target }} {{ labels.x }} {{ label.x }} {{ }}'), ['label.x', '']);
});
