import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../src/core/alert.ts';
import { findTarget } from '../../src/core/findTarget.ts';
import { DEFAULT_LABEL_MAPPINGS } from '../../src/core/settings.ts';
import { target } from '../engine/given.ts';

const TARGETS = [
  target('web', { aliases: ['frontend'] }),
  target('db'),
  target('frontend-old', { aliases: ['legacy'] }),
];

function found(labels: Labels, targets = TARGETS): string {
  const match = findTarget(labels, DEFAULT_LABEL_MAPPINGS, targets);
  return match.kind === 'found' ? `${match.target.name} by ${match.label}` : match.kind;
}

test('the first mapped label that names a known target decides, in the order of the mappings', () => {
  assert.equal(found({ job: 'db', service: 'web' }), 'web by service');
  assert.equal(found({ job: 'db', service: 'nobody' }), 'db by job');
  assert.equal(found({ mpa_target: 'db', service: 'web' }), 'db by mpa_target');
});

test('a rule that names its target outright is final, also when nobody has that name', () => {
  assert.equal(found({ mpa_target: 'nobody', service: 'web' }), 'none');
});

test('an empty label says nothing', () => {
  assert.equal(found({ mpa_target: '', service: 'web' }), 'web by service');
});

test('an alias names its target, and a name comes before an alias', () => {
  assert.equal(found({ service: 'frontend' }), 'web by service');
  assert.equal(found({ service: 'frontend' }, [...TARGETS, target('frontend')]), 'frontend by service');
});

test('an alias of several targets is never a guess, and all of them are named', () => {
  const several = [...TARGETS, target('other', { aliases: ['frontend'] })];
  const match = findTarget({ service: 'frontend' }, DEFAULT_LABEL_MAPPINGS, several);
  assert.equal(match.kind, 'several');
  assert.equal(match.kind === 'several' && match.reason, 'service="frontend" names web and other');
});

test('the reason says what was tried, or which labels are wanted', () => {
  const reason = (labels: Labels) => {
    const match = findTarget(labels, ['service', 'job'], TARGETS);
    return match.kind === 'none' ? match.reason : '';
  };
  assert.equal(reason({ service: 'x', job: 'y' }), 'none of service="x", job="y" names a known target');
  assert.equal(reason({ other: 'x' }), 'the alert carries none of the labels service, job');
});

test('what every object inherits is no label, and no target is found by it', () => {
  assert.equal(findTarget({ a: 'b' }, ['constructor', 'toString', '__proto__'], TARGETS).kind, 'none');
});

test('no labels, and no targets, find nothing', () => {
  assert.equal(found({}), 'none');
  assert.equal(found({ service: 'web' }, []), 'none');
});

const ofProject = (project: string | null, name = 'web') =>
  target(name, { aliases: ['web'], selector: { by: 'compose-service', service: 'web', project } });

test('a service of the same name in another Compose project is no match, by whatever label it is named', () => {
  const cadvisor = {
    container_label_com_docker_compose_service: 'web',
    container_label_com_docker_compose_project: 'b',
  };
  const elsewhere = [cadvisor, { service: 'web', compose_project: 'b' }, { ...cadvisor, mpa_target: 'web' }];
  for (const labels of elsewhere) {
    assert.equal(found(labels, [ofProject('a')]), 'none');
    const match = findTarget(labels, DEFAULT_LABEL_MAPPINGS, [ofProject('a')]);
    assert.match(match.kind === 'none' ? match.reason : '', /: web is not of Compose project b$/);
    assert.match(found(labels, [ofProject('b')]), /^web by /);
  }
});

test('a project that the alert or the target does not name is no reason against it', () => {
  assert.equal(found({ service: 'web' }, [ofProject('a')]), 'web by service');
  assert.equal(found({ service: 'web', compose_project: '' }, [ofProject('a')]), 'web by service');
  assert.equal(found({ service: 'web', compose_project: 'b' }, [ofProject(null)]), 'web by service');
  assert.equal(found({ service: 'web', compose_project: 'b' }, [target('web')]), 'web by service');
});

test('the label of the project is the one beside the label of the service that the configuration knows', () => {
  const labels = { docker_compose_service: 'web', docker_compose_project: 'b' };
  const match = (project: string) =>
    findTarget(labels, ['docker_compose_service'], [ofProject(project)]).kind;
  assert.equal(match('a'), 'none');
  assert.equal(match('b'), 'found');
});

test('of two projects with a service of one name, the alert’s own is found', () => {
  const both = [ofProject('a', 'a/web'), ofProject('b', 'b/web')];
  assert.equal(found({ service: 'web', compose_project: 'b' }, both), 'b/web by service');
  assert.equal(found({ service: 'web' }, both), 'several');
});
