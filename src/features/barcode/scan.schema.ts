import 'reflect-metadata';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType, Root } from 'type-graphql';
import { idOf } from '../../graphql/global-id.js';
import { DateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { toUserError, UserError, type UserErrorValue } from '../../graphql/user-error.schema.js';
import type { Quantity } from '../../kernel/quantity.js';
import { ScanModeEnum, type ScanMode } from '../access/index.js';
import { StockItemType } from '../catalog/index.js';
import { StockLevelType, StockMovementType } from '../stock/index.js';
import { SCAN_OUTCOMES, type ScanOutcome, type ScanVerdict } from './scan-verdict.js';
import type { ScanRequest } from './scan.js';

export const ScanOutcomeEnum = Object.fromEntries(SCAN_OUTCOMES.map((outcome) => [outcome, outcome]));
registerEnumType(ScanOutcomeEnum, {
  name: 'ScanOutcome',
  description:
    'APPLIED now; REPLAYED: seen before, first result returned; PARKED: the code is unknown, kept until someone names it; REJECTED: see userErrors.',
});

@ObjectType('ParsedCode', { simpleResolvers: true, description: 'What a code said by itself.' })
export class ParsedCodeType {
  @Field(() => String, { nullable: true, description: 'The symbology identifier that the scanner sent, such as "]C1".' })
  symbology!: string | null;

  @Field(() => String, { nullable: true, description: '14 digits, however many were scanned.' })
  gtin!: string | null;

  @Field(() => String, { nullable: true })
  lot!: string | null;

  @Field(() => DateScalar, { nullable: true })
  expiresOn!: string | null;

  @Field(() => String, { nullable: true })
  serial!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Items in the pack, of AI 30 or 37.' })
  quantity!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: "Net weight, of AI 310n or of a scale's number." })
  weightKg!: string | null;

  @Field(() => String, { nullable: true, description: 'Serial shipping container code, 18 digits: AI 00.' })
  sscc!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'AI 11.' })
  producedOn!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'AI 13.' })
  packedOn!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'AI 15.' })
  bestBeforeOn!: string | null;

  @Field(() => String, { nullable: true, description: 'The 2 or 5 digits beside an EAN or UPC.' })
  addOn!: string | null;
}

@ObjectType('ScanResult', { simpleResolvers: true })
export class ScanResult {
  @Field(() => ID, { description: "The device's own id of the scan." })
  id!: string;

  @Field(() => ScanOutcomeEnum)
  outcome!: ScanOutcome;

  @Field(() => StockItemType, { nullable: true })
  stockItem!: object | null;

  @Field(() => StockLevelType, { nullable: true, description: "At the scan's location, as it is now." })
  level!: object | null;

  @Field(() => StockMovementType, { nullable: true, description: 'None of a look-up or a dry run.' })
  movement!: object | null;

  @Field(() => ParsedCodeType, { nullable: true, description: 'What the code said: GTIN, lot, expiry, weight, serial.' })
  parsed!: object | null;

  @Field(() => String, {
    description: 'One short line for a small screen, at most 120 characters, e.g. "Maize meal 10 kg: 11 left".',
  })
  say!: string;

  @Field(() => [UserError], { name: 'userErrors', simple: false })
  errorsOf(@Root() { refusals }: ScanVerdict): UserErrorValue[] {
    return refusals.map(toUserError);
  }
}

@ObjectType('ScanBatchPayload', { simpleResolvers: true })
export class ScanBatchPayload {
  @Field(() => [ScanResult], { description: 'One for each scan, in the order in which they were sent.' })
  results!: object[];

  @Field(() => Float, {
    description: "How much the device's clock is behind the server's (negative: ahead); the scans' times were corrected by it.",
  })
  clockSkewMs!: number;
}

@InputType('ScanInput', {
  description:
    'id is made by the device, once per beep, unique for that device. seq orders a device\'s scans. A COUNT needs a quantity. quantity counts packs: of a barcode that means 12, "2" is 24. mode and location go before the API key\'s own.',
})
export class ScanInput {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'What the scanner read, as it came.' })
  code!: string;

  @Field(() => ScanModeEnum, { nullable: true })
  mode?: ScanMode | null;

  @Field(() => DecimalScalar, { nullable: true })
  quantity?: Quantity | null;

  @Field(() => ID, { nullable: true })
  location?: string | null;

  @Field(() => Int, { nullable: true })
  seq?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "By the device's clock." })
  scannedAt?: Date | null;
}

@InputType('ScanBatchInput')
export class ScanBatchInput {
  @Field(() => ID, { description: 'The name under which the ids of its scans are unique.' })
  device!: string;

  @Field(() => DateTimeScalar, { description: "When the batch was sent, by the device's clock." })
  sentAt!: Date;

  @Field(() => [ScanInput], { description: 'At most 500.' })
  scans!: ScanInput[];

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Verdicts as they would be; nothing is written.' })
  dryRun?: boolean | null;
}

export function toScanRequest({ id, code, mode, quantity, location, seq, scannedAt }: ScanInput): ScanRequest {
  return {
    id,
    code,
    mode: mode ?? undefined,
    quantity: quantity ?? undefined,
    location: location == null ? undefined : { sent: location, id: idOf('Location', location) },
    seq: seq ?? undefined,
    scannedAt: scannedAt ?? undefined,
  };
}
