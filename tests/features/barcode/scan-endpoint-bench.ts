import { MikroORM } from '@mikro-orm/postgresql';
import { ormConfig } from '../../../mikro-orm.config.js';
import type { App, AppOptions } from '../../../src/app.js';
import { createLogger } from '../../../src/platform/log.js';
import { appClient, createTestApp } from '../../support/app.js';
import { createTestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';

export const [EACH, CASE, TEXT, TWO_LINES] = ['6001087340007', '16001087340004', 'MY OWN/1', 'line one\nline two'];
const JSON_TYPE = 'application/json';
const ITEM = 'MAIZE';

export interface Sent {
  type?: string;
  accept?: string;
  /** As the URL's last part, not as bearer. */
  inUrl?: boolean;
}

/** The whole program, all that it logs and all that the database is told, and a shop with one item in 1000 and two locations. */
export class ScanEndpointBench {
  /** Every secret that was given out or shown. */
  readonly secrets: string[] = [];

  private constructor(
    readonly app: App,
    readonly owner: GraphQLClient,
    private readonly written: readonly string[],
    readonly close: () => Promise<void>,
  ) {}

  static async open(options: Partial<AppOptions> = {}): Promise<ScanEndpointBench> {
    const database = await createTestDatabase();
    const written: string[] = [];
    const log = createLogger({ level: 'trace', destination: { write: (line) => void written.push(line) } });
    const logger = (message: string): void => {
      log.debug(message);
    };
    const orm = new MikroORM({ ...ormConfig(database.url), debug: true, colors: false, logger });
    const app = await createTestApp({ orm }, { log, orm, ...options });
    const { secret } = await app.services.shops.create({ name: 'Scans', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
    const bench = new ScanEndpointBench(app, appClient(app, secret), written, async () => {
      await app.close();
      await orm.close();
      await database.drop();
    });
    bench.secrets.push(secret);
    await bench.stock();
    return bench;
  }

  get log(): string {
    return this.written.join('');
  }

  private async stock(): Promise<void> {
    const barcodes = [{ value: EACH }, { value: CASE, quantity: '12' }, { value: TEXT }, { value: TWO_LINES }];
    const input = { sku: ITEM, name: 'Maize meal 10 kg', barcodes };
    await this.owner('mutation ($input: StockItemInput!) { stockItemCreate(input: $input) { userErrors { message } } }', {
      input,
    });
    await this.owner(
      `mutation { stockReceive(input: { key: "1", stockItem: { sku: "${ITEM}" }, quantity: 1000 }) { replayed } }`,
    );
    await this.owner('mutation { locationCreate(input: { code: "BACK", name: "Behind" }) { userErrors { message } } }');
  }

  /** Global ids by code. */
  async locations(): Promise<Map<string, string>> {
    const { locations } = await this.owner<{ locations: { id: string; code: string }[] }>('{ locations { id code } }');
    return new Map(locations.map(({ id, code }) => [code, id]));
  }

  /** The secret of a new device in the shop. Each test has one of its own, because each may send only so many requests a second. */
  async device(mode = 'SALE'): Promise<string> {
    const location = (await this.locations()).get('SHOP');
    return this.key({ name: 'Till', role: 'DEVICE', mode, location });
  }

  async key(input: object): Promise<string> {
    const { apiKeyCreate } = await this.owner<{ apiKeyCreate: { secret: string } }>(
      'mutation ($input: ApiKeyInput!) { apiKeyCreate(input: $input) { secret } }',
      { input },
    );
    this.secrets.push(apiKeyCreate.secret);
    return apiKeyCreate.secret;
  }

  /** Status and body. */
  async send(key: string, body: unknown, { type, accept = '*/*', inUrl = false }: Sent = {}): Promise<[number, string]> {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const contentType = type ?? (typeof body === 'string' ? 'text/plain' : JSON_TYPE);
    const headers = { accept, 'content-type': contentType, ...(!inUrl && { authorization: `Bearer ${key}` }) };
    const reply = await this.app.inject({ method: 'POST', url: inUrl ? `/scan/${key}` : '/scan', headers, payload });
    return [reply.statusCode, reply.body];
  }

  /** Where the devices stand. */
  async onHand(): Promise<number> {
    const { stockItem } = await this.owner<{ stockItem: { levels: { onHand: string; location: { code: string } }[] } }>(
      `{ stockItem(by: { sku: "${ITEM}" }) { levels { onHand location { code } } } }`,
    );
    return Number(stockItem.levels.find(({ location }) => location.code === 'SHOP')?.onHand);
  }
}
