import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { FIELD_RULES } from '../app/field-rules.js';
import { RESOLVERS } from '../app/resolvers.js';
import { makeManifest } from '../transport/admission/persisted-operations.js';
import { buildStockroomSchema, printSortedSchema } from '../transport/build-schema.js';
import { checkSchemaFiles } from '../transport/schema-file.js';

const USAGE = 'usage: npm run schema, or npm run schema:check [-- --against <git revision>]';
const SCHEMA_FILE = 'schema/schema.graphql';
const MANIFEST = 'schema/persisted-operations.json';
const OPERATIONS = 'schema/operations';

/** Run from the project's folder, as npm does. */
function emitted(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file as it stands in a revision; undefined where there is no git, no such revision, or no such file in it. */
function published(revision: string): string | undefined {
  try {
    return execFileSync('git', ['show', `${revision}:./${SCHEMA_FILE}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

/** The example operations as clients ask for them by their ids. */
function manifest(): string {
  const files = readdirSync(OPERATIONS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.graphql'));
  const texts = files.sort().map((name) => readFileSync(join(OPERATIONS, name), 'utf8'));
  return `${JSON.stringify(makeManifest(texts), null, 2)}\n`;
}

function check(revision: string): number {
  const before = published(revision);
  if (before === undefined) process.stdout.write(`${SCHEMA_FILE} is not in ${revision}: nothing that clients could have used\n`);
  const complaints = checkSchemaFiles(buildStockroomSchema(RESOLVERS, FIELD_RULES), {
    emitted: emitted(SCHEMA_FILE),
    published: before,
  });
  if (emitted(MANIFEST) !== manifest()) complaints.push(`${MANIFEST} is stale: run npm run schema and commit the file`);
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  if (complaints.length === 0) process.stdout.write(`${SCHEMA_FILE} is up to date and breaks no client of ${revision}\n`);
  return complaints.length === 0 ? 0 : 1;
}

function emit(): number {
  mkdirSync(dirname(SCHEMA_FILE), { recursive: true });
  writeFileSync(SCHEMA_FILE, printSortedSchema(buildStockroomSchema(RESOLVERS, FIELD_RULES)));
  writeFileSync(MANIFEST, manifest());
  process.stdout.write(`wrote ${SCHEMA_FILE} and ${MANIFEST}\n`);
  return 0;
}

function main(): number {
  const options = { check: { type: 'boolean', default: false }, against: { type: 'string', default: 'HEAD' } } as const;
  try {
    const { values } = parseArgs({ options });
    return values.check ? check(values.against) : emit();
  } catch (error) {
    if (!(error instanceof TypeError) || !('code' in error)) throw error;
    process.stderr.write(`${error.message}\n${USAGE}\n`);
    return 1;
  }
}

process.exitCode = main();
