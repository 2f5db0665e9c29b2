/**
 * Why something was not taken. RECIPIENT_REFUSED: this address will never get it, whoever sends it. REFUSED: this very message will never be taken.
 * OURS: what we have set up is wrong (a password, a balance, a sender), so others are met too: it is tried again, since somebody may mend it.
 * PASSING: it may be taken later.
 */
export type DeliveryFault = 'RECIPIENT_REFUSED' | 'REFUSED' | 'OURS' | 'PASSING';

/** The message names no address and no number: it is shown to an operator and stands in the log. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(
    readonly fault: DeliveryFault,
    message: string,
    /** Not before, where the far side said so. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** What the far side says of a message that it took. */
export interface Handover {
  /** What the far side calls it; undefined where it calls it nothing. */
  readonly reference: string | undefined;
}
