/** What a cached value is made of on its way to another process: text, by way of JSON. */
export interface Codec<Value> {
  /** JSON that has all of the value: instants and decimals as text. */
  readonly encode: (value: Value) => unknown;
  readonly decode: (json: never) => Value;
}

/**
 * One kind of cached values. A value stands for what the database said at some time after its stamp was set; whoever changes what the value
 * was read from sets a new stamp before the change is acknowledged, and from then on the value is not believed.
 */
export interface Region<Id, Value> {
  /** Unique in the program; a part of each key, and a label in the metrics. */
  readonly name: RegionName;
  /** Of the shape that `encode` gives. To be raised with each change of it, so that no version of the program reads what another wrote. */
  readonly version: number;
  /** Tells one value of the region from another, across all shops. */
  readonly keyOf: (id: Id) => string;
  /** The stamp that the value is believed under. */
  readonly stampOf: (id: Id) => string;
  /** Whether "there is none" is remembered too. */
  readonly remembersUnknown: boolean;
  /** Whether processes that find the same value missing wait for one of them to load it; for values that are dear to load. */
  readonly loadsOnce: boolean;
  readonly codec: Codec<Value>;
  /** Stamps that whoever reads this value asks for next, as a rule: they come along with its own, which saves a round trip. */
  readonly leadsTo?: (value: Value) => readonly string[];
}

/** All regions of the program. Their times to live are settings; their shares of the memory stand in `near-tier.ts`. */
export const REGION_NAMES = ['keys', 'locations', 'categories', 'items', 'skus', 'barcodes', 'levels'] as const;
export type RegionName = (typeof REGION_NAMES)[number];
