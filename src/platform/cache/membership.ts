import { SideConnection } from '../postgres/side-connection.js';

/** What a member is told of the view with each heartbeat. */
export interface Heartbeat {
  readonly epoch: number;
  readonly token: string;
  readonly link: string | null;
  readonly isSettled: boolean;
  /** Names of the living, each with its link. */
  readonly members: readonly string[];
}

export interface MembershipOptions {
  readonly databaseUrl: string;
  readonly memberId: string;
  /** How an operator tells this instance from others. */
  readonly memberName: string;
  /** Told of each epoch that another member has begun, where the word arrives. */
  readonly onEpoch: (epoch: number) => void;
}

interface HeartbeatRow {
  readonly epoch: string;
  readonly token: string;
  readonly link: string | null;
  readonly is_settled: boolean;
  readonly members: string[];
}

const CHANNEL = 'cache_view';
/** How long a member counts as living after its last heartbeat. */
export const LEASE_MS = 2000;
/** So short that a connection which is lost without a word is replaced while the lease still stands. */
const STATEMENT_TIMEOUT_MS = 800;

/** A member's row, renewed over a connection of its own, which also listens. */
export class Membership {
  private beat = 0;
  private readonly connection: SideConnection;

  constructor(private readonly options: MembershipOptions) {
    this.connection = new SideConnection({
      url: options.databaseUrl,
      channel: CHANNEL,
      timeoutMs: STATEMENT_TIMEOUT_MS,
      onNotify: (payload) => {
        options.onEpoch(Number(payload));
      },
    });
  }

  /** Says which memory is reached and which epoch is seen, and asks which one it is. */
  async renew(link: string | undefined, seenEpoch: number | undefined): Promise<Heartbeat> {
    const { memberId, memberName } = this.options;
    this.beat += 1;
    const [row] = await this.connection.query<HeartbeatRow>(
      `select * from cache_heartbeat($1, $2, $3, $4, $5, make_interval(secs => $6))`,
      [memberId, memberName, link ?? null, seenEpoch ?? null, this.beat, LEASE_MS / 1000],
    );
    if (!row) throw new Error('The heartbeat was not answered.');
    const { epoch, is_settled: isSettled, ...rest } = row;
    return { ...rest, epoch: Number(epoch), isSettled };
  }

  /** With `owes` the others begin a new epoch, as after a crash. */
  async leave({ owes }: { owes: boolean }): Promise<void> {
    const statement = owes
      ? 'update cache_member set expires_at = clock_timestamp() where id = $1'
      : 'delete from cache_member where id = $1';
    await this.connection.query(statement, [this.options.memberId]).catch(() => undefined);
    await this.connection.close();
  }
}
