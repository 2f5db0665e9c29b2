/** One code printed on a pack. `quantity` is how many base units one scan of it means; one where absent. */
export interface DemoBarcode {
  value: string;
  quantity?: string;
  isDefault?: boolean;
}

/** What lies at a location on the first day, in the item's base unit. */
export interface DemoOpening {
  /** A location's code. */
  location: string;
  quantity: string;
}

export interface DemoItem {
  sku: string;
  name: string;
  description?: string;
  /** A category's code. */
  category: string;
  /** The base unit: every quantity of the item is in it. */
  unit: 'each' | 'kg';
  barcodes: DemoBarcode[];
  /** Rand for one base unit, VAT included. */
  salePrice: string;
  opening: DemoOpening[];
}

/** A node of the category tree. A parent stands before its children. */
export interface DemoCategory {
  code: string;
  name: string;
  /** The parent's code; a root where absent. */
  parent?: string;
}

/** A node of the location tree. A parent stands before its children. */
export interface DemoLocation {
  code: string;
  name: string;
  /** The parent's code; a root where absent. */
  parent?: string;
}

export interface DemoShop {
  name: string;
  /** ISO 4217. */
  currency: string;
  /** IANA time zone. */
  timeZone: string;
}
