import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = join(ROOT, 'node_modules', '.bin', 'depcruise');
const COPIED = [
  'src',
  'migrations',
  'seeders',
  'mikro-orm.config.ts',
  'package.json',
  'tsconfig.json',
  '.dependency-cruiser.cjs',
];
const MAX_OUTPUT_BYTES = 64 * 1_024 * 1_024;

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

function cruise(folder: string): Report {
  const args = [PROGRAM, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
}

test('no part of the program knows a part that it may not', () => {
  const report = cruise(ROOT);
  expect(report.summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`)).toEqual([]);
  // A compiler that cannot be used makes the tool read nothing and find nothing wrong.
  const read = new Set(report.modules.map(({ source }) => source));
  expect(globSync('src/**/*.ts', { cwd: ROOT }).filter((file) => !read.has(file))).toEqual([]);
});

/** A violation of each rule: the file that is planted, what it says, and the rule that must name it. */
const PLANTED: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['resolves', 'src/kernel/planted-lost.ts', "import './nowhere.js';"],
  ['known-rooms', 'src/planted-way.ts', "import './features/cellar/planted.js';"],
  [
    'no-cycles',
    'src/features/stock/planted-one.ts',
    "import type { Other } from './planted-other.js'; export type One = Other | 1;",
  ],
  [
    'no-cycles',
    'src/features/stock/planted-other.ts',
    "import type { One } from './planted-one.js'; export type Other = One | 2;",
  ],
  ['kernel-is-floor', 'src/kernel/planted.ts', "import '../platform/log.js';"],
  ['kernel-is-floor', 'src/kernel/planted-pino.ts', "import 'pino';"],
  ['base-looks-down', 'src/platform/planted.ts', "import '../features/access/index.js';"],
  ['base-looks-down', 'src/graphql/planted.ts', "import '../transport/health.js';"],
  ['platform-not-graphql', 'src/platform/planted-graphql.ts', "import '../graphql/global-id.js';"],
  ['features-look-down', 'src/features/stock/planted-up.ts', "import '../../transport/health.js';"],
  ['transport-not-adapters', 'src/transport/planted-app.ts', "import '../main.js';"],
  ['transport-sees-resolvers', 'src/transport/planted.ts', "import '../features/stock/stock-level.entity.js';"],
  ['process-on-top', 'src/transport/planted-main.ts', "import '../main.js';"],
  ['top-of-tree', 'src/transport/planted-orm.ts', "import '../../mikro-orm.config.js';"],
  ['config-at-top', 'src/platform/planted-config.ts', "import '../config/config.js';"],
  ['adapters-see-ports', 'src/adapters/planted.ts', "import '../features/stock/index.js';"],
  ['door-access', 'src/features/access/planted.service.ts', "import '../catalog/index.js';"],
  ['door-catalog', 'src/features/catalog/planted.service.ts', "import '../stock/index.js';"],
  ['door-stock', 'src/features/stock/planted-back-door.service.ts', "import '../catalog/stock-item.entity.js';"],
  ['entity-pure', 'src/features/stock/planted.entity.ts', "import './stock-level.repository.js';"],
  ['repository-floor', 'src/features/stock/planted.repository.ts', "import './movement.service.js';"],
  ['reader-floor', 'src/features/stock/planted.reader.ts', "import './movement.service.js';"],
  ['value-floor', 'src/features/stock/roles.ts', "import './stock-level.repository.js';"],
  ['service-floor', 'src/features/stock/planted-graphql.service.ts', "import 'graphql';"],
  ['resolver-thin', 'src/features/stock/planted.resolver.ts', "import './stock-level.repository.js';"],
  ['lib-graphql', 'src/features/stock/planted-type.ts', "import 'type-graphql';"],
  ['lib-orm', 'src/transport/planted-sql.ts', "import '@mikro-orm/postgresql';"],
  ['lib-pg', 'src/platform/planted-pg.ts', "import 'pg';"],
  ['lib-edges', 'src/transport/planted-keyv.ts', "import 'keyv';"],
  ['lib-metrics', 'src/transport/planted-metrics.ts', "import 'prom-client';"],
];

describe('what is planted in a copy is found', () => {
  const copy = mkdtempSync(join(tmpdir(), 'stockroom-boundaries-'));
  let found: string[] = [];

  beforeAll(() => {
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const [, file, text] of [...PLANTED, ['', 'src/features/cellar/planted.ts', 'export {};'] as const]) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), `${text}\n`);
    }
    found = cruise(copy).summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
  });

  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  test.each(PLANTED)('%s: %s', (rule, file) => {
    const cycle = rule === 'no-cycles';
    expect(
      found.filter((line) => (cycle ? line.startsWith('no-cycles: src/features/stock/planted-o') : line === `${rule}: ${file}`)),
    ).not.toEqual([]);
  });
});
