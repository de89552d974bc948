import type Docker from 'dockerode';
import { waitFor } from './waitFor.ts';

const requestMsMax = 5_000;

/** A container of the sample service, as a test handles it. */
export interface RunningService {
  readonly container: Docker.Container;
  readonly id: string;
  readonly name: string;
  /** Where it is published: `127.0.0.1:<port>`, the same after a restart. */
  readonly address: string;
  readonly url: string;
  /** Breaks or mends it from outside. */
  setFault(fault: 'ok' | 'crash' | 'hang' | 'errors' | 'slow'): Promise<void>;
  /** Until its `/health` answers 200 through the published port. */
  whenAnswering(): Promise<void>;
  /** Until Docker says so of its health check. */
  whenHealth(status: 'healthy' | 'unhealthy'): Promise<void>;
  inspect(): Promise<Docker.ContainerInspectInfo>;
}

export function serviceAt(
  container: Docker.Container,
  name: string,
  port: number | undefined,
): RunningService {
  const address = () => {
    if (port === undefined) throw new Error(`${name} is not published`);
    return `127.0.0.1:${port}`;
  };
  const inspect = () => container.inspect();
  return {
    container,
    id: container.id,
    name,
    get address() {
      return address();
    },
    get url() {
      return `http://${address()}`;
    },
    setFault: (fault) => postFault(`http://${address()}`, fault),
    whenAnswering: async () => {
      const health = async (signal: AbortSignal) =>
        (await fetch(`http://${address()}/health`, { signal })).status;
      await waitFor(`${name} to answer`, health, (status) => status === 200);
    },
    whenHealth: async (wanted) => {
      const look = async () => (await inspect()).State;
      const accept = (state: Docker.ContainerInspectInfo['State']) =>
        state.Status === 'running' && state.Health?.Status === wanted;
      await waitFor(`${name} to be ${wanted}`, look, accept, { deadlineMs: 20_000, everyMs: 100 });
    },
    inspect,
  };
}

async function postFault(url: string, fault: string): Promise<void> {
  const signal = AbortSignal.timeout(requestMsMax);
  const response = await fetch(`${url}/-/fault/${fault}`, { method: 'POST', signal });
  if (!response.ok)
    throw new Error(`the fault ${fault} was not taken: ${response.status} ${await response.text()}`);
  await response.text();
}
