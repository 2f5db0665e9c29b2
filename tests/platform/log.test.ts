import { describe, expect, test } from 'vitest';
import { newSecret } from '../../src/features/access/api-key-secret.js';
import { newWebhookSecret } from '../../src/features/webhooks/webhook-signature.js';
import { createLogger, redactText, redactUrl } from '../../src/platform/log.js';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ level: 'info', destination: { write: (line) => void (text += line) } }));
  return text;
}

describe('the log', () => {
  test('is one JSON object a line, with a level by name and the time', () => {
    const line = JSON.parse(
      logged((log) => {
        log.info({ requestId: 'r1' }, 'done');
      }),
    ) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'info', msg: 'done', requestId: 'r1', service: 'stockroom' });
    expect(new Date(String(line.time)).getTime()).not.toBeNaN();
  });

  test.each([
    ['a scan URL', { url: '/scan/HUSH?x=1' }],
    ['a scan URL of a request', { req: { method: 'POST', url: '/scan/HUSH', headers: { authorization: 'Bearer HUSH' } } }],
    ['an authorization header', { headers: { authorization: 'Bearer HUSH' } }],
    ['cookies', { headers: { cookie: 'a=HUSH' }, 'set-cookie': 'a=HUSH', res: { 'set-cookie': ['a=HUSH'] } }],
    ['cookies of a reply', { res: { headers: { 'set-cookie': 'a=HUSH' } }, request: { headers: { cookie: 'a=HUSH' } } }],
    ['a password', { database: { password: 'HUSH' } }],
    ['keys', { apiKey: 'HUSH', deviceKey: 'HUSH', input: { token: 'HUSH' } }],
    ['a connection string in an error', { err: new Error('cannot reach postgres://me:HUSH@host/db') }],
    ['a scan URL in an error', { err: new Error('Route POST:/scan/HUSH not found') }],
  ])('hides %s', (_what, fields) => {
    expect(
      logged((log) => {
        log.info(fields, 'seen');
      }),
    ).not.toContain('HUSH');
    expect(
      logged((log) => {
        log.child({ requestId: 'r' }).warn(fields);
      }),
    ).not.toContain('HUSH');
  });

  test('keeps what finds a request again', () => {
    const text = logged((log) => {
      log.info({ req: { id: 'r9', method: 'GET', url: '/graphql?x=1', ip: '::1' } });
    });
    expect(JSON.parse(text)).toMatchObject({ req: { id: 'r9', method: 'GET', url: '/graphql?x=1', ip: '::1' } });
  });
});

test.each(['a text with % in it', 'x-request-id=%', '/scans/%/more', '/%2573can/%', '"%"', 'key_%_', 'GET /scan/%x'])(
  'a key is hidden in %j',
  (text) => {
    const key = newSecret();
    expect(redactText(text.replace('%', key))).not.toContain(key);
    expect(redactUrl(text.replace('%', key))).not.toContain(key);
  },
);

test('a secret that webhooks are signed with is hidden wherever it turns up', () => {
  const secret = newWebhookSecret();
  const text = redactText(`signed with "${secret}", or ${secret}.`);
  expect(text).toBe('signed with "[hidden]", or [hidden].');
});

test('redaction leaves the rest of a text as it is', () => {
  expect(redactUrl('/scan')).toBe('/scan');
  expect(redactUrl('/sr_short')).toBe('/sr_short');
  expect(redactUrl('/scan/abc/def?mode=SALE')).toBe('/scan/[hidden]/def?mode=SALE');
  expect(redactUrl('/graphql?key=abc&x=1')).toBe('/graphql?key=[hidden]&x=1');
  expect(redactText('postgres://me@host/db and http://host/path')).toBe('postgres://me@host/db and http://host/path');
  expect(redactText('postgres://me:a:b@host/db')).toBe('postgres://me:[hidden]@host/db');
});
