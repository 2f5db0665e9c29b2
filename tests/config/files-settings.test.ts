import { describe, expect, test } from 'vitest';
import type { ConfigError } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/config.js';

const S3 = { S3_ENDPOINT: 'https://s3.example.com', S3_BUCKET: 'files', S3_ACCESS_KEY: 'access', S3_SECRET_KEY: 'secret-of-s3' };

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).lines;
  }
}

describe('where files lie', () => {
  test('on the local disk, unless S3 is set', () => {
    expect(loadConfig({}).files).toMatchObject({ s3: undefined, limits: { PHOTO: 15_728_640, ATTACHMENT: 26_214_400 } });
    expect(loadConfig(S3).files.s3).toEqual({
      endpoint: 'https://s3.example.com',
      publicEndpoint: 'https://s3.example.com',
      bucket: 'files',
      region: 'us-east-1',
      accessKey: 'access',
      secretKey: 'secret-of-s3',
    });
  });

  test.each(['S3_BUCKET', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'] as const)('S3 is set whole: without %s it is refused', (missing) => {
    const env = Object.fromEntries(Object.entries(S3).filter(([name]) => name !== missing));
    expect(faultsOf(env)).toEqual([`${missing} is not valid: write it beside S3_ENDPOINT`]);
  });

  test('a bad value says what to write, and never what was set', () => {
    expect(faultsOf({ S3_BUCKET: 'files' })).toEqual([expect.stringMatching(/^S3_ENDPOINT is not valid: S3_BUCKET is set/)]);
    for (const [name, value] of Object.entries({
      S3_ENDPOINT: 'https://s3.example.com/path',
      S3_BUCKET: 'With.Dots',
      S3_SECRET_KEY: 'a b c',
      FILE_URL_SECRET: 'too-short-secret',
      FILE_MAX_BYTES: '999999999999',
    })) {
      const faults = faultsOf({ ...S3, [name]: value });
      expect([name, faults.length, faults[0]?.startsWith(`${name} is not valid: write`), faults.join().includes(value)]).toEqual([
        name,
        1,
        true,
        false,
      ]);
    }
  });
});
