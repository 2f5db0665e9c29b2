import 'reflect-metadata';
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { idOf } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { requireActor } from '../access/index.js';
import type { MoveKind } from './acts.js';
import { IssueKindEnum, ReceiptKindEnum, StockInput, StockPostInput, StockTransferInput } from './stock-input.schema.js';
import { toAct, toMoveAct, toStockPayload, toTransferAct, toTransferPayload } from './stock-payload.js';
import type { StockContext } from './stock.context.js';
import {
  StockPayload,
  StockPostPayload,
  StockTransferPayload,
  type StockPayloadValue,
  type StockTransferPayloadValue,
} from './stock.schema.js';

@Resolver()
export class StockPostingResolver {
  @Mutation(() => StockPayload)
  async stockReceive(
    @Arg('input', () => StockInput) input: StockInput,
    @Arg('kind', () => ReceiptKindEnum, { nullable: true, defaultValue: 'RECEIPT' }) kind: 'RECEIPT' | 'RETURN' | null,
    @Ctx() ctx: StockContext,
  ): Promise<StockPayloadValue> {
    return postMove(ctx, kind ?? 'RECEIPT', input);
  }

  @Mutation(() => StockPayload)
  async stockIssue(
    @Arg('input', () => StockInput) input: StockInput,
    @Arg('kind', () => IssueKindEnum, { nullable: true, defaultValue: 'ISSUE' })
    kind: 'ISSUE' | 'SALE' | 'DAMAGE' | 'EXPIRY' | null,
    @Ctx() ctx: StockContext,
  ): Promise<StockPayloadValue> {
    return postMove(ctx, kind ?? 'ISSUE', input);
  }

  @Mutation(() => StockPayload, { description: 'quantity is a signed change; a reason is required.' })
  async stockAdjust(@Arg('input', () => StockInput) input: StockInput, @Ctx() ctx: StockContext): Promise<StockPayloadValue> {
    return postMove(ctx, 'ADJUSTMENT', input);
  }

  @Mutation(() => StockPayload, { description: 'quantity is what was counted.' })
  async stockCount(@Arg('input', () => StockInput) input: StockInput, @Ctx() ctx: StockContext): Promise<StockPayloadValue> {
    return postMove(ctx, 'COUNT', input);
  }

  @Mutation(() => StockTransferPayload)
  async stockTransfer(
    @Arg('input', () => StockTransferInput) input: StockTransferInput,
    @Ctx() ctx: StockContext,
  ): Promise<StockTransferPayloadValue> {
    return toTransferPayload(await ctx.stock.movements.postOne(requireActor(ctx), toTransferAct(input)));
  }

  @Mutation(() => StockPostPayload)
  stockPost(@Arg('input', () => StockPostInput) input: StockPostInput, @Ctx() ctx: StockContext) {
    return mutationPayload(
      async () => {
        const asked = input.acts.map(toAct);
        const acts = asked.map(({ act }) => act);
        const verdicts = await ctx.stock.movements.post(requireActor(ctx), acts, { atomic: input.atomic ?? false });
        return {
          results: verdicts.map((verdict, index) => toStockPayload(verdict, ['acts', String(index), asked[index]?.field ?? ''])),
        };
      },
      { results: [] },
    );
  }

  @Mutation(() => StockPayload, {
    description:
      'Posts the opposite movement, stamped as the original; at most once for each movement (ALREADY_DONE). Of a transfer, both of its movements. A count is UNSUPPORTED.',
  })
  async stockMovementReverse(
    @Arg('id', () => ID) id: string,
    @Arg('key', () => ID) key: string,
    @Arg('reason', () => String, { nullable: true }) reason: string | null,
    @Ctx() ctx: StockContext,
  ): Promise<StockPayloadValue> {
    const movementId = idOf('StockMovement', id);
    const act = { type: 'REVERSAL', key: { scope: 'STOCK', key }, movementId, reason: reason ?? undefined } as const;
    return toStockPayload(await ctx.stock.movements.postOne(requireActor(ctx), act));
  }
}

async function postMove(ctx: StockContext, kind: MoveKind, input: StockInput): Promise<StockPayloadValue> {
  return toStockPayload(await ctx.stock.movements.postOne(requireActor(ctx), toMoveAct(kind, input)));
}
