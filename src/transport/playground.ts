import { createHash } from 'node:crypto';
import { parse, visit } from 'graphql';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An example operation; `variables` is JSON text. */
export interface PlaygroundTab {
  query: string;
  variables?: string | undefined;
}

export type PlaygroundHeaders = Readonly<Record<string, string>>;
export type PlaygroundVariables = Readonly<Record<string, unknown>>;

/**
 * `headers` and `variables` make the examples run as they stand; they are asked for when the page is first wanted, once the demo shop is
 * there. Whoever can reach the page reads them, so they are for a demo only.
 */
export interface PlaygroundOptions {
  enabled: boolean;
  tabs?: readonly PlaygroundTab[] | undefined;
  /** Sent with every request that names no others. */
  headers?: (() => PlaygroundHeaders | undefined) | undefined;
  /** By name, for the operations that declare a variable of that name: ids, which differ from one demo database to the next. */
  variables?: (() => PlaygroundVariables | undefined) | undefined;
}

const TITLE = 'Stockroom';
/** GraphiQL's tabs slide away from under a pressed pointer, so that a click of a usual length chooses none. */
const TABS_STAY = '.graphiql-tab { transform: none !important }';
const SCRIPT_START = '<script>';
/**
 * Everything is in the page, so nothing is loaded from elsewhere: one script, known by its hash. The editor makes style elements at run
 * time, and its workers from blobs.
 */
function securityPolicy(page: string): string {
  const script = page.slice(page.indexOf(SCRIPT_START) + SCRIPT_START.length, page.lastIndexOf('</script>'));
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const compress = promisify(gzip);

/** Whether it is a browser that shows pages and not a GraphQL client. */
export function isPageRequest({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

/** GraphiQL as one page that needs no other server. The page is made once. */
export function playgroundPage(options: PlaygroundOptions, endpoint: string) {
  const page = memoize(() => {
    const html = render(options, endpoint);
    return { policy: securityPolicy(html), bytes: Buffer.from(html) };
  });
  const compressed = memoize(() => compress(page().bytes));
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const takesGzip = (request.headers['accept-encoding'] ?? '').includes('gzip');
    void reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', page().policy)
      .header('cache-control', 'no-store')
      .header('vary', 'accept, accept-encoding');
    if (!takesGzip) return reply.send(page().bytes);
    return reply.header('content-encoding', 'gzip').send(await compressed());
  };
}

function render({ tabs = [], headers, variables }: PlaygroundOptions, endpoint: string): string {
  const additionalHeaders = headers?.();
  const headerText = additionalHeaders && JSON.stringify(additionalHeaders, null, 2);
  const given = variables?.();
  const defaultTabs = tabs.map((tab) => ({ ...tab, variables: filled(tab, given), headers: headerText }));
  const options = {
    title: TITLE,
    endpoint,
    // Kept out of the browser's storage: a key of yesterday's demo would otherwise override today's.
    shouldPersistHeaders: false,
    ...(additionalHeaders && { headers: headerText, additionalHeaders }),
    ...(tabs.length > 0 && { defaultTabs }),
  };
  return renderGraphiQL(options).replace('</head>', `<style>${TABS_STAY}</style></head>`);
}

/** The tab's own variables, and those of the demo that its operation declares. */
function filled({ query, variables }: PlaygroundTab, given: PlaygroundVariables = {}): string | undefined {
  const values = variables === undefined ? {} : (JSON.parse(variables) as Record<string, unknown>);
  visit(parse(query), {
    VariableDefinition({ variable: { name } }) {
      if (Object.hasOwn(given, name.value)) values[name.value] = given[name.value];
    },
  });
  return Object.keys(values).length > 0 ? JSON.stringify(values, null, 2) : undefined;
}

function memoize<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Example operations of a folder, in the order of their file names: each *.graphql is a tab, its variables in the *.json beside it. */
export async function readPlaygroundTabs(folder: string): Promise<PlaygroundTab[]> {
  const names = (await readdir(folder)).sort();
  const queries = names.filter((name) => name.endsWith('.graphql'));
  return Promise.all(
    queries.map(async (name) => {
      const variables = name.replace(/graphql$/, 'json');
      return {
        query: await readFile(join(folder, name), 'utf8'),
        ...(names.includes(variables) && { variables: await readFile(join(folder, variables), 'utf8') }),
      };
    }),
  );
}
