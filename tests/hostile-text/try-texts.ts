import { isObjectType } from 'graphql';
import { stockroomSchema, type App } from '../../src/app.js';
import { parseGlobalId } from '../../src/graphql/global-id.js';
import type { TestDatabase } from '../support/database.js';
import { place, requestFor } from '../support/schema-requests.js';
import { complete, goodValues, makeRoom, openHostileShop, type HostileShop } from './hostile-shop.js';
import type { TextField } from './text-fields.js';

/** Fewer than a shop may have of anything. */
const TEXTS_AT_A_TIME = 15;
/** As deep as the rows of a reply stand: those of an act in a list of acts stand one deeper. */
const depthOf = (name: string): number => (name === 'stockPost' ? 3 : 2);

export interface Tally {
  stored: number;
  refused: number;
  /** What should not be, one a line. */
  readonly faults: string[];
}

interface Reply {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { message: string; extensions?: Readonly<Record<string, unknown>> }[];
}

/** A text that was taken, and the rows that the reply shows. */
interface Taken {
  readonly text: string;
  readonly ids: readonly string[];
}

/** Sends texts where a mutation takes one, and reads what was kept with requests of their own. */
export class TextTrial {
  private asked = 0;

  private constructor(
    private readonly app: App,
    private readonly database: TestDatabase,
    private readonly shop: HostileShop,
  ) {}

  static async open(app: App, database: TestDatabase): Promise<TextTrial> {
    return new TextTrial(app, database, await openHostileShop(app));
  }

  async run(field: TextField, texts: readonly string[]): Promise<Tally> {
    const tally: Tally = { stored: 0, refused: 0, faults: [] };
    for (let from = 0; from < texts.length; from += TEXTS_AT_A_TIME) {
      for (const text of texts.slice(from, from + TEXTS_AT_A_TIME)) await this.tryOne(field, text, tally);
      await makeRoom(this.database);
    }
    return tally;
  }

  private async tryOne(field: TextField, text: string, tally: Tally): Promise<void> {
    const fault = (what: string): void => {
      tally.faults.push(`${field.name} ${JSON.stringify(text).slice(0, 120)}: ${what}`);
    };
    const { query, variables } = requestFor(field.field, {
      fill: goodValues(this.shop, field.field),
      with: field.leaf.path,
      depth: depthOf(field.field.name),
    });
    complete(this.shop, field.field, variables);
    place(variables, field.leaf.path, text);
    const { status, reply, body } = await this.ask(query, variables);
    if (status >= 500 || /INTERNAL_SERVER_ERROR|TOO_MANY_REQUESTS|THROTTLED/.test(body)) {
      fault(`${String(status)} ${body.slice(0, 300)}`);
      return;
    }
    if (reply.errors || isRefused(reply.data)) {
      tally.refused += 1;
      return;
    }
    if (field.kept === undefined) return;
    tally.stored += 1;
    const seen = await this.readBack({ text, ids: idsIn(reply.data) }, field.leaf.path.at(-1) ?? '');
    const due = field.kept(text);
    const isThere = due === '' ? seen.includes(null) : seen.includes(due);
    if (!isThere) fault(`kept as ${JSON.stringify(seen).slice(0, 300)}`);
  }

  /** What the rows have under a name, asked for by a request of its own. */
  private async readBack({ ids }: Taken, name: string): Promise<unknown[]> {
    const fields = ids.flatMap((id, index) => {
      const type = NODE_FIELDS.get(parseGlobalId(id)?.type ?? '');
      return type?.has(name)
        ? [`n${String(index)}: node(id: "${id}") { ... on ${parseGlobalId(id)?.type ?? ''} { ${name} } }`]
        : [];
    });
    if (fields.length === 0) return [];
    const { reply } = await this.ask(`{ ${fields.join(' ')} }`, {});
    return Object.values(reply.data ?? {}).map((node) => (node as Record<string, unknown> | null)?.[name]);
  }

  private async ask(query: string, variables: object): Promise<{ status: number; reply: Reply; body: string }> {
    const headers = { authorization: `Bearer ${this.shop.secret}` };
    const payload = { query, variables };
    // Each from another address, or sign-ins would be refused for their number.
    this.asked += 1;
    const remoteAddress = `10.${[16, 8, 0].map((shift) => String((this.asked >> shift) & 255)).join('.')}`;
    const { statusCode: status, body } = await this.app.inject({
      method: 'POST',
      url: '/graphql',
      headers,
      payload,
      remoteAddress,
    });
    return { status, body, reply: JSON.parse(body) as Reply };
  }
}

/** Names of the texts that each kind of node has. */
const NODE_FIELDS = new Map(
  Object.values(stockroomSchema().getTypeMap()).flatMap((type) =>
    isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')
      ? [
          [
            type.name,
            new Set(Object.values(type.getFields()).flatMap(({ name, args }) => (args.length === 0 ? [name] : []))),
          ] as const,
        ]
      : [],
  ),
);

/** Says a reply that something in it was refused? */
function isRefused(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isRefused);
  if (typeof value !== 'object' || value === null) return false;
  const { userErrors, ...others } = value as Record<string, unknown>;
  return (Array.isArray(userErrors) && userErrors.length > 0) || Object.values(others).some(isRefused);
}

function idsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'id' && typeof inner === 'string' ? [inner] : idsIn(inner)));
}
