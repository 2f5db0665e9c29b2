import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MisbehavingServer, redirects } from '../../support/misbehaving-server.js';
import { NOT_PUBLIC } from './addresses.js';
import { lookupOf, openSender, post, Tripwires } from './sender-fixture.js';

/** Servers that nobody must reach, at one port of these addresses. */
const WITHIN = ['127.0.0.2', '127.0.0.53', '127.1.2.3', '::1'];
let wires: Awaited<ReturnType<typeof Tripwires.open>>;

beforeAll(async () => {
  wires = await Tripwires.open(WITHIN);
});
beforeEach(() => {
  wires.tripped.length = 0;
});
afterAll(() => {
  wires.close();
});

test('the servers within can be reached, if nobody guards them', async () => {
  const sender = openSender({ allowed: ['127.0.0.1'] });
  await post(sender, `http://127.0.0.1:${String(wires.port)}/`);
  expect(wires.tripped).toEqual(['127.0.0.1']);
});

/** Hosts of URLs; each is tried with the port at which the servers listen, and without one. */
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  'an address as it is': ['127.0.0.1', '127.0.0.2', '127.1.2.3', '0.0.0.0', '10.0.0.1', '192.168.0.1', '169.254.169.254'],
  'in other notations': [
    ...['127.1', '127.0.1', '0', '2130706433', '0x7f000001', '0x7f.1', '0x7f.0x0.0x0.0x1', '017700000001', '0177.0.0.1'],
    ...['0177.0.0x1', '127.0.0.1.', '0x7F.0.0.1', '00000177.0.0.1', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376'],
  ],
  'in letters that become digits and dots': ['①②⑦.⓪.⓪.①', '127。0。0。1', '１２７.0.0.1', '127%2e0%2e0%2e1', '%31%32%37.0.0.1'],
  'of IPv6': ['[::1]', '[0:0:0:0:0:0:0:1]', '[::]', '[fe80::1]', '[fc00::1]', '[ff02::1]', '[fd00:ec2::254]'],
  'of IPv4 in IPv6': [
    ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:169.254.169.254]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]'],
    ...['[2002:7f00:1::]', '[2001:0:7f00:1::]', '[64:ff9b:1::7f00:1]', '[::ffff:0:127.0.0.1]'],
  ],
  'a name of the machine or its network': [
    ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'ip6-localhost', 'metadata', 'metadata.google.internal'],
    ...['printer.local', 'router.lan', 'ｌｏｃａｌｈｏｓｔ'],
  ],
  'behind credentials': [
    'example.com@127.0.0.1',
    'example.com:443@127.0.0.1',
    '127.0.0.1\\@example.com',
    '127.0.0.1#@example.com',
  ],
};

describe.each(Object.entries(HOSTS))('a URL with %s', (_, hosts) => {
  test.each(hosts)('https://%s reaches nobody', async (host) => {
    // Whatever is looked up leads within: nothing of what is refused may depend on a name server.
    const sender = openSender({ tools: { dnsLookup: lookupOf(['127.0.0.1', '::1']).lookup } as never });
    for (const url of [`https://${host}:${String(wires.port)}/`, `https://${host}/`, `http://${host}:${String(wires.port)}/`]) {
      expect([url, await post(sender, url)]).toEqual([url, { kind: 'FAILED', reason: expect.any(String) as string }]);
    }
    expect(wires.tripped).toEqual([]);
  });
});

describe.each(Object.entries(NOT_PUBLIC))('a name that leads to an address: %s', (_, addresses) => {
  test.each(addresses)('%s', async (address) => {
    const { asked, lookup } = lookupOf([address]);
    const sender = openSender({ tools: { dnsLookup: lookup } as never });
    const outcome = await post(sender, `https://hooks.example.com:${String(wires.port)}/`);
    expect(outcome).toEqual({ kind: 'FAILED', reason: 'The name leads to an address that is not public.' });
    expect([asked, wires.tripped]).toEqual([['hooks.example.com'], []]);
  });
});

describe('names that change their mind', () => {
  // Two servers of one machine, of which the one counts as public here.
  const isPublic = (address: string): boolean => address === '127.0.0.2';
  const hook = () => `https://hooks.example.com:${String(wires.port)}/`;

  test('one that leads to a public address and to another is refused as a whole', async () => {
    for (const answers of [
      ['127.0.0.2', '127.0.0.1'],
      ['127.0.0.1', '127.0.0.2'],
      ['127.0.0.2', '::1'],
    ]) {
      const sender = openSender({ isPublic, tools: { dnsLookup: lookupOf(answers).lookup } as never });
      expect(await post(sender, hook())).toMatchObject({ reason: 'The name leads to an address that is not public.' });
    }
    expect(wires.tripped).toEqual([]);
  });

  test('what was looked at is what is connected to: there is no second look-up', async () => {
    const { asked, lookup } = lookupOf(['127.0.0.2'], ['127.0.0.1']);
    const sender = openSender({ isPublic, tools: { dnsLookup: lookup } as never });
    await post(sender, hook());
    expect([asked.length, wires.tripped]).toEqual([1, ['127.0.0.2']]);
    expect(await post(sender, hook())).toMatchObject({ reason: 'The name leads to an address that is not public.' });
    expect([asked.length, wires.tripped]).toEqual([2, ['127.0.0.2']]);
  });
});

describe('redirects', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'https://127.0.0.1:PORT/',
    'http://[::1]:PORT/',
    '//127.0.0.1:PORT/',
    'http://169.254.169.254/',
  ])('to %s are an answer like any other, and not followed', async (location) => {
    const far = await MisbehavingServer.open();
    try {
      far.behave(redirects(location.replace('PORT', String(wires.port))));
      const sender = openSender({ allowed: [`127.0.0.1:${String(far.port)}`] });
      expect(await post(sender, `${far.url}/`)).toMatchObject({ kind: 'ANSWERED', status: 302 });
      expect([far.requestCount, wires.tripped]).toEqual([1, []]);
    } finally {
      await far.close();
    }
  });
});
