import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { Engine } from './engine.ts';
import { freePort } from './freePort.ts';
import { baseImage, ensureBaseImage } from './image.ts';
import { removeLabelled } from './removeLabelled.ts';
import { type RunningService, serviceAt } from './runningService.ts';
import { type ServiceOptions, serviceConfig } from './serviceOptions.ts';

const scriptPath = join(import.meta.dirname, 'sampleService.ts');
const portAttemptsMax = 3;

/**
 * Containers and networks of one test run, all labelled `mpa.lab=<runId>`; disposing it removes every one of them,
 * also those that the code under test made of them anew with the same labels.
 */
export class ContainerLab implements AsyncDisposable {
  readonly docker: Docker;
  /** The value of the label `mpa.lab` on all that belongs to this run; also a unique prefix for names. */
  readonly runId: string;

  private constructor(docker: Docker, runId: string) {
    this.docker = docker;
    this.runId = runId;
  }

  /** Makes the base image if it is absent. */
  static async open(engine: Engine): Promise<ContainerLab> {
    await ensureBaseImage(engine);
    return new ContainerLab(engine.docker, `run-${randomBytes(4).toString('hex')}`);
  }

  /** The labels that make something part of this run. */
  get labels(): Readonly<Record<string, string>> {
    // The session is that of scripts/test.ts, which removes what a killed test process left behind.
    return { 'mpa.lab': this.runId, 'mpa.lab.session': process.env['MPA_LAB_SESSION'] ?? 'none' };
  }

  /** Creates a container of the sample service and starts it. It need not be answering yet: wait for that. */
  async runService(options: ServiceOptions = {}): Promise<RunningService> {
    for (let attempt = 1; ; attempt += 1) {
      const service = await this.createService(options);
      try {
        await service.container.start();
        return service;
      } catch (error) {
        // Someone took the port between the look and the start; anything else is the caller's to see.
        const portTaken = /port is already allocated|address already in use/.test(String(error));
        if (!portTaken || attempt === portAttemptsMax) throw error;
        await service.container.remove({ force: true });
      }
    }
  }

  /** Creates a container of the sample service without starting it. */
  async createService(options: ServiceOptions = {}): Promise<RunningService> {
    const name = `${this.runId}-${options.name ?? `service-${randomBytes(6).toString('hex')}`}`;
    // Chosen beforehand: a port that Docker chooses is another one after a restart.
    const port = options.publish === false ? undefined : await freePort();
    const config = serviceConfig(options, port);
    const container = await this.docker.createContainer({
      ...config,
      name,
      Image: options.image ?? baseImage,
      Labels: { ...config.Labels, ...this.labels },
      HostConfig: { ...config.HostConfig, Binds: [`${scriptPath}:/app/sampleService.mts:ro`] },
    });
    return serviceAt(container, name, port);
  }

  /** A bridge network of this run; answers with its name. Containers on it find each other by name. */
  async createNetwork(name = 'net'): Promise<string> {
    const full = `${this.runId}-${name}`;
    await this.docker.createNetwork({ Name: full, Labels: { ...this.labels } });
    return full;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeLabelled(this.docker, `mpa.lab=${this.runId}`);
  }
}
