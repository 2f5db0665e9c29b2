import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, NOTICE_KINDS } from '../../../src/features/notifications/notification-kinds.js';
import { mailText } from '../../../src/features/notifications/templates/mail-text.js';
import { segmentsOf, smsText } from '../../../src/features/notifications/templates/sms-text.js';
import type { ToldAlert, ToldNotification } from '../../../src/features/notifications/templates/words.js';
import { unsubscribePage } from '../../../src/features/notifications/templates/unsubscribe-page.js';

const ALERT: ToldAlert = {
  ...{ kind: 'LOW_STOCK', item: 'Maize meal 10 kg', sku: 'MM-10', location: 'Shop floor', unit: 'each' },
  ...{ onHand: '3', reorderPoint: '5', isResolved: false },
};

function told(changes: Partial<ToldNotification> & { alert?: Partial<ToldAlert> } = {}): ToldNotification {
  const { alert, ...rest } = changes;
  return {
    ...{ language: 'EN', shop: 'Thandi & sons', recipient: 'Sipho', total: 1 },
    alerts: [{ ...ALERT, ...alert }],
    unsubscribeUrl: 'https://stock.example/unsubscribe/abc',
    ...rest,
  };
}

const HOSTILE = '<script>alert(1)</script>"\'& \r\nBcc: everybody@example.com\u2028\u202Egnp';
const GSM_LETTERS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz0123456789 äöüñÄÖÑÜàèéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&()*+,-./:;<=>?¡¿§£$¥@_{}[]~^|€';

describe('an e-mail', () => {
  test.each(LANGUAGES)('in %s says what, where, how much is left, and how to stop it', (language) => {
    const { subject, text, html } = mailText(told({ language }));
    for (const part of ['Maize meal 10 kg', 'MM-10', 'Shop floor', '3', 'https://stock.example/unsubscribe/abc']) {
      expect(text).toContain(part);
      expect(html).toContain(part);
    }
    expect(subject).toContain('Maize meal 10 kg');
    expect(html).toContain(`lang="${language.toLowerCase()}"`);
  });

  test('the languages differ in every part that is told', () => {
    const texts = LANGUAGES.flatMap((language) =>
      NOTICE_KINDS.map((kind) => mailText(told({ language, alert: { kind } })).subject),
    );
    expect(new Set(texts).size).toBe(LANGUAGES.length * NOTICE_KINDS.length);
    const digests = LANGUAGES.map((language) => mailText(told({ language, total: 300 })));
    expect(new Set(digests.map(({ subject }) => subject)).size).toBe(LANGUAGES.length);
    for (const { subject, text } of digests) expect([subject.includes('300'), text.includes('299')]).toEqual([true, true]);
  });

  test.each(['item', 'sku', 'location', 'unit'] as const)('a hostile %s stays a text', (field) => {
    const { subject, text, html } = mailText(told({ alert: { [field]: HOSTILE } }));
    expect(html).not.toMatch(/<script|"'&/);
    expect(html).toContain('&lt;script&gt;');
    expect(subject).not.toMatch(/[\r\n\u2028\u202E]/);
    expect(text.split('\n').some((line) => line.startsWith('Bcc:'))).toBe(false);
  });

  test('so do a hostile shop, person and page', () => {
    const { html } = mailText(told({ shop: HOSTILE, recipient: HOSTILE, unsubscribeUrl: 'https://x/"><script>' }));
    expect(html).not.toMatch(/<script|"><script/);
    for (const step of ['ASK', 'DONE'] as const)
      expect(unsubscribePage({ shop: HOSTILE, language: 'AF' }, step)).not.toContain('<script');
  });

  test('what is settled already is told as such', () => {
    expect(mailText(told({ alert: { isResolved: true } })).text).toContain('settled since');
    expect(mailText(told()).text).not.toContain('settled since');
  });
});

describe('an SMS', () => {
  const letters = fc.string({ unit: fc.constantFrom(...Array.from(GSM_LETTERS)), maxLength: 200 });
  const quantity = fc.integer({ min: -99_999_999, max: 99_999_999 }).map((n) => (n / 100).toString());

  test('of one alert fits one segment, whatever the names, and has its whole number', () => {
    fc.assert(
      fc.property(
        fc.tuple(letters, letters, letters),
        quantity,
        fc.constantFrom(...LANGUAGES),
        ([item, shop, location], onHand, language) => {
          const { text, segments } = smsText(told({ language, shop, alert: { item, location, onHand, kind: 'NEGATIVE_STOCK' } }));
          expect([segments, segmentsOf(text)]).toEqual([1, 1]);
          expect(text).toContain(onHand);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('letters that GSM has not lose their marks; quotes become plain', () => {
    const { text, segments } = smsText(told({ alert: { item: '“Brêad” – 10\u00a0kg, geë…' } }));
    expect(text).toContain('"Bread" - 10 kg, gee...');
    expect(segments).toBe(1);
  });

  test('one of other letters says what it costs, and is cut to fit as well', () => {
    const { text, segments } = smsText(told({ alert: { item: '米'.repeat(100) } }));
    expect(segments).toBe(segmentsOf(text));
    expect(segments).toBe(1);
    expect(text).toContain('米');
    const long = smsText(told({ shop: '米'.repeat(30), alert: { location: '米'.repeat(30), item: '米'.repeat(100) } }));
    expect(long.segments).toBe(segmentsOf(long.text));
    expect(long.segments).toBeGreaterThan(1);
  });

  test('no sign is cut in two', () => {
    const { text } = smsText(told({ alert: { item: '👨‍👩‍👧‍👦'.repeat(40) } }));
    expect(text.isWellFormed()).toBe(true);
    expect(text.replaceAll('👨‍👩‍👧‍👦', '')).not.toMatch(/\p{Extended_Pictographic}/u);
  });

  test.each(LANGUAGES)('of 300 alerts in %s says how many there are, in one segment', (language) => {
    const alerts = Array.from({ length: 50 }, (_, index) => ({ ...ALERT, item: `Item ${String(index)} with a name` }));
    const { text, segments } = smsText(told({ language, total: 300, alerts }));
    expect(segments).toBe(1);
    expect(text).toContain('300');
    expect(text).toContain('Item 0');
    const more = Number(/\+(\d+) /.exec(text)?.[1]);
    expect(more + text.split('Item ').length - 1).toBe(300);
  });
});
