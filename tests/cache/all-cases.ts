import { stockroomSchema } from '../../src/app.js';
import { rootFields } from '../support/schema-requests.js';
import { ACCESS_CASES } from './access-cases.js';
import { ALERT_CASES } from './alert-cases.js';
import { CATALOG_CASES } from './catalog-cases.js';
import { FILE_CASES } from './file-cases.js';
import type { MutationCase } from './mutation-case.js';
import { NOTIFICATION_CASES } from './notification-cases.js';
import { OPERATIONS_CASES } from './operations-cases.js';
import { PEOPLE_CASES } from './people-cases.js';
import { PRIVACY_CASES } from './privacy-cases.js';
import { SCAN_CASES } from './scan-cases.js';
import { STOCK_CASES } from './stock-cases.js';
import { WEBHOOK_CASES } from './webhook-cases.js';

export const ALL_CASES: readonly MutationCase[] = [
  ...ACCESS_CASES,
  ...CATALOG_CASES,
  ...STOCK_CASES,
  ...ALERT_CASES,
  ...SCAN_CASES,
  ...WEBHOOK_CASES,
  ...NOTIFICATION_CASES,
  ...FILE_CASES,
  ...OPERATIONS_CASES,
  ...PRIVACY_CASES,
  ...PEOPLE_CASES,
];

/** What people do about themselves, without a shop: nothing that is cached follows from it, and their own tests ask what the audit log says. */
const OF_PERSONS: readonly string[] = [
  'invitationAccept',
  'myDataErase',
  'myDataExport',
  'passwordChange',
  'passwordReset',
  'passwordResetRequest',
  'signIn',
  'signOut',
];

/** As the schema has them, those of persons apart. */
export function mutationNames(): string[] {
  const names = rootFields(stockroomSchema()).flatMap(({ kind, name }) => (kind === 'mutation' ? [name] : []));
  return names.filter((name) => !OF_PERSONS.includes(name));
}
