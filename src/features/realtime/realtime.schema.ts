import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';
import { StockMovementType, type StockMovement } from '../stock/index.js';

@ObjectType({ description: 'cursor: what to come back with, to be told of all that came after this movement.' })
export class StockMovementEvent {
  @Field(() => String)
  cursor!: string;

  @Field(() => StockMovementType)
  movement!: StockMovement;
}
