/** Conditions of a hand-written statement and their parameters, kept side by side so that they cannot get out of step. */
export class Where {
  private readonly conditions: string[] = [];
  private readonly values: unknown[] = [];

  add(condition: string, ...values: readonly unknown[]): this {
    this.conditions.push(condition);
    this.values.push(...values);
    return this;
  }

  /** Adds nothing where the value is missing. */
  addIf(value: unknown, condition: string): this {
    return value === null || value === undefined ? this : this.add(condition, value);
  }

  /** One more condition, in a copy. */
  and(condition: string, ...values: readonly unknown[]): Where {
    const copy = new Where();
    copy.conditions.push(...this.conditions);
    copy.values.push(...this.values);
    return copy.add(condition, ...values);
  }

  get sql(): string {
    return this.conditions.map((condition) => `(${condition})`).join(' and ');
  }

  get parameters(): readonly unknown[] {
    return this.values;
  }
}
