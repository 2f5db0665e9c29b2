/** A start that cannot go on for a reason its operator can mend: the message is one line that names the setting to change. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
