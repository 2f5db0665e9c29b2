import 'reflect-metadata';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { nodesConnectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import { OUTBOX_JOB_STATES, type OutboxJobState } from './outbox-job.js';

export const OutboxJobStateEnum = Object.fromEntries(OUTBOX_JOB_STATES.map((state) => [state, state]));
registerEnumType(OutboxJobStateEnum, {
  name: 'OutboxJobState',
  valuesConfig: {
    WAITING: { description: 'It will be done, or is being done.' },
    SET_ASIDE: { description: 'It failed too often, or can never be done. Nobody tries it until outboxJobReplay.' },
  },
});

@ObjectType('OutboxJob', {
  implements: Node,
  simpleResolvers: true,
  description: 'What a mutation left to be done outside: a look-up, a message, a call of a webhook. What was done is gone.',
})
export class OutboxJobType extends Node {
  @Field(() => String, { description: 'What is to be done, such as product.look-up.' })
  task!: string;

  @Field(() => String, { nullable: true, description: 'What it is about, such as a code, where there is one such job at most.' })
  subject!: string | null;

  @Field(() => OutboxJobStateEnum)
  state!: OutboxJobState;

  @Field(() => Int, { description: 'Tries so far; those that the far side put off do not count.' })
  attempts!: number;

  @Field(() => String, { nullable: true, description: 'What went wrong last.' })
  reason!: string | null;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'Of one that waits: not before.' })
  runAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  setAsideAt!: Date | null;
}

export const OutboxJobConnection = nodesConnectionOf(() => OutboxJobType, 'OutboxJob');

@ObjectType('OutboxJobPayload', { simpleResolvers: true })
export class OutboxJobPayload {
  @Field(() => OutboxJobType, { nullable: true })
  outboxJob?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
