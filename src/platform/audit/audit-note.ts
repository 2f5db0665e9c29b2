/** What was done to a thing, or with it: SIGNED_IN, SIGNED_OUT and SIGN_IN_REFUSED are of a person, EXPORTED and ERASED of his data. */
export const AUDIT_ACTIONS = [
  'CREATED',
  'UPDATED',
  'DELETED',
  'REPLAYED',
  'SIGNED_IN',
  'SIGNED_OUT',
  'SIGN_IN_REFUSED',
  'EXPORTED',
  'ERASED',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What the audit log is to say of a transaction. It names things and their fields, never what stands in them. */
export interface AuditNote {
  readonly shopId: string;
  readonly action: AuditAction;
  /** As its GraphQL type is named. */
  readonly subjectType: string;
  /** Row id; null where the subject has none, or there are too many to name. */
  readonly subjectId: string | null;
  /** What was changed of it, as the entity calls it. */
  readonly fields?: readonly string[];
  /** Of how many the note speaks: one, if not given. */
  readonly count?: number;
  /** Row id of the principal who did it, where that is not who sent the request: he has just signed in, say. */
  readonly actorId?: string;
  /** Whether the log is not to say from where the request came, nor which it was. */
  readonly isUnplaced?: true;
}

/** So many of one kind are named one by one; more than that are one entry that says how many. */
const MAX_NAMED = 100;

/** What is said of one thing in one transaction, said once: one that was made and then changed was made. */
export class AuditNotes {
  private readonly byThing = new Map<string, AuditNote>();

  add(note: AuditNote): void {
    const { shopId, subjectType, subjectId, action } = note;
    const kind = CHANGES.includes(action) ? '' : action;
    const thing = [shopId, subjectType, subjectId ?? '', kind].join('/');
    const known = this.byThing.get(thing);
    this.byThing.set(thing, known ? merged(known, note) : note);
  }

  /** Those of one kind beyond MAX_NAMED folded into one. */
  get all(): readonly AuditNote[] {
    const notes = [...this.byThing.values()];
    const groups = Object.groupBy(notes, ({ shopId, subjectType, action }) => [shopId, subjectType, action].join('/'));
    return Object.values(groups).flatMap((group = []) => (group.length > MAX_NAMED ? [folded(group)] : group));
  }
}

/** Which say how a thing's row has changed. */
const CHANGES: readonly AuditAction[] = ['CREATED', 'UPDATED', 'DELETED'];

function merged(before: AuditNote, after: AuditNote): AuditNote {
  const fields = fieldsOf([before, after]);
  // What was made and changed was made; what was changed and deleted is gone.
  const { action } = after.action === 'DELETED' || before.action === 'UPDATED' ? after : before;
  return { ...before, action, fields };
}

function folded(group: readonly AuditNote[]): AuditNote {
  const [first] = group;
  if (!first) throw new TypeError('There is nothing to fold.');
  const count = group.reduce((sum, each) => sum + (each.count ?? 1), 0);
  return { ...first, subjectId: null, fields: fieldsOf(group), count };
}

function fieldsOf(notes: readonly AuditNote[]): string[] {
  return [...new Set(notes.flatMap(({ fields = [] }) => fields))].toSorted();
}
