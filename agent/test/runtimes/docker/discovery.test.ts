import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findTarget } from '../../../src/core/findTarget.ts';
import { DEFAULT_VERIFICATION } from '../../../src/core/settings.ts';
import type { Selector, Target } from '../../../src/core/target.ts';
import {
  type DiscoveryOptions,
  discoverTargets,
  NO_DISCOVERY,
} from '../../../src/runtimes/docker/discovery.ts';
import type { Listed } from '../../../src/runtimes/docker/engineSchema.ts';

const BY_LABEL: DiscoveryOptions = { ...NO_DISCOVERY, by: ['label'] };
const EVERYTHING: DiscoveryOptions = { ...NO_DISCOVERY, by: ['container_name'] };

function container(name: string, Labels: Record<string, string> = {}, NetworkMode = 'bridge'): Listed {
  return {
    Id: `${name}-0123456789ab`,
    Names: [`/other/${name}-link`, `/${name}`],
    Labels,
    State: 'running',
    Status: 'Up 1 second',
    HostConfig: { NetworkMode },
  };
}

function composed(project: string, service: string, labels: Record<string, string> = {}, number = 1): Listed {
  return container(`${project}-${service}-${number}`, {
    'com.docker.compose.project': project,
    'com.docker.compose.service': service,
    'com.docker.compose.oneoff': 'False',
    ...labels,
  });
}

function discover(
  containers: readonly Listed[],
  options: DiscoveryOptions,
  configured: readonly Target[] = [],
) {
  return discoverTargets(containers, options, { configured, verification: DEFAULT_VERIFICATION });
}
const names = (containers: readonly Listed[], options: DiscoveryOptions) =>
  discover(containers, options).map(({ name }) => name);

const MIXED = [
  composed('shop', 'web', { 'mpa.target': 'web' }),
  composed('shop', 'db'),
  composed('shop', 'old', { autoheal: 'true' }),
  composed('blog', 'app', { 'mpa.target': 'true' }),
  container('lonely'),
  container('guarded', { 'deunhealth.restart.on.unhealthy': 'true' }),
];

it('nothing is discovered unless the configuration says so', () => {
  assert.deepEqual(names(MIXED, NO_DISCOVERY), []);
});

it('only what bears the label is discovered', () => {
  assert.deepEqual(names(MIXED, BY_LABEL), ['blog/app', 'web']);
});

it('the labels of other healers count only when they are imported', () => {
  assert.deepEqual(names(MIXED, { ...BY_LABEL, importLabels: true }), [
    'blog/app',
    'guarded',
    'shop/old',
    'web',
  ]);
});

it('a limit to projects holds for labelled containers too', () => {
  assert.deepEqual(names(MIXED, { ...BY_LABEL, composeProject: 'shop' }), ['web']);
  assert.deepEqual(names(MIXED, { ...EVERYTHING, composeProject: 'shop' }), ['shop/db', 'shop/old', 'web']);
});

it('services of Compose are discovered by being that, and nothing else with them', () => {
  const options: DiscoveryOptions = { ...NO_DISCOVERY, by: ['compose_service'] };
  assert.deepEqual(names(MIXED, options), ['blog/app', 'shop/db', 'shop/old', 'web']);
});

it('imported labels are no way in where labels are not asked for', () => {
  assert.deepEqual(names(MIXED, { ...NO_DISCOVERY, importLabels: true }), []);
  const options: DiscoveryOptions = { ...NO_DISCOVERY, by: ['compose_service'], importLabels: true };
  assert.ok(!names(MIXED, options).includes('guarded'));
});

it('a project that is nobody’s finds nothing, not everything', () => {
  assert.deepEqual(names(MIXED, { ...EVERYTHING, composeProject: '' }), []);
});

it('everything is discovered only when that is said', () => {
  assert.equal(names(MIXED, EVERYTHING).length, MIXED.length);
});

it('a container that opts out stays out, whatever else it bears', () => {
  const shy = container('shy', { 'mpa.target': 'false', autoheal: 'true' });
  assert.deepEqual(names([shy], { ...EVERYTHING, by: ['label', 'container_name'], importLabels: true }), []);
});

it('one-off containers and tasks of a swarm are nobody’s target', () => {
  const containers = [
    composed('shop', 'migrate', { 'com.docker.compose.oneoff': 'True', 'mpa.target': 'migrate' }),
    container('task', { 'com.docker.swarm.task.id': 'x', 'mpa.target': 'task' }),
  ];
  assert.deepEqual(names(containers, EVERYTHING), []);
});

it('replicas of a service are one target that selects this service of this project alone', () => {
  const containers = [1, 2, 3].map((number) => composed('shop', 'web', {}, number));
  const [target, ...more] = discover(containers, EVERYTHING);
  assert.deepEqual(more, []);
  assert.deepEqual(target?.selector, { by: 'compose-service', service: 'web', project: 'shop' });
  assert.deepEqual(target?.aliases, ['web', 'shop-web-1', 'shop-web-2', 'shop-web-3']);
});

it('plain containers under one label are one target', () => {
  const containers = [container('a', { 'mpa.target': 'pair' }), container('b', { 'mpa.target': 'pair' })];
  const [target, ...more] = discover(containers, BY_LABEL);
  assert.deepEqual(more, []);
  assert.equal(target?.name, 'pair');
  assert.deepEqual(target?.selector, { by: 'label', label: 'mpa.target', value: 'pair' });
});

it('a name that two services give themselves names neither', () => {
  const containers = [
    composed('shop', 'web', { 'mpa.target': 'front' }),
    composed('blog', 'app', { 'mpa.target': 'front' }),
  ];
  const targets = discover(containers, BY_LABEL);
  assert.deepEqual(
    targets.map(({ name }) => name),
    ['blog/app', 'shop/web'],
  );
  assert.equal(findTarget({ mpa_target: 'front' }, ['mpa_target'], targets).kind, 'several');
});

it('a label shared by a service and a plain container selects neither of the other', () => {
  const containers = [
    composed('shop', 'web', { 'mpa.target': 'x' }),
    container('solo', { 'mpa.target': 'x' }),
  ];
  const selectors = discover(containers, BY_LABEL).map(({ selector }) => selector);
  assert.deepEqual(selectors, [
    { by: 'compose-service', service: 'web', project: 'shop' },
    { by: 'container-name', name: 'solo' },
  ]);
});

it('a name that a service gives itself does not become that of a container that is called so', () => {
  const containers = [composed('shop', 'web', { 'mpa.target': 'front' }), container('front')];
  assert.deepEqual(names(containers, EVERYTHING), ['front', 'shop/web']);
});

it('what a configured target selects is left to it', () => {
  const selectors: readonly Selector[] = [
    { by: 'container-name', name: 'lonely' },
    { by: 'compose-service', service: 'web', project: null },
    { by: 'compose-service', service: 'db', project: 'shop' },
    { by: 'compose-service', service: 'app', project: 'other' },
    { by: 'label', label: 'autoheal', value: 'true' },
  ];
  const [any] = discover([container('any')], EVERYTHING);
  assert.ok(any !== undefined);
  const configured = selectors.map((selector): Target => ({ ...any, selector, origin: 'configured' }));
  const left = discover(MIXED, EVERYTHING, configured).map(({ name }) => name);
  assert.deepEqual(left, ['blog/app', 'guarded']);
});

it('a label that also selects a configured container is not used to select others', () => {
  const containers = [container('a', { 'mpa.target': 'x' }), container('b', { 'mpa.target': 'x' })];
  const [a] = discover(containers.slice(0, 1), EVERYTHING);
  assert.ok(a !== undefined);
  const configured: Target = { ...a, selector: { by: 'container-name', name: 'a' } };
  const [other, ...more] = discover(containers, BY_LABEL, [configured]);
  assert.deepEqual(other?.selector, { by: 'container-name', name: 'b' });
  assert.deepEqual(more, []);
});

it('the order in which the engine lists containers makes no difference', () => {
  assert.deepEqual(discover([...MIXED].reverse(), EVERYTHING), discover(MIXED, EVERYTHING));
});

it('a target stands on what Compose says, and on the container whose network it shares', () => {
  const vpn = container('vpn');
  const containers = [
    composed('shop', 'web', {
      'com.docker.compose.depends_on': 'db:service_healthy:true,cache:service_started:false',
    }),
    composed('shop', 'db'),
    composed('blog', 'cache'),
    vpn,
    container('client', {}, `container:${vpn.Id}`),
  ];
  const targets = discover(containers, EVERYTHING);
  const dependsOn = new Map(targets.map((target) => [target.name, target.dependsOn]));
  assert.deepEqual(dependsOn.get('shop/web'), ['shop/db']);
  assert.deepEqual(dependsOn.get('client'), ['vpn']);
  assert.deepEqual(dependsOn.get('shop/db'), []);
});

it('a configured target stands on what Compose says, too, be that configured or discovered', () => {
  const [db, web] = discover([composed('shop', 'web'), composed('shop', 'db')], EVERYTHING).map(
    (target): Target => ({ ...target, name: target.name.replace('shop/', 'my-'), origin: 'configured' }),
  );
  assert.ok(web !== undefined && db !== undefined);
  const vpn = container('vpn');
  const containers = [
    composed('shop', 'web', { 'com.docker.compose.depends_on': 'db:service_started:false,cache:x:y' }),
    { ...composed('shop', 'db'), HostConfig: { NetworkMode: `container:${vpn.Id}` } },
    composed('shop', 'cache'),
    vpn,
  ];
  const configured = [{ ...db, dependsOn: ['disk'] }, web];
  const dependsOn = (options: DiscoveryOptions) =>
    Object.fromEntries(
      discover(containers, options, configured).map((target) => [target.name, target.dependsOn]),
    );
  assert.deepEqual(dependsOn(EVERYTHING), {
    'my-db': ['disk', 'vpn'],
    'my-web': ['my-db', 'shop/cache'],
    'shop/cache': [],
    vpn: [],
  });
  // Of `my-db` nothing new is known: the network that it shares is nobody’s.
  assert.deepEqual(dependsOn(NO_DISCOVERY), { 'my-web': ['my-db'] });
});
