import { actsOfMembers } from '../features/audit/index.js';
import { recipientData } from '../features/notifications/index.js';
import { accountData, FORGOTTEN, memberData, normalizeEmail } from '../features/people/index.js';
import type { PersonalDataKeeper } from '../features/privacy/index.js';
import { actorNames } from '../features/webhooks/index.js';

/** Every place where something of persons is kept. Who adds a table with something of a person adds it here. In their order: what is known by a membership goes before it. */
const KEEPERS: readonly PersonalDataKeeper[] = [
  actorNames(normalizeEmail, FORGOTTEN),
  memberData,
  recipientData,
  actsOfMembers(normalizeEmail),
];

export const PERSONAL_DATA = { keepers: KEEPERS, account: accountData };
