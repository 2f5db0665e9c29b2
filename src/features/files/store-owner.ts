import { buffer } from 'node:stream/consumers';
import { query } from '../../platform/sql.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import type { FileStore } from './file-store.port.js';
import { fileOfKey, OBJECT_PREFIX } from './object-key.js';

/** Where the store says whose it is: an object whose content is the id of a database. Outside of what is swept. */
export const MARKER_KEY = 'stockroom/database';
const MARKER_TYPE = 'text/plain';
const PAGE_SIZE = 500;
const MAX_MARKER_BYTES = 200;

/** Whether what lies in the store is this database's. Two that were restored from one copy have one id. */
export type Ownership =
  { readonly isOurs: true } | { readonly isOurs: false; readonly databaseId: string; readonly marker: string };

/** Says whose store this is, so that a database that is connected to another one's store by mistake does not take what lies there for litter. */
export class StoreOwner {
  private isKnown = false;

  constructor(
    private readonly store: FileStore,
    private readonly work: UnitOfWork,
  ) {}

  /** As `ask`; once it is known to be ours nobody is asked again. For those who only add. */
  async askOnce(): Promise<Ownership> {
    if (this.isKnown) return { isOurs: true };
    return this.ask();
  }

  /** Reads the marker. A store that has none, and nothing of this program, becomes this database's. */
  async ask(): Promise<Ownership> {
    const databaseId = await this.databaseId();
    let marker = await this.readMarker();
    if (marker === undefined && !(await this.hasObjects())) {
      await this.store.create(MARKER_KEY, Buffer.from(databaseId), MARKER_TYPE);
      // Of two that find it empty at once one has it. Which one is read, since not every store knows when it is asked.
      marker = await this.readMarker();
    }
    this.isKnown = marker === databaseId;
    return marker === databaseId ? { isOurs: true } : { isOurs: false, databaseId, marker: marker ?? '' };
  }

  private databaseId(): Promise<string> {
    return this.work.run(EVERY_SHOP, async ({ em }) => {
      const [row] = await query<{ database_id: string }>(em, 'select database_id from file_store');
      if (!row) throw new Error('the row of file_store is missing');
      return row.database_id;
    });
  }

  private async readMarker(): Promise<string | undefined> {
    // Listed before it is read: a list answers, and makes the place, also where the store has none for us yet.
    const [first] = await this.store.list({ prefix: MARKER_KEY, after: undefined, limit: 1 });
    const object = first?.key === MARKER_KEY ? await this.store.read(MARKER_KEY) : undefined;
    return object && (await buffer(object)).toString('utf8', 0, MAX_MARKER_BYTES).trim();
  }

  private async hasObjects(): Promise<boolean> {
    let after: string | undefined;
    for (;;) {
      const page = await this.store.list({ prefix: OBJECT_PREFIX, after, limit: PAGE_SIZE });
      if (page.some(({ key }) => fileOfKey(key))) return true;
      if (page.length < PAGE_SIZE) return false;
      after = page.at(-1)?.key;
    }
  }
}
