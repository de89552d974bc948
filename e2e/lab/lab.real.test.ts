// That the lab's own parts are real and work together; the suites that use them can then take it for granted.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startAlertmanager, webhookConfiguration } from './alertmanager.ts';
import { compose } from './compose.ts';
import { ContainerLab } from './container.ts';
import { type Engine, openEngine } from './engine.ts';
import { baseImage } from './image.ts';
import { startPrometheus } from './prometheus.ts';
import { startReceiver } from './receiver.ts';
import { removeLabelled } from './removeLabelled.ts';
import { waitFor } from './waitFor.ts';

describe('the lab', () => {
  let engine: Engine;
  let lab: ContainerLab;
  before(async () => {
    engine = await openEngine();
    lab = await ContainerLab.open(engine);
  });
  after(async () => {
    await lab?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
  });

  test('a service answers, turns unhealthy by a fault, and is on the same port after a restart', async () => {
    const service = await lab.runService();
    await service.whenAnswering();
    await service.whenHealth('healthy');

    await service.setFault('errors');
    await service.whenHealth('unhealthy');
    await service.container.restart({ t: 0 });

    await service.whenAnswering();
    await service.whenHealth('healthy');
  });

  test('a crash is an exit code, and a fault given at creation outlives a restart', async () => {
    const service = await lab.runService({ fault: 'crash' });
    const exited = () => service.inspect().then(({ State }) => State);
    const first = await waitFor('the crash', exited, ({ Status }) => Status === 'exited');
    assert.equal(first.ExitCode, 1);

    await service.container.start();
    const second = await waitFor(
      'the next crash',
      exited,
      ({ Status, StartedAt }) => Status === 'exited' && StartedAt !== first.StartedAt,
    );
    assert.equal(second.ExitCode, 1);
  });

  test('a service that ignores SIGTERM is ended by SIGKILL alone', async () => {
    const service = await lab.runService({ ignoreSigterm: true });
    await service.whenAnswering();

    await service.container.stop({ t: 1 });

    assert.equal((await service.inspect()).State.ExitCode, 137);
  });

  test('disposing a run removes all that is labelled with it, and nothing else', async () => {
    const stranger = await lab.createService({ name: 'stranger', publish: false });
    const run = await ContainerLab.open(engine);
    const network = await run.createNetwork();
    const doomed = await run.runService({ network, publish: false });

    await run[Symbol.asyncDispose]();

    await assert.rejects(doomed.inspect(), { statusCode: 404 });
    await assert.rejects(engine.docker.getNetwork(network).inspect(), { statusCode: 404 });
    assert.equal((await stranger.inspect()).State.Status, 'created');
  });

  test('Prometheus sees a service up, and down when it is killed', async () => {
    const service = await lab.runService();
    await service.whenAnswering();
    await using prometheus = await startPrometheus({
      targets: [{ job: 'sample', address: service.address }],
    });
    const up = async () => (await prometheus.query('up{job="sample"}'))[0]?.value;
    await waitFor('up to be 1', up, (value) => value === 1);

    await service.container.kill();

    await waitFor('up to be 0', up, (value) => value === 0);
  });

  test("an alert by Prometheus' rule reaches a webhook through Alertmanager, and its resolution too", async () => {
    await using receiver = await startReceiver();
    await using alertmanager = await startAlertmanager(webhookConfiguration(`${receiver.url}/hook`));
    const service = await lab.runService();
    await service.whenAnswering();
    await service.setFault('crash');
    await using _prometheus = await startPrometheus({
      targets: [{ job: 'sample', address: service.address }],
      rules: 'groups: [{ name: sample, rules: [{ alert: ServiceDown, expr: up == 0 }] }]',
      alertmanagerUrl: alertmanager.url,
    });
    const statuses = () => receiver.requests.map(({ body }) => JSON.parse(body).status);
    await waitFor('the alert to fire', statuses, (seen) => seen.includes('firing'), { deadlineMs: 20_000 });

    await service.container.start();

    const resolved = (seen: unknown[]) => seen.includes('resolved');
    await waitFor('it to be resolved', statuses, resolved, { deadlineMs: 20_000 });
  });

  test('an alert posted to Alertmanager is stored there and sent on to a webhook', async () => {
    await using receiver = await startReceiver();
    await using alertmanager = await startAlertmanager(webhookConfiguration(receiver.url));

    await alertmanager.post([{ labels: { alertname: 'ByHand', service: 'sample' } }]);

    const [request] = await waitFor(
      'the webhook',
      () => receiver.requests,
      (seen) => seen.length > 0,
    );
    const { version, alerts } = JSON.parse(request?.body ?? '');
    assert.equal(version, '4');
    assert.equal(alerts[0].labels.service, 'sample');
    assert.equal((await alertmanager.alerts())[0]?.fingerprint, alerts[0].fingerprint);
  });

  test('a program that refuses its configuration fails the test with its own words', async () => {
    await assert.rejects(startAlertmanager('route: { receiver: nobody }'), /undefined receiver/);
  });

  test('Compose v2 starts a project and labels it', async () => {
    const project = lab.runId;
    const folder = await mkdtemp(join(tmpdir(), 'mpa-compose-'));
    const file = join(folder, 'compose.yml');
    const web = { image: baseImage, command: ['sleep', '60'], init: true, labels: lab.labels };
    await writeFile(file, JSON.stringify({ name: project, services: { web } }));
    try {
      await compose(engine, ['--file', file, 'up', '--detach']);
      const label = [`com.docker.compose.project=${project}`, 'com.docker.compose.service=web'];
      const found = await engine.docker.listContainers({ filters: { label } });
      assert.deepEqual(
        found.map(({ State }) => State),
        ['running'],
      );
    } finally {
      await removeLabelled(engine.docker, `com.docker.compose.project=${project}`);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
