import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import { withSettingFiles } from '../../src/config/setting-files.js';

const SECRET = 'postgres://me:hushhush@127.0.0.1:5432/shop';
const PEM = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----';

function fileOf(content: string | Buffer): string {
  const path = join(mkdtempSync(join(inject('scratchDir'), 'settings-')), 'setting');
  writeFileSync(path, content);
  return path;
}

function linesOf(env: Record<string, string>): readonly string[] {
  try {
    withSettingFiles(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

test.each([
  ['no line end', ''],
  ['a line end', '\n'],
  ['that of another system', '\r\n'],
  ['several', '\n\n'],
])('a setting stands in a file with %s', (_, end) => {
  expect(withSettingFiles({ DATABASE_URL_FILE: fileOf(SECRET + end) }).DATABASE_URL).toBe(SECRET);
});

test('within a value line ends and spaces stay', () => {
  const env = withSettingFiles({ SMTP_CA_FILE: fileOf(`${PEM}\n`), SMTP_PASSWORD_FILE: fileOf(' a b ') });
  expect(env).toMatchObject({ SMTP_CA: PEM, SMTP_PASSWORD: ' a b ' });
});

test('what is read is checked as what is set, and is not repeated either', () => {
  const env = withSettingFiles({ DATABASE_URL_FILE: fileOf('hushhush') });
  expect(() => loadConfig(env)).toThrow('DATABASE_URL is not valid: write postgres://user:password@host:5432/database');
  expect(() => loadConfig(env)).not.toThrow('hushhush');
});

test.each([
  'DATABASE_URL',
  'REDIS_URL',
  'METRICS_TOKEN',
  'SMTP_URL',
  'SMTP_PASSWORD',
  'SMS_API_KEY',
  'SMS_HTTP_HEADERS',
  'SMS_HTTP_BODY',
  'SMS_URL',
  'SMS_REPORT_TOKEN',
  'DKIM_PRIVATE_KEY',
  'FILE_URL_SECRET',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'UPCITEMDB_KEY',
  'PRODUCT_LOOKUP_URL',
  'PRODUCT_LOOKUP_AUTHORIZATION',
])('%s, which is or may hold a secret, may stand in a file', (name) => {
  expect(withSettingFiles({ [`${name}_FILE`]: fileOf('value\n') })).toHaveProperty(name, 'value');
});

test('an empty name of a file is none, beside whatever else is set', () => {
  expect(withSettingFiles({ DATABASE_URL_FILE: '', DATABASE_URL: SECRET }).DATABASE_URL).toBe(SECRET);
  expect(withSettingFiles({ DATABASE_URL_FILE: fileOf(SECRET), DATABASE_URL: '' }).DATABASE_URL).toBe(SECRET);
});

test('each file that cannot be used is refused with a line, in which neither the path nor the content stands', () => {
  const folder = join(inject('scratchDir'), 'settings-folder');
  mkdirSync(folder, { recursive: true });
  const unread = 'write the path of one that this user may read';
  const lines = linesOf({
    DATABASE_URL_FILE: '/nowhere/hushhush',
    REDIS_URL_FILE: fileOf(''),
    METRICS_TOKEN_FILE: fileOf('\r\n\n'),
    SMTP_PASSWORD_FILE: fileOf('hushhush'),
    SMTP_PASSWORD: 'hushhush',
    SMS_API_KEY_FILE: folder,
    S3_SECRET_KEY_FILE: fileOf(Buffer.from([0x68, 0xff, 0xfe])),
    FILE_URL_SECRET_FILE: fileOf('h'.repeat(65_537)),
  });
  expect([...lines].sort()).toEqual([
    `DATABASE_URL_FILE is not valid: the file cannot be read (ENOENT), ${unread}`,
    'FILE_URL_SECRET_FILE is not valid: the file has more than 65536 bytes',
    'METRICS_TOKEN_FILE is not valid: the file is empty',
    'REDIS_URL_FILE is not valid: the file is empty',
    'S3_SECRET_KEY_FILE is not valid: the file is no text in UTF-8',
    `SMS_API_KEY_FILE is not valid: the file cannot be read (EISDIR), ${unread}`,
    'SMTP_PASSWORD_FILE is not valid: SMTP_PASSWORD is set as well, leave out one of the two',
  ]);
});

test('what Node itself reads stands in the environment alone', () => {
  expect(withSettingFiles({ NODE_ENV_FILE: fileOf('production') })).not.toHaveProperty('NODE_ENV');
});
