import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { RequestError } from '../../kernel/errors.js';

/** What a hash is computed by. */
export type Derive = (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

const nativeDerive = promisify(argon2) as Derive;

/** OWASP's password storage recommendation: argon2id, 19 MiB, 2 passes, 1 lane. RFC 9106 asks for 128 bits of salt; the tag has 256. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const FORM = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z\d+/]{22,86})\$([A-Za-z\d+/]{22,86})$/;

/** Each takes 19 MiB and a native thread, which files and look-ups of names need too. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 64;
const RETRY_AFTER_MS = 2_000;

/** Hashes and checks passwords, a few at a time: who waits behind too many is told to come again (UNAVAILABLE), so that nobody fills the memory. */
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Of a password that nobody has: what is checked where there is no person, so that his absence takes as long as a wrong password. */
  private readonly nobodys: Promise<string>;

  constructor(private readonly computing: Derive = nativeDerive) {
    this.nobodys = this.hash(randomBytes(SALT_BYTES).toString('hex'));
  }

  /** In the PHC string format, with a salt of its own. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const tag = await this.derive(password, salt, COST);
    const { memory, passes, parallelism } = COST;
    return `$argon2id$v=19$m=${String(memory)},t=${String(passes)},p=${String(parallelism)}$${unpadded(salt)}$${unpadded(tag)}`;
  }

  /** Always one hash, also where there is none to compare with: then it is false. */
  async verify(hash: string | null | undefined, password: string): Promise<boolean> {
    const [, memory, passes, parallelism, salt = '', tag = ''] = FORM.exec(hash ?? (await this.nobodys)) ?? [];
    const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
    const expected = Buffer.from(tag, 'base64');
    const actual = await this.derive(password, Buffer.from(salt, 'base64'), cost);
    return actual.length === expected.length && timingSafeEqual(actual, expected) && hash != null;
  }

  private async derive(password: string, nonce: Buffer, cost: typeof COST | Record<keyof typeof COST, number>): Promise<Buffer> {
    await this.enter();
    try {
      return await this.computing('argon2id', { message: password, nonce, tagLength: TAG_BYTES, ...cost });
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private async enter(): Promise<void> {
    if (this.running < MAX_AT_ONCE) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= MAX_WAITING) {
      throw new RequestError('UNAVAILABLE', `Too many sign in at once: try again in ${String(RETRY_AFTER_MS / 1_000)} s.`);
    }
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
    });
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
