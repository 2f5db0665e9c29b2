/** Enough to see what is wrong; the rest is only counted. */
const MAX_DETAILS = 10;

/** Something that is written in versions, each higher than the one before: a stock level, a name that is counted up. */
export class Subject {
  #acknowledged = 0;

  constructor(readonly name: string) {}

  /** The highest version that a writer was told of. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** A writer has been told that its version is there. */
  acknowledge(version: number): void {
    if (version > this.#acknowledged) this.#acknowledged = version;
  }
}

/** What a read must show at least, version by version in the order of its subjects: what was acknowledged before it began. */
export interface Begun {
  readonly subjects: readonly Subject[];
  readonly least: readonly number[];
}

export interface Stale {
  readonly subject: string;
  readonly least: number;
  /** Undefined where it was not shown at all. */
  readonly seen: number | undefined;
  /** Which read, through which server. */
  readonly by: string;
}

/**
 * Says of each read whether it showed a state from before a write that had been acknowledged when the read began. A later state is never
 * wrong: a write may be seen before its writer is told.
 */
export class Judge {
  /** Versions that were compared. */
  compared = 0;
  staleCount = 0;
  readonly stale: Stale[] = [];
  /** How often each read through each server was stale. */
  readonly staleReads = new Map<string, number>();

  /** To be called before the read is sent. */
  begin(subjects: readonly Subject[]): Begun {
    return { subjects, least: subjects.map(({ acknowledged }) => acknowledged) };
  }

  /** `seen`: what the read showed, in the order of the subjects. */
  end({ subjects, least }: Begun, seen: readonly (number | undefined)[], by: string): void {
    for (const [index, subject] of subjects.entries()) {
      this.compared += 1;
      const atLeast = least[index] ?? 0;
      const version = seen[index];
      if (version !== undefined && version >= atLeast) continue;
      this.staleCount += 1;
      this.staleReads.set(by, (this.staleReads.get(by) ?? 0) + 1);
      if (this.stale.length < MAX_DETAILS) this.stale.push({ subject: subject.name, least: atLeast, seen: version, by });
    }
  }
}
