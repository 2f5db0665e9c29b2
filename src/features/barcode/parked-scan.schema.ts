import 'reflect-metadata';
import { Field, ObjectType, Root } from 'type-graphql';
import { nodesConnectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import { quantity, type Quantity } from '../../kernel/quantity.js';
import { ScanModeEnum, type ScanMode } from '../access/index.js';
import { StockItemType } from '../catalog/index.js';
import type { ParkedScan } from './parked-scan.entity.js';
import { ScanResult } from './scan.schema.js';

const ONE_PACK = quantity(1);

@ObjectType('ParkedScan', {
  implements: Node,
  simpleResolvers: true,
  description: 'A beep whose code nobody knew, kept until someone names the code.',
})
export class ParkedScanType extends Node {
  @Field(() => String, { description: 'As it was scanned.' })
  code!: string;

  @Field(() => DateTimeScalar)
  scannedAt!: Date;

  @Field(() => ScanModeEnum)
  mode!: ScanMode;

  @Field(() => DecimalScalar, { name: 'quantity', simple: false, description: 'Packs: what the device sent, or 1.' })
  packs(@Root() parked: ParkedScan): Quantity {
    return parked.quantity ?? ONE_PACK;
  }
}

@ObjectType('ProductSuggestion', {
  simpleResolvers: true,
  description:
    'What others know of a code that the shop does not know. Compare it with what is in your hand: nobody vouches for it.',
})
export class ProductSuggestionType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  brand?: string | null;

  @Field(() => String, { nullable: true, description: 'Of https only; it is not on this server.' })
  imageUrl?: string | null;

  @Field(() => String, { description: 'Who says so.' })
  source!: string;
}

export const ParkedScanConnection = nodesConnectionOf(() => ParkedScanType, 'ParkedScan');

@ObjectType('ParkedScanResolvePayload', { simpleResolvers: true })
export class ParkedScanResolvePayload {
  @Field(() => [ScanResult], {
    description:
      'One for each scan that was parked under the code, in the order in which they were made; a refused one stays parked.',
  })
  applied!: object[];

  @Field(() => StockItemType, { nullable: true })
  stockItem?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
