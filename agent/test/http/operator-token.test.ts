import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openServer, WEBHOOK_TOKEN } from './openServer.ts';

const GUARDED: readonly (readonly ['GET' | 'POST', string])[] = [
  ['GET', '/api/v1/incidents'],
  ['GET', '/api/v1/incidents/inc-1'],
  ['GET', '/api/v1/targets'],
  ['GET', '/api/openapi.json'],
  ['POST', '/api/v1/targets/x/recover'],
  ['POST', '/api/v1/incidents/inc-1/acknowledge'],
  ['POST', '/api/v1/incidents/inc-1/close'],
  ['POST', '/api/v1/incidents/inc-1/recover'],
  ['POST', '/api/v1/incidents/inc-1/approve'],
  ['POST', '/api/v1/incidents/inc-1/deny'],
  ['GET', '/api/v1/controls'],
  ['GET', '/api/v1/approvals'],
  ['POST', '/api/v1/maintenance'],
  ['POST', '/api/v1/maintenance/inc-1/end'],
  ['POST', '/api/v1/targets/x/breaker/reset'],
  ['POST', '/api/v1/mode'],
  ['POST', '/-/reload'],
];

test('every address of the API wants an operator’s token; the webhook’s is none', async () => {
  await using server = await openServer();
  for (const [method, url] of GUARDED) {
    for (const headers of [{}, { authorization: `Bearer ${WEBHOOK_TOKEN}` }]) {
      const answer = await server.app.inject({ method, url, headers });
      assert.equal(answer.statusCode, 401, `${method} ${url}`);
    }
  }
  assert.deepEqual(server.control.commands, []);
  assert.deepEqual(server.control.recoveries, []);
});

test('the OpenAPI document names every address and wants the token for it', async () => {
  await using server = await openServer();
  const document = (await server.call('GET', '/api/openapi.json')).json();
  assert.equal(document.openapi, '3.1.0');
  for (const [method, url] of GUARDED.filter(([, url]) => url !== '/api/openapi.json')) {
    const path = url.replace('inc-1', '{id}').replace('/x/', '/{name}/');
    const operation = document.paths[path]?.[method.toLowerCase()];
    assert.deepEqual(operation?.security, [{ token: [] }], `${method} ${path}`);
    assert.ok(operation.responses['4XX'] ?? operation.responses['4xx'], `${method} ${path}`);
  }
  const message =
    document.paths['/webhooks/alertmanager'].post.requestBody.content['application/json'].schema;
  const alert = message.properties.alerts.items;
  assert.deepEqual(alert.properties.labels, {
    type: 'object',
    maxProperties: 100,
    additionalProperties: { type: 'string', maxLength: 4_096 },
  });
  assert.deepEqual(alert.required, ['status', 'fingerprint', 'labels', 'startsAt']);
});
