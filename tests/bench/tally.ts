interface Sum {
  sent: number;
  acknowledged: number;
}

interface Line {
  readonly base: number;
  readonly received: Sum;
  readonly sold: Sum;
}

export type Move = 'received' | 'sold';

/**
 * What each item may have at the counter while scans of it are on their way. A scan that was acknowledged before a read was sent must be in
 * what the read shows; one that was not sent before its reply cannot be.
 */
export class Tally {
  private readonly lines: ReadonlyMap<string, Line>;

  /** On hand by SKU, as it is while nobody writes. */
  constructor(onHand: ReadonlyMap<string, number>) {
    const none = (): Sum => ({ sent: 0, acknowledged: 0 });
    this.lines = new Map([...onHand].map(([sku, base]) => [sku, { base, received: none(), sold: none() }]));
  }

  get skus(): string[] {
    return [...this.lines.keys()];
  }

  /** To be called when the scan is sent; what it returns, when the scan is acknowledged. */
  send(sku: string, move: Move, quantity: number): () => void {
    const sum = this.line(sku)[move];
    sum.sent += quantity;
    return () => {
      sum.acknowledged += quantity;
    };
  }

  /** To be called when a read is sent; what it returns says of the reply's number whether it may be. */
  read(sku: string): (onHand: number) => boolean {
    const line = this.line(sku);
    const { base, received, sold } = line;
    const [receivedBefore, soldBefore] = [received.acknowledged, sold.acknowledged];
    return (onHand) => onHand >= base + receivedBefore - sold.sent && onHand <= base + received.sent - soldBefore;
  }

  private line(sku: string): Line {
    const line = this.lines.get(sku);
    if (line === undefined) throw new Error(`${sku} is not counted`);
    return line;
  }
}
