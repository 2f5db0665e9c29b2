import { describe, expect, test } from 'vitest';
import { clockText, optionalEmail, optionalPhone, quietSpan } from '../../../src/features/notifications/contact-rules.js';
import { InvalidError } from '../../../src/kernel/errors.js';

describe('mobile numbers', () => {
  test.each([
    ['0821234567', '+27821234567'],
    ['082 123 4567', '+27821234567'],
    ['(082) 123-4567', '+27821234567'],
    ['+27 82 123 4567', '+27821234567'],
    ['0027821234567', '+27821234567'],
    ['+254712345678', '+254712345678'],
    ['+1 202-555-0123', '+12025550123'],
  ])('%s is %s', (text, number) => {
    expect(optionalPhone(text, [])).toBe(number);
  });

  test.each([
    '12',
    'phone',
    '082 123',
    '0821234567 ext 5',
    'call 0821234567',
    '+999 123 456 789',
    '0'.repeat(500),
    '082\n1234567x',
  ])('%j is none', (text) => {
    expect(() => optionalPhone(text, ['phone'])).toThrow(InvalidError);
  });

  test.each(['011 555 1234', '+44 20 7946 0000', '0800 123 456'])('%s is none that an SMS reaches', (text) => {
    expect(() => optionalPhone(text, ['phone'])).toThrow(/mobile phone/);
  });
});

describe('e-mail addresses', () => {
  test.each([
    ['thandi@example.co.za', 'thandi@example.co.za'],
    ['  A.b+c@Example.COM ', 'A.b+c@example.com'],
    ['a@b\u00fccher.example', 'a@xn--bcher-kva.example'],
  ])('%j is %s', (text, email) => {
    expect(optionalEmail(text, [])).toBe(email);
  });

  test.each([
    'a',
    'a@b',
    '@b.de',
    'a@',
    'a b@c.de',
    'a@@b.de',
    '<a@b.de>',
    'a\r\nBcc: x@b.de',
    'a@b.de,c@d.de',
    'a..b@c.de',
    'a@1.2.3.4',
    'a@-b.de',
    `${'a'.repeat(65)}@b.de`,
    `a@${'b.'.repeat(130)}de`,
  ])('%j is none', (text) => {
    expect(() => optionalEmail(text, ['email'])).toThrow(InvalidError);
  });
});

describe('quiet hours', () => {
  test('are minutes of the day, and none where neither is given', () => {
    expect(quietSpan('21:30', '06:00')).toEqual({ from: 1_290, to: 360 });
    expect(quietSpan(null, undefined)).toBeNull();
    expect(clockText(1_290)).toBe('21:30');
  });

  test.each([
    ['21:30', null],
    [undefined, '06:00'],
    ['24:00', '06:00'],
    ['9:30', '06:00'],
    ['06:00', '06:00'],
  ])('%s to %s are none', (from, to) => {
    expect(() => quietSpan(from, to)).toThrow(InvalidError);
  });
});
