import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

/** What URLs are signed with: the setting where there is one, otherwise what a file holds, which the first start writes. */
export function urlSecret(setting: string | undefined, file: string): Buffer {
  return createHash('sha256')
    .update(setting ?? ownSecret(file))
    .digest();
}

function ownSecret(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, randomBytes(SECRET_BYTES), { mode: OWNER_ONLY, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(file);
  // Of two starts at once one may read what the other has not written yet; and what was cut short is no secret.
  if (secret.length !== SECRET_BYTES) throw new Error(`${file} holds no secret: remove it, and the next start makes a new one`);
  return secret;
}
