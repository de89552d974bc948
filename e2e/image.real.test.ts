// The agent as its users run it: the image in a container with a read-only root file system, no root, no capability,
// beside the services it looks after on a real engine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { HUNG_AS_FIRST_EXIT_CODE, HUNG_EXIT_CODE } from '../agent/src/watchdog.ts';
import { AgentContainer, type AgentContainerOptions, ensureAgentImage } from './agentContainer.ts';
import { startBlindEngine } from './blindEngine.ts';
import { ContainerLab } from './lab/container.ts';
import { type Engine, openEngine } from './lab/engine.ts';
import { happenedTo as happened } from './lab/happenedTo.ts';
import type { RunningService } from './lab/runningService.ts';
import { waitFor } from './lab/waitFor.ts';

const HOOK = join(import.meta.dirname, 'hangHook.mjs');

describe('the image', { concurrency: 4 }, () => {
  const opened = new AsyncDisposableStack();
  let engine: Engine;
  let lab: ContainerLab;
  before(async () => {
    engine = opened.use(await openEngine());
    await ensureAgentImage(engine);
    lab = opened.use(await ContainerLab.open(engine));
  });
  after(() => opened.disposeAsync());

  async function start(configuration: object, options: AgentContainerOptions): Promise<AgentContainer> {
    const agent = opened.use(await AgentContainer.create(engine, lab, configuration, options));
    await agent.container.start();
    return agent;
  }

  /** A service of the lab that only the target of this name selects, whatever else runs on the engine. */
  async function runTarget(name: string): Promise<RunningService> {
    const service = await lab.runService({ name, labels: { 'mpa.target': targetLabel(name) } });
    await service.whenHealth('healthy');
    return service;
  }

  function targetLabel(name: string): string {
    return `${lab.runId}-${name}`;
  }

  function careOf(names: readonly string[], steps: readonly object[] = [], further: object = {}): object {
    const targets = names.map((name) => [name, { label: `mpa.target=${targetLabel(name)}` }]);
    return {
      discovery: { by: [] },
      verification: { soak: '1s', timeout: '30s', symptom: 'none' },
      guards: { grace: { after_start: '0s' }, blast_radius: { fraction: 1 }, panic: { minimum: 10 } },
      targets: Object.fromEntries(targets),
      strategies: [
        {
          name: 'restart-it',
          matchers: ['alertname="ServiceDown"'],
          steps: [...steps, { action: 'restart', stop_timeout: '1s' }, { action: 'check_health' }],
        },
      ],
      ...further,
    };
  }

  /** Everything that the engine was made to do to a container, and every end of it, in their order. */
  function happenedTo(container: string) {
    return happened(engine.docker, container, Math.floor(Date.now() / 1_000) - 600);
  }

  test('it is healthy by its own check, knows which container it is, and recovers a killed one', async () => {
    const victim = await runTarget('victim');
    const agent = await start(careOf(['victim']), { name: 'agent' });
    await agent.whenReady();

    const { State, Config } = await agent.inspect();
    assert.equal(Config.User, '1000:1000');
    const { Processes, Titles } = await agent.container.top({ ps_args: '-eo pid,uid,args' });
    assert.ok(Processes.length >= 2, 'an init process and the agent');
    const uids = Processes.map((row: readonly string[]) => row[Titles.indexOf('UID')]);
    assert.ok(
      uids.every((uid: string) => uid === '1000'),
      JSON.stringify(Processes),
    );
    const { self } = (await agent.get('/health')) as { self: string };
    assert.match(
      self,
      new RegExp(`^container ${agent.id.slice(0, 12)} \\(${agent.name}\\), known by mountinfo$`),
    );
    assert.equal(await agent.metric(/^mpa_self_known /), 1);

    const before = await victim.inspect();
    await victim.container.kill();
    await agent.alert({ alertname: 'ServiceDown', mpa_target: 'victim' });
    const { id, outcome } = await agent.whenIncident('victim', ({ phase }) =>
      ['ended', 'escalated'].includes(phase),
    );
    assert.equal(outcome, 'recovered', JSON.stringify(await agent.journal(id), null, 1));
    await victim.whenAnswering();
    assert.notEqual((await victim.inspect()).State.StartedAt, before.State.StartedAt);

    const health = async () => (await agent.inspect()).State.Health?.Status;
    await waitFor('its own health check', health, (status) => status === 'healthy', { deadlineMs: 30_000 });
    assert.equal((await agent.inspect()).State.StartedAt, State.StartedAt);
  });

  test('it never acts on itself, by whatever name an alert calls it and whatever selects it', async () => {
    const disguise = `${lab.runId}-disguise`;
    const labels = {
      'com.docker.compose.project': lab.runId,
      'com.docker.compose.service': 'healer',
      'mpa.target': disguise,
    };
    const agent = await start(careOf(['disguise']), { name: 'healer', labels });
    await agent.whenReady();
    const { State } = await agent.inspect();

    const names: readonly Readonly<Record<string, string>>[] = [
      { container: agent.name },
      { compose_service: 'healer' },
      { container_label_com_docker_compose_service: 'healer' },
      { service: 'healer' },
      { mpa_target: `${lab.runId}/healer` },
      { service: 'market-programmer-agent' },
    ];
    await agent.alert(...names.map((name) => ({ alertname: 'ServiceDown', ...name })));
    const refused = () => agent.metric(/^mpa_protective_actions_total\{.*layer="intake"/);
    await waitFor('the refusal', refused, (count) => count >= 1);
    const { id } = await agent.whenIncident(null, ({ escalated }) => escalated);
    const heard = (await agent.journal(id)).filter(({ body }) => /^(signal|alert)/.test(body.type));
    assert.ok(
      heard.length >= names.length,
      `all are of one incident: ${JSON.stringify(heard.map((e) => e.body.type))}`,
    );

    // Its own container, as a target under a name that says nothing.
    await agent.alert({ alertname: 'ServiceDown', mpa_target: 'disguise' });
    const disguised = await agent.whenIncident('disguise', ({ phase }) => phase === 'escalated');
    const told = (await agent.journal(disguised.id)).map(({ body }) => body);
    const refusal = told.find(({ type }) => type === 'protective-action');
    assert.ok(refusal !== undefined && refusal['code'] === 'self', JSON.stringify(told, null, 1));
    assert.ok(!told.some(({ type }) => type === 'mutation-started'));

    assert.equal((await agent.inspect()).State.StartedAt, State.StartedAt);
    const done = (await happenedTo(agent.id)).map(({ action }) => action);
    assert.deepEqual(
      done.filter((action) => /^(?:restart|stop|kill|die|start|pause)$/.test(action)),
      ['start'],
    );
  });

  test('a strategy that would restart the agent is refused when the configuration is loaded', async () => {
    const strategy = {
      name: 'heal-the-healer',
      matchers: ['service="market-programmer-agent"'],
      steps: [{ action: 'restart' }],
    };
    const agent = await start(careOf([], [], { strategies: [strategy] }), { name: 'suicidal' });
    assert.equal(await agent.whenEnded(), 1);
    assert.match(await agent.log(), /mean market-programmer-agent, which is protected.*restart/);
    assert.match(await agent.log(), /the agent was not started/);
  });

  test('without the socket’s group it runs, and says exactly which group it lacks', async () => {
    const agent = await start(careOf(['unseen']), { name: 'outsider', socketGroup: false });
    await agent.whenReady();
    const { GroupAdd } = (await agent.inspect()).HostConfig;
    assert.deepEqual(GroupAdd ?? [], []);

    const { status, dependencies } = (await agent.get('/health')) as {
      status: string;
      dependencies: readonly { name: string; ok: boolean; reason: string }[];
    };
    assert.equal(status, 'degraded');
    const docker = dependencies.find(({ name }) => name === 'docker');
    const remedy = /runs as 1000:1000.*give it the group \d+ \(`group_add: \["\d+"\]`/;
    assert.equal(docker?.ok, false);
    assert.match(docker?.reason ?? '', remedy);
    assert.match(
      await agent.log(),
      /"level":"warn".*nothing is mutated: .*give it the group \d+ \(`group_add:/,
    );
    assert.equal(await agent.metric(/^mpa_self_known /), 0);
  });

  test('unable to tell which container it is, it mutates nothing, and says so', async () => {
    const blind = opened.use(await startBlindEngine(engine.dockerHost));
    const victim = await runTarget('untouched');
    const options = { name: 'lost', hostname: 'somebody', socketPath: blind.socketPath };
    const agent = opened.use(await AgentContainer.create(engine, lab, careOf(['untouched']), options));
    blind.hide(agent.id);
    await agent.container.start();
    await agent.whenReady();
    const { self, status } = (await agent.get('/health')) as { self: string; status: string };
    assert.equal(status, 'degraded');
    assert.match(self, /not able to tell which, so nothing is mutated: .*the engine knows no container/);
    assert.match(await agent.log(), /"level":"warn".*not able to tell which, so nothing is mutated/);
    assert.equal(await agent.metric(/^mpa_self_known /), 0);

    await victim.container.kill();
    await agent.alert({ alertname: 'ServiceDown', mpa_target: 'untouched' });
    const { id } = await agent.whenIncident('untouched', ({ phase }) => phase === 'escalated');
    const told = (await agent.journal(id)).map(({ body }) => body);
    assert.ok(
      told.some(({ type, code }) => type === 'protective-action' && code === 'self-unknown'),
      JSON.stringify(told, null, 1),
    );
    assert.equal(await agent.metric(/^mpa_protective_actions_total\{.*reason="self-unknown"/), 1);
    assert.deepEqual(blind.mutations, []);
    assert.equal((await victim.inspect()).State.Status, 'exited');
  });

  test('killed in the middle of an incident it is brought back by Docker, and finishes it', async () => {
    const victim = await runTarget('patient');
    const steps = [{ action: 'wait', for: '3s' }];
    const agent = await start(careOf(['patient'], steps), { name: 'phoenix', restartPolicy: 'always' });
    await agent.whenReady();
    await victim.container.kill();
    await agent.alert({ alertname: 'ServiceDown', mpa_target: 'patient' });
    const begun = await agent.whenIncident(
      'patient',
      ({ phase }) => phase === 'acting' || phase === 'waiting',
    );

    // From inside, as a crash would be: what is killed through the API, Docker leaves dead. -1 is everyone but init.
    const kill = await agent.container.exec({ Cmd: ['node', '-e', 'process.kill(-1, "SIGKILL")'] });
    // Detached, the stream says nothing and would never end.
    (await kill.start({ Detach: true })).destroy();
    const look = async () => (await agent.inspect()).RestartCount;
    await waitFor('Docker to bring it back', look, (count) => count === 1);
    await agent.whenReady();

    const ended = await agent.whenIncident('patient', ({ phase }) => ['ended', 'escalated'].includes(phase));
    assert.equal(ended.id, begun.id);
    assert.equal(ended.outcome, 'recovered', JSON.stringify(await agent.journal(ended.id), null, 1));
    const restarts = (await happenedTo(victim.id)).filter(({ action }) => action === 'restart');
    assert.equal(restarts.length, 1);
  });

  test('SIGTERM ends it in order, within the drain time', async () => {
    const agent = await start(careOf([]), { name: 'leaver' });
    await agent.whenReady();
    // SIGKILL would come after it, and be told as 137.
    await agent.container.stop({ t: 10 });
    assert.equal(await agent.whenEnded(), 0);
    assert.match(await agent.log(), /SIGTERM: no more signals are taken/);
    assert.match(await agent.log(), /"entry":"agent-stopped"/);
  });

  test('an agent whose main loop hangs ends itself, with an init process and without, and is brought back', async () => {
    const hooked = {
      restartPolicy: 'always',
      binds: [`${HOOK}:/hook.mjs:ro`],
      env: ['NODE_OPTIONS=--import=file:///hook.mjs'],
    } as const;
    const agents = [
      { agent: await start(careOf([]), { name: 'hung', init: true, ...hooked }), exitCode: HUNG_EXIT_CODE },
      {
        agent: await start(careOf([]), { name: 'hung-first', init: false, ...hooked }),
        exitCode: HUNG_AS_FIRST_EXIT_CODE,
      },
    ];
    await Promise.all(
      agents.map(async ({ agent, exitCode }) => {
        await agent.whenReady();
        await agent.container.kill({ signal: 'SIGUSR2' });
        const look = async () => (await agent.inspect()).RestartCount;
        await waitFor('Docker to bring it back', look, (count) => count === 1, { deadlineMs: 30_000 });
        await agent.whenReady();
        const deaths = (await happenedTo(agent.id)).filter(({ action }) => action === 'die');
        assert.deepEqual(
          deaths.map((death) => death.exitCode),
          [String(exitCode)],
        );
        assert.match(await agent.log(), /The main loop has not turned for 10 s/);
      }),
    );
  });
});
