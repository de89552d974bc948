import { printable } from '../core/printable.ts';
import type { Handover } from './handover.ts';

/** Longest reason that is shown, UTF-16 units. */
const REASON_MAX = 300;

type Facts = {
  readonly agentUrl: string;
  readonly sampleUrl: string;
  readonly where: string;
  /** Name of the sample's target. */
  readonly target: string;
  /** Whether `mpa` finds the agent without being told where. */
  readonly isUsualUrl: boolean;
};

/** What the newcomer has to know; nothing else. */
export function greeting(facts: Facts, handover: Handover | null): string {
  return handover === null ? welcome(facts) : askForHelp(facts, handover);
}

function welcome({ agentUrl, sampleUrl, where }: Facts): string {
  return `
  The Market Programmer Agent is looking after a sample service,
  ${where}.

    agent    ${agentUrl}
    sample   ${sampleUrl}

  Break the sample, and watch here how it is repaired:

    curl -X POST ${sampleUrl}/break/crash

  There are also hang, errors and slow. Ctrl-C ends the agent and the sample.

`;
}

function askForHelp(facts: Facts, { incident, reason, breakerOpen }: Handover): string {
  const { agentUrl, sampleUrl, where, target, isUsualUrl } = facts;
  const end = `${target} --reason "another try"${isUsualUrl ? '' : ` --url ${agentUrl}`}`;
  const words = breakerOpen ? ['breaker reset', 'recover'] : ['recover'];
  return `
  The Market Programmer Agent runs. An earlier run gave its sample service,
  ${where}, to a person: nothing is done to it
  until it is well again, or somebody says so.

    agent     ${agentUrl}
    sample    ${sampleUrl}
    incident  ${incident}: ${printable(reason, REASON_MAX)}

  That person is you. Have the agent try again:

${words.map((word) => `    npm run --silent mpa -- ${word} ${end}`).join('\n')}

  Ctrl-C ends the agent and the sample.

`;
}
