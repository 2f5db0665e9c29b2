/** How many places each of many has taken, none of them more than `most`. */
export class Places {
  private readonly taken = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** False, and nothing taken, where all of the key's are. */
  take(key: string): boolean {
    const taken = this.taken.get(key) ?? 0;
    if (taken >= this.most) return false;
    this.taken.set(key, taken + 1);
    return true;
  }

  /** To be called once for each place that was taken. */
  free(key: string): void {
    const left = (this.taken.get(key) ?? 1) - 1;
    if (left > 0) this.taken.set(key, left);
    else this.taken.delete(key);
  }
}
