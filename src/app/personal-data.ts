import { recipientData } from '../features/notifications/index.js';
import type { PersonalDataKeeper } from '../features/privacy/index.js';

/** Every place where something of persons is kept. Who adds a table with something of a person adds it here. */
export const PERSONAL_DATA: readonly PersonalDataKeeper[] = [recipientData];
