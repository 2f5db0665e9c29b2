import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../src/platform/project-folder.js';

const FOLDER = projectFolder('migrations');
/** What takes a lock on a table that is in use, which others then wait behind. */
const LOCKS =
  /alter table|references|create (or replace )?trigger|create (unique )?index(?! concurrently)|drop (table|trigger|view)/i;
const NOT_TRANSACTIONAL = /isTransactional\(\): boolean \{\s+return false;/;
const SAYS_HOW_LONG = 'set local lock_timeout';
/** They have landed. The first ones meet no table; the other two add tables that point to one, for which only whoever writes there at that moment is waited for. */
const BEFORE = [
  'Migration20261122000000_catalog.ts',
  'Migration20261122000050_ledger.ts',
  'Migration20261122000100_ledger_guards.ts',
  'Migration20261122000200_cache_views.ts',
  'Migration20261122000300_outbox.ts',
  'Migration20261123000030_audit.ts',
];

test.each(readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && !BEFORE.includes(file)))(
  '%s says in both directions how long it may wait for a table',
  (file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    if (NOT_TRANSACTIONAL.test(text)) return;
    for (const direction of text.split(/override (?:up|down)\(\): void/).slice(1))
      expect(!LOCKS.test(direction) || direction.includes(SAYS_HOW_LONG)).toBe(true);
  },
);
