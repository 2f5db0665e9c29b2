import type { App, AppOptions } from '../../../src/app.js';
import { hashSecret, newSecret } from '../../../src/features/access/api-key-secret.js';
import { ApiKey, type Role, type ScanMode } from '../../../src/features/access/index.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { ScanBench } from './scan-bench.js';

/** The whole program, and a shop in it to scan in. */
export class ScanApp {
  private constructor(
    readonly app: App,
    readonly bench: ScanBench,
    private readonly database: TestDatabase,
  ) {}

  static async start(options: Partial<AppOptions> = {}): Promise<ScanApp> {
    const database = await createTestDatabase();
    return new ScanApp(await createTestApp(database, options), await ScanBench.create(database), database);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  /** The secret of a new key that is bound to the first location. */
  async key(role: Role, mode?: ScanMode): Promise<string> {
    const secret = newSecret();
    const em = this.database.orm.em.fork();
    const shopId = this.bench.shop.shop.id;
    const location: [string, string] = [shopId, this.bench.location.id];
    const row = { shopId, id: newId(), name: role, role, mode, location, createdAt: new Date(), secretHash: hashSecret(secret) };
    em.persist(em.create(ApiKey, row));
    await em.flush();
    return secret;
  }

  /** POST /scan of text, or of an object as JSON. */
  async post(
    secret: string,
    body: string | object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: string }> {
    const [type, payload] = typeof body === 'string' ? ['text/plain', body] : ['application/json', JSON.stringify(body)];
    const response = await this.app.inject({
      method: 'POST',
      url: '/scan',
      headers: { authorization: `Bearer ${secret}`, 'content-type': type, ...headers },
      payload,
    });
    return { status: response.statusCode, body: response.body };
  }
}
