import type { EntityManager } from '@mikro-orm/postgresql';
import { countWritten, query } from '../../platform/sql.js';

export interface SessionRow {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

export interface NewSession {
  readonly id: string;
  readonly personId: string;
  readonly tokenHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const COLUMNS = `s.id, s.person_id as "personId", p.name, p.email, s.created_at as "createdAt", s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt"`;

/** What lets people in: sessions, identities and resets. No entities: they are written once and then deleted. */
export class SessionRepository {
  constructor(private readonly em: EntityManager) {}

  async add({ id, personId, tokenHash, createdAt, expiresAt }: NewSession): Promise<void> {
    await query(
      this.em,
      `insert into person_session (id, person_id, token_hash, created_at, last_used_at, expires_at) values (?, ?, ?, ?, ?, ?)`,
      [id, personId, tokenHash, createdAt, createdAt, expiresAt],
    );
  }

  /** A session that has not ended at `now` and was used after `usedAfter`. */
  async find(tokenHash: Buffer, now: Date, usedAfter: Date): Promise<SessionRow | undefined> {
    const [row] = await query<SessionRow>(
      this.em,
      `select ${COLUMNS} from person_session s join person p on p.id = s.person_id
       where s.token_hash = ? and s.expires_at > ? and s.last_used_at > ?`,
      [tokenHash, now, usedAfter],
    );
    return row && revived(row);
  }

  /** The newest first. */
  async ofPerson(personId: string, now: Date, usedAfter: Date): Promise<SessionRow[]> {
    const rows = await query<SessionRow>(
      this.em,
      `select ${COLUMNS} from person_session s join person p on p.id = s.person_id
       where s.person_id = ? and s.expires_at > ? and s.last_used_at > ? order by s.id desc`,
      [personId, now, usedAfter],
    );
    return rows.map(revived);
  }

  /** Notes a use, unless one was noted after `unlessSince`. */
  async touch(id: string, at: Date, unlessSince: Date): Promise<void> {
    await query(this.em, 'update person_session set last_used_at = ? where id = ? and last_used_at <= ?', [at, id, unlessSince]);
  }

  /** How many there were of it: one, or none. */
  async end(id: string | undefined): Promise<number> {
    return id === undefined ? 0 : countWritten(this.em, 'delete from person_session where id = ? returning id', [id]);
  }

  /** All of the person's but this one. How many they were. */
  endOthers(personId: string, keptId: string | undefined): Promise<number> {
    return countWritten(
      this.em,
      'delete from person_session where person_id = ? and (?::uuid is null or id <> ?::uuid) returning id',
      [personId, keptId ?? null, keptId ?? null],
    );
  }

  /** Whatever lets anybody in as this person: sessions, identities, a reset on its way. */
  async endAll(personId: string): Promise<void> {
    for (const table of ['person_session', 'person_identity', 'password_reset']) {
      await query(this.em, `delete from ${table} where person_id = ?`, [personId]);
    }
  }

  /** Leaves the newest `kept` of the person's. */
  async endOldest(personId: string, kept: number): Promise<void> {
    await query(
      this.em,
      'delete from person_session where id in (select id from person_session where person_id = ? order by id desc offset ?)',
      [personId, kept],
    );
  }

  /** Who is known under this identity. */
  async findByIdentity(issuer: string, subject: string): Promise<Pick<SessionRow, 'personId' | 'name' | 'email'> | undefined> {
    const [row] = await query<Pick<SessionRow, 'personId' | 'name' | 'email'>>(
      this.em,
      `select p.id as "personId", p.name, p.email from person_identity i join person p on p.id = i.person_id
       where i.issuer = ? and i.subject = ?`,
      [issuer, subject],
    );
    return row;
  }

  async addIdentity(issuer: string, subject: string, personId: string, createdAt: Date): Promise<void> {
    await query(
      this.em,
      'insert into person_identity (issuer, subject, person_id, created_at) values (?, ?, ?, ?) on conflict do nothing',
      [issuer, subject, personId, createdAt],
    );
  }

  /** The one before is void. */
  async setReset(personId: string, secretHash: Buffer, expiresAt: Date): Promise<void> {
    await query(
      this.em,
      `insert into password_reset (person_id, secret_hash, expires_at) values (?, ?, ?)
       on conflict (person_id) do update set secret_hash = excluded.secret_hash, expires_at = excluded.expires_at`,
      [personId, secretHash, expiresAt],
    );
  }

  /** Whose reset it is, once: it is gone afterwards. */
  async takeReset(secretHash: Buffer, now: Date): Promise<string | undefined> {
    const [row] = await query<{ personId: string }>(
      this.em,
      'delete from password_reset where secret_hash = ? and expires_at > ? returning person_id as "personId"',
      [secretHash, now],
    );
    return row?.personId;
  }

  async dropReset(personId: string): Promise<void> {
    await query(this.em, 'delete from password_reset where person_id = ?', [personId]);
  }
}

/** The driver gives instants as it likes. */
function revived(row: SessionRow): SessionRow {
  return { ...row, createdAt: new Date(row.createdAt), lastUsedAt: new Date(row.lastUsedAt), expiresAt: new Date(row.expiresAt) };
}
