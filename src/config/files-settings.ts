import { z } from 'zod';
import { wholeNumber } from './setting-rules.js';

const BYTES_PER_MB = 1_048_576;
const MAX_FILE_BYTES = 100 * BYTES_PER_MB;
/** A photo is held in memory while it is drawn anew. */
const MAX_PHOTO_BYTES = 32 * BYTES_PER_MB;
const DEFAULT_FILE_BYTES = 25 * BYTES_PER_MB;
const DEFAULT_PHOTO_BYTES = 15 * BYTES_PER_MB;
const ENDPOINT_HINT =
  'write the address of a server that speaks S3, without a path, such as https://s3.example.com or http://127.0.0.1:9000';
/** What S3 takes as a bucket's name, without dots, which no certificate covers. */
const BUCKET = /^[a-z\d][a-z\d-]{1,61}[a-z\d]$/;

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.username === ''
  );
}

const endpoint = () =>
  z
    .string()
    .refine(isOrigin, ENDPOINT_HINT)
    .transform((text) => new URL(text).origin)
    .optional();
const word = (hint: string) =>
  z
    .string()
    .regex(/^[!-~]{3,512}$/, hint)
    .optional();

/** Where files lie, and how large they may be. S3_SECRET_KEY and FILE_URL_SECRET are secrets. */
export const filesSettings = {
  FILE_PHOTO_MAX_BYTES: wholeNumber(1, MAX_PHOTO_BYTES, DEFAULT_PHOTO_BYTES),
  FILE_MAX_BYTES: wholeNumber(1, MAX_FILE_BYTES, DEFAULT_FILE_BYTES),
  FILE_URL_SECRET: z
    .string()
    .regex(/^[!-~]{32,512}$/, 'write 32 to 512 letters, digits and signs, without spaces')
    .optional(),
  S3_ENDPOINT: endpoint(),
  S3_PUBLIC_ENDPOINT: endpoint(),
  S3_BUCKET: z.string().regex(BUCKET, 'write 3 to 63 lower case letters, digits and hyphens').optional(),
  S3_REGION: z
    .string()
    .regex(/^[a-z\d-]{1,64}$/, 'write a region, such as us-east-1')
    .default('us-east-1'),
  S3_ACCESS_KEY: word('write the access key without spaces'),
  S3_SECRET_KEY: word('write the secret key without spaces'),
};

type Values = z.output<z.ZodObject<typeof filesSettings>>;

const WITH_ENDPOINT = ['S3_BUCKET', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'] as const;

/** S3 is set whole or not at all. */
export function needsWholeS3(value: Partial<Values>, refusals: z.RefinementCtx): void {
  if (value.S3_ENDPOINT === undefined) {
    const given = [...WITH_ENDPOINT, 'S3_PUBLIC_ENDPOINT' as const].find((name) => value[name] !== undefined);
    if (given)
      refusals.addIssue({
        code: 'custom',
        path: ['S3_ENDPOINT'],
        message: `${given} is set: ${ENDPOINT_HINT}, or leave out both`,
      });
    return;
  }
  for (const name of WITH_ENDPOINT) {
    if (value[name] === undefined) refusals.addIssue({ code: 'custom', path: [name], message: 'write it beside S3_ENDPOINT' });
  }
}

export interface FilesConfig {
  readonly limits: { readonly PHOTO: number; readonly ATTACHMENT: number };
  /** What URLs of the local disk are signed with. Undefined: a secret of this data folder's own. */
  readonly urlSecret: string | undefined;
  /** Where clients reach this server. Undefined: where it listens. */
  readonly publicUrl: string | undefined;
  /** Undefined: files lie on the local disk, in the data folder. */
  readonly s3:
    | {
        readonly endpoint: string;
        readonly publicEndpoint: string;
        readonly bucket: string;
        readonly region: string;
        readonly accessKey: string;
        readonly secretKey: string;
      }
    | undefined;
}

export function filesConfig(value: Values & { readonly PUBLIC_URL?: string | undefined }): FilesConfig {
  return {
    limits: { PHOTO: value.FILE_PHOTO_MAX_BYTES, ATTACHMENT: value.FILE_MAX_BYTES },
    urlSecret: value.FILE_URL_SECRET,
    publicUrl: value.PUBLIC_URL,
    s3:
      value.S3_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: value.S3_ENDPOINT,
            publicEndpoint: value.S3_PUBLIC_ENDPOINT ?? value.S3_ENDPOINT,
            bucket: value.S3_BUCKET ?? '',
            region: value.S3_REGION,
            accessKey: value.S3_ACCESS_KEY ?? '',
            secretKey: value.S3_SECRET_KEY ?? '',
          },
  };
}
