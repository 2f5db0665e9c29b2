import type { EntityManager } from '@mikro-orm/postgresql';
import {
  ATTEMPT_RULES,
  InvitationService,
  MemberService,
  OwnerService,
  PasswordHasher,
  PasswordService,
  SessionService,
  SignInService,
  type AccountMailPort,
  type IdentityPort,
  type SessionTimes,
} from '../features/people/index.js';
import type { Clock } from '../kernel/clock.js';
import type { Limits } from '../platform/limits/limits.js';
import type { UnitOfWork } from '../platform/unit-of-work.js';

const DAY_MS = 24 * 3_600_000;
/** As peopleSettings has them where nothing is set. */
export const DEFAULT_TIMES: SessionTimes = { idleMs: 7 * DAY_MS, maxMs: 30 * DAY_MS };

export interface PeopleParts {
  readonly em: EntityManager;
  readonly work: UnitOfWork;
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'limiter'>;
  readonly times: SessionTimes;
  /** Undefined: this server sends no mail. */
  readonly mail: AccountMailPort | undefined;
  /** Undefined: nobody comes by an identity provider. */
  readonly identity: IdentityPort | undefined;
  readonly onError: (error: unknown) => void;
}

/** Who people are, and how they get in. */
export function peopleServices({ em, work, clock, limits, times, mail, identity, onError }: PeopleParts) {
  const hasher = new PasswordHasher();
  const limiters = {
    byAddress: limits.limiter(ATTEMPT_RULES.byAddress),
    byBoth: limits.limiter(ATTEMPT_RULES.byBoth),
    byEmail: limits.limiter(ATTEMPT_RULES.byEmail),
    resets: limits.limiter(ATTEMPT_RULES.resets),
  };
  const sessions = new SessionService({ work, clock, em, times, onError });
  const signIn = new SignInService({ work, em, hasher, sessions, limiters, onError });
  const passwords = new PasswordService({ work, em, clock, hasher, sessions, signIn, limiters, mail });
  const invitations = new InvitationService({ work, clock, hasher, sessions, limiters, mail });
  return {
    ...{ sessions, signIn, passwords, invitations, identity },
    members: new MemberService(work, clock),
    owners: new OwnerService(work, clock, hasher),
    tasks: [passwords.task(), invitations.task()],
  };
}
