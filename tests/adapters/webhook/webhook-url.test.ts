import { describe, expect, test } from 'vitest';
import { urlFault } from '../../../src/adapters/webhook/webhook-url.js';
import { readAllowedHost } from '../../../src/platform/allowed-host.js';

const fault = (url: string) => urlFault(url, []);

test.each([
  'https://example.com/hooks',
  'https://example.com:8443/hooks?shop=1',
  'https://hooks.example.co.za./x',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]:443/',
  'https://xn--bcher-kva.example/',
  'https://bücher.example/',
])('%s may be entered', (url) => {
  expect(fault(url)).toBeUndefined();
});

test.each([
  ['', /whole URL/],
  ['example.com/hooks', /whole URL/],
  ['https://', /whole URL/],
  ['https://exa mple.com', /whole URL/],
  ['https://a.example.com:99999/', /whole URL/],
  ['ftp://example.com/', /https/],
  ['file:///etc/passwd', /https/],
  ['gopher://example.com/', /https/],
  ['javascript:alert(1)', /https/],
  ['http://example.com/', /https/],
  ['https://user@example.com/', /name and password/],
  ['https://user:secret@example.com/', /name and password/],
  ['https://:secret@example.com/', /name and password/],
  ['https://example.com/#there', /#/],
  ['https://example.com:22/', /port/],
  ['https://example.com:80/', /port/],
  ['https://example.com:6667/', /port/],
  [`https://example.com/${'a'.repeat(2_000)}`, /2000/],
])('%s may not', (url, message) => {
  expect(fault(url)).toMatch(message);
});

describe('what the operator allows by name', () => {
  const allowed = ['127.0.0.1:9000', 'receiver.internal', '[::1]:9000'].flatMap((text) => readAllowedHost(text) ?? []);

  test.each(['http://127.0.0.1:9000/', 'https://receiver.internal:22/', 'http://receiver.internal/', 'http://[0:0::1]:9000/'])(
    '%s may be entered',
    (url) => {
      expect(urlFault(url, allowed)).toBeUndefined();
    },
  );

  test.each(['http://127.0.0.1:9001/', 'https://127.0.0.2:9000/', 'https://x.receiver.internal/', 'http://a@127.0.0.1:9000/'])(
    '%s may not',
    (url) => {
      expect(urlFault(url, allowed)).toBeDefined();
    },
  );

  test.each(['', 'a b', 'http://x', 'x/y', 'x?y', 'a@b', 'x:99999', 'x:0', 'x:', '::1', '[x]', '[::1'])(
    '"%s" is no host',
    (text) => {
      expect(readAllowedHost(text)).toBeUndefined();
    },
  );
});
