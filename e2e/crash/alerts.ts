/** Posts one firing alert straight to an agent, as Alertmanager would, until it is acknowledged. */
export async function postAlert(agentUrl: string, service: string, fingerprint: string): Promise<void> {
  const startsAt = new Date().toISOString();
  const alert = {
    status: 'firing',
    labels: { alertname: 'ServiceDown', service },
    annotations: {},
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint,
  };
  const message = {
    version: '4',
    groupKey: `{}:{service="${service}"}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'agent',
    groupLabels: {},
    commonLabels: alert.labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    alerts: [alert],
  };
  const response = await fetch(`${agentUrl}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 200)
    throw new Error(`not acknowledged: ${response.status} ${await response.text()}`);
}
