import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import type { RequestOrigin } from '../request-origin.js';
import { query } from '../sql.js';
import type { AuditNote } from './audit-note.js';

/**
 * Writes these in the entity manager's own transaction, in one statement; none for no notes. Who acts for one shop is no principal of another: what a request
 * did there names only what did it.
 */
export async function writeAuditNotes(
  em: EntityManager,
  notes: readonly AuditNote[],
  origin: RequestOrigin | undefined,
): Promise<void> {
  if (notes.length === 0) return;
  const rows = notes.map(({ shopId, action, subjectType, subjectId, fields = [], count = 1, actorId, isUnplaced }) => ({
    ...{ shop_id: shopId, id: newId(), action, subject_type: subjectType, subject_id: subjectId, fields, count },
    operation: origin?.operation ?? null,
    actor_id: actorId ?? (origin?.shopId === shopId ? origin.actorId : undefined) ?? null,
    address: isUnplaced ? null : (origin?.address ?? null),
    request_id: isUnplaced ? null : (origin?.requestId ?? null),
  }));
  await query(
    em,
    `insert into audit_entry (shop_id, id, at, operation, action, subject_type, subject_id, fields, count, actor_id, address, request_id)
     select shop_id, id, now(), operation, action, subject_type, subject_id, fields, count, actor_id, address, request_id
     from jsonb_to_recordset(?::jsonb) as note(shop_id uuid, id uuid, operation text, action text, subject_type text, subject_id uuid,
       fields text[], count int, actor_id uuid, address text, request_id text)`,
    [JSON.stringify(rows)],
  );
}
