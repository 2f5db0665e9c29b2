import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from '../../../src/platform/cache/redis-url.js';

const OPEN = { tls: false, username: undefined, password: undefined };

describe('the address of Redis', () => {
  test.each([
    ['redis://cache', { kind: 'server', ...OPEN, nodes: [{ host: 'cache', port: 6379 }], database: 0 }],
    ['redis://cache/', { kind: 'server', ...OPEN, nodes: [{ host: 'cache', port: 6379 }], database: 0 }],
    ['redis://10.0.0.7:6380/15', { kind: 'server', ...OPEN, nodes: [{ host: '10.0.0.7', port: 6380 }], database: 15 }],
    ['redis://[::1]:6380', { kind: 'server', ...OPEN, nodes: [{ host: '::1', port: 6380 }], database: 0 }],
    ['REDIS://cache', { kind: 'server', ...OPEN, nodes: [{ host: 'cache', port: 6379 }], database: 0 }],
    [
      'redis+sentinel://one,two:26380/stock.master-1',
      {
        kind: 'sentinel',
        ...OPEN,
        nodes: [
          { host: 'one', port: 26_379 },
          { host: 'two', port: 26_380 },
        ],
        masterName: 'stock.master-1',
      },
    ],
    [
      'redis+cluster://one:7000,[fe80::2]:7001',
      {
        kind: 'cluster',
        ...OPEN,
        nodes: [
          { host: 'one', port: 7000 },
          { host: 'fe80::2', port: 7001 },
        ],
      },
    ],
  ])('%s', (text, address) => {
    expect(parseRedisUrl(text)).toEqual(address);
  });

  test.each(['redis://', 'redis+sentinel://', 'redis+cluster://'])('%s with TLS is rediss', (scheme) => {
    const path = scheme.includes('sentinel') ? '/main' : '';
    expect(parseRedisUrl(`${scheme.replace('redis', 'rediss')}cache${path}`)?.tls).toBe(true);
    expect(parseRedisUrl(`${scheme}cache${path}`)?.tls).toBe(false);
  });

  test.each([
    ['me:secret', 'me', 'secret'],
    [':secret', undefined, 'secret'],
    ['me', 'me', undefined],
    ['me:p%40ss%2Fword%3A%25', 'me', 'p@ss/word:%'],
    ['me:with:colon', 'me', 'with:colon'],
  ])('%s@ is who asks', (access, username, password) => {
    for (const rest of ['redis://@host', 'redis+sentinel://@host,host2/main', 'rediss+cluster://@host,host2']) {
      expect(parseRedisUrl(rest.replace('@', `${access}@`))).toMatchObject({ username, password });
    }
  });
});

test.each([
  '',
  'cache',
  'cache:6379',
  'http://cache',
  'redis+unix://cache',
  'redis://',
  'redis://me:secret@',
  'redis://me:sec%ret@cache',
  'redis://me:sec/ret@cache',
  'redis://me:sec@ret@cache',
  'redis://cache:0',
  'redis://cache:65536',
  'redis://cache:port',
  'redis://ca che',
  'redis://::1:6379',
  'redis://cache/one',
  'redis://cache/0/1',
  'redis://cache/0?db=1',
  'redis://cache/0#1',
  'redis://one,two',
  'redis+sentinel://one,two',
  'redis+sentinel://one,two/',
  'redis+sentinel://one,,two/main',
  'redis+sentinel://one,two/main/1',
  'redis+cluster://one:7000,two:7001/1',
  `redis+cluster://${'one,'.repeat(64)}one`,
])('%s is none', (text) => {
  expect(parseRedisUrl(text)).toBeUndefined();
});
