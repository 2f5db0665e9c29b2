import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScans, ScanBodyError } from '../../src/transport/scan-body.js';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json; charset=utf-8';

describe('text', () => {
  test('one code a line, whatever ends the line', () => {
    expect(readScans('text/plain', '6001\r\n\n  \nABC-1 \n')).toEqual([{ code: '6001' }, { code: 'ABC-1' }]);
    expect(readScans(undefined, '6001')).toEqual([{ code: '6001' }]);
    expect(readScans('application/octet-stream', ']d201\u001d10A')).toEqual([{ code: ']d201\u001d10A' }]);
  });

  test('nothing is an error that says what to send', () => {
    for (const body of ['', '\n \n']) expect(() => readScans('text/plain', body)).toThrow(/one code a line/);
  });
});

describe('a form', () => {
  test('has fields, under any of their names', () => {
    const scan = { code: '6001', quantity: '1.5', mode: 'RECEIVE', location: 'SHOP', id: 'b1', scannedAt: '1700000000' };
    expect(readScans(FORM, 'content=6001&qty=1.5&mode=receive&loc=SHOP&id=b1&timestamp=1700000000')).toEqual([scan]);
    expect(readScans(FORM, 'barcode=a+b%26c')).toMatchObject([{ code: 'a b&c' }]);
  });

  test('has a scan for each code, and its other fields apply to all of them', () => {
    expect(readScans(FORM, 'code=a&code=&qty=2&code=b&mode=receive')).toEqual([
      { code: 'a', quantity: '2', mode: 'RECEIVE' },
      { code: 'b', quantity: '2', mode: 'RECEIVE' },
    ]);
    expect(readScans(FORM, 'code=&qty=2')).toMatchObject([{ code: '' }]);
    expect(() => readScans(FORM, 'code=1&'.repeat(501))).toThrow(/at most 500/);
  });

  test.each([
    ['code=a&code=b&id=beep', 'send an id only with one code'],
    ['code=a&qty=1&code=b&qty=2', 'send quantity only once: it applies to every code of the form'],
  ])('%s does not say what belongs to which code: every scan has the fault', (body, fault) => {
    expect(readScans(FORM, body)).toMatchObject([
      { code: 'a', fault },
      { code: 'b', fault },
    ]);
  });

  test('in parts is refused with what to send', () => {
    expect(() => readScans('multipart/form-data; boundary=x', '--x\r\n')).toThrow(
      expect.objectContaining({ status: 415, message: expect.stringContaining(FORM) as string }),
    );
  });

  test('without a field that is known is text, since curl -d calls everything a form', () => {
    expect(readScans(FORM, '6001087340014')).toEqual([{ code: '6001087340014' }]);
    expect(readScans(FORM, 'https://id.gs1.org/01/06001?x=1&y=2')).toEqual([{ code: 'https://id.gs1.org/01/06001?x=1&y=2' }]);
    expect(readScans(FORM, '100%\n200')).toEqual([{ code: '100%' }, { code: '200' }]);
  });
});

describe('JSON', () => {
  test('an object, a list, a list in scans, a bare code', () => {
    const full = { id: 7, code: '6001', quantity: 2, mode: 'count', location: 'L', seq: 3, scannedAt: 1_700_000_000_000 };
    const scan = { id: '7', code: '6001', quantity: '2', mode: 'COUNT', location: 'L', seq: 3, scannedAt: 1_700_000_000_000 };
    expect(readScans(JSON_TYPE, JSON.stringify(full))).toEqual([scan]);
    expect(readScans(JSON_TYPE, JSON.stringify([full, { barcode: 'x' }, 'y']))).toMatchObject([
      scan,
      { code: 'x' },
      { code: 'y' },
    ]);
    expect(readScans(JSON_TYPE, '{"scans":[{"content":"a\\nb"}]}')).toMatchObject([{ code: 'a\nb' }]);
    expect(readScans(JSON_TYPE, '6001087340014')).toEqual([{ code: '6001087340014' }]);
  });

  test.each([
    ['{', 400, /not valid JSON/],
    ['', 400, /not valid JSON/],
    ['[]', 422, /No code in the body/],
  ])('%s is refused with %s', (body, status, message) => {
    expect(() => readScans(JSON_TYPE, body)).toThrow(
      expect.objectContaining({ status, message: expect.stringMatching(message) as string }),
    );
  });

  test.each([
    ['{"code":"a","qty":{}}', 'quantity must be a number'],
    ['{"code":["a"]}', 'code must be a text'],
    ['{"code":"a","seq":"x"}', 'seq must be a whole number'],
    ['{"code":"a","timestamp":{}}', 'scannedAt must be RFC 3339, or seconds or milliseconds since 1970'],
    ['null', 'a scan is an object like {"code":"6001087340014","qty":"1"}'],
    ['7.5', 'a scan is an object like {"code":"6001087340014","qty":"1"}'],
  ])('%s is a scan with a fault, and the one beside it has none', (body, fault) => {
    expect(readScans(JSON_TYPE, `[${body},"b"]`)).toMatchObject([{ fault }, { code: 'b' }]);
  });

  test.each(['{}', '{"code":""}', '{"code":null}', '""'])('%s is a blank code, for the judge to refuse', (body) => {
    expect(readScans(JSON_TYPE, body)).toMatchObject([{ code: '' }]);
  });

  test('a number with a fraction keeps its digits', () => {
    expect(readScans(JSON_TYPE, '{"code":"a","qty":1.5}')).toMatchObject([{ quantity: '1.5' }]);
  });
});

test('at most 500 scans', () => {
  expect(readScans('text/plain', '1\n'.repeat(500))).toHaveLength(500);
  expect(() => readScans('text/plain', '1\n'.repeat(501))).toThrow(expect.objectContaining({ status: 413 }));
  expect(() => readScans(JSON_TYPE, JSON.stringify(Array.from({ length: 501 }, () => 'a')))).toThrow(/at most 500/);
});

test('any body gives scans or an error with one line', () => {
  const type = fc.constantFrom(undefined, FORM, JSON_TYPE, 'text/plain');
  fc.assert(
    fc.property(type, fc.oneof(fc.string(), fc.json()), (contentType, body) => {
      try {
        const scans = readScans(contentType, body);
        expect(scans.length).toBeGreaterThan(0);
        for (const { code } of scans) expect(code).toBeTypeOf('string');
      } catch (error) {
        expect(error).toBeInstanceOf(ScanBodyError);
        expect((error as Error).message).not.toContain('\n');
      }
    }),
  );
});
