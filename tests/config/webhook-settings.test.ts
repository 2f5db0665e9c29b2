import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';

test('nobody within is sent webhooks unless the operator names him', () => {
  expect(loadConfig({}).webhooks).toEqual({ allowedHosts: [] });
  expect(loadConfig({ WEBHOOK_ALLOW_HOSTS: '127.0.0.1:9000, Receiver.internal,[::1]:80' }).webhooks.allowedHosts).toEqual([
    { hostname: '127.0.0.1', port: 9000 },
    { hostname: 'receiver.internal', port: undefined },
    { hostname: '[::1]', port: 80 },
  ]);
});

test.each(['http://x', '127.0.0.1,', '*', 'a b', 'user@x', Array.from({ length: 101 }, () => 'x').join(',')])(
  'WEBHOOK_ALLOW_HOSTS=%s ends the start and says what to write',
  (value) => {
    const load = () => loadConfig({ WEBHOOK_ALLOW_HOSTS: value });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/^WEBHOOK_ALLOW_HOSTS is not valid: write host or host:port/);
  },
);
