/** What this room has sent to a person about his account. It is about himself: nobody can unsubscribe from it. */
export interface AccountMail {
  /** The same for every try. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface AccountMailPort {
  /** Resolves when the far side has taken it. */
  send(mail: AccountMail, signal: AbortSignal): Promise<unknown>;
}
