import { leavesOf, rootFields, type Leaf, type RootField } from '../support/schema-requests.js';
import { stockroomSchema } from '../../src/app.js';

/** A text that a mutation takes. */
export interface TextField {
  readonly name: string;
  readonly field: RootField;
  readonly leaf: Leaf;
  /** What is kept of a text; undefined for a text that is only sought, read or compared. */
  readonly kept: ((text: string) => string) | undefined;
}

const trimmed = (text: string): string => text.trim();
const inUpperCase = (text: string): string => text.trim().toUpperCase();
const asUrl = (text: string): string => (URL.canParse(text.trim()) ? new URL(text.trim()).href : text);

/** How what is kept differs from what was sent, where it is more than blanks around it. By the field's last name. */
const FORMS: Readonly<Record<string, (text: string) => string>> = { code: inUpperCase, sku: inUpperCase, url: asUrl };

/**
 * Texts of which nothing is kept as it was written: what names a row that is sought, what is an image, a setting or a time in a notation of its
 * own, what lets people in, what belongs to a suggestion that is not there, an address that is brought to one spelling, a file's name that is cleaned. That nothing breaks is looked at all the same.
 */
const NOT_KEPT =
  /^(barcodeDecode: image|signIn: |password\w*: |invitationAccept: |myData\w+: |parkedScan\w+: code|parkedScanAcceptSuggestion: |scan: |scanBatch: |personalData\w+: |fileUploadStart: |shopUpdate: patch.variableMeasure)|\.stockItem\.(sku|barcode)$|[. ](email|phone|quietFrom|quietTo)$|barcodes\.0\.value$/;

const kept = (name: string, { path, scalar }: Leaf): TextField['kept'] =>
  scalar === 'ID' || NOT_KEPT.test(name) ? undefined : (FORMS[path.at(-1) ?? ''] ?? trimmed);

/** Every text and every id that a mutation takes. */
export function textFields(): TextField[] {
  const mutations = rootFields(stockroomSchema()).filter(({ kind }) => kind === 'mutation');
  return mutations.flatMap((field) =>
    leavesOf(field)
      .filter(({ scalar }) => scalar === 'String' || scalar === 'ID')
      .map((leaf) => {
        const name = `${field.name}: ${leaf.path.join('.')}`;
        return { name, field, leaf, kept: kept(name, leaf) };
      }),
  );
}
