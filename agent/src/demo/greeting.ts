/** What the newcomer has to know; nothing else. */
export function greeting(facts: {
  readonly agentUrl: string;
  readonly sampleUrl: string;
  readonly where: string;
}): string {
  const { agentUrl, sampleUrl, where } = facts;
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
