import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { DecimalScalar } from '../../graphql/scalars.js';
import { requireActor } from '../access/index.js';
import type { BarcodeContext } from './barcode.context.js';
import type { ParsedCode } from './codes/gs1-message.js';
import { ParsedCodeType, ScanBatchInput, ScanBatchPayload, ScanInput, ScanResult, toScanRequest } from './scan.schema.js';
import type { ScanVerdict } from './scan-verdict.js';
import type { ScanBatchVerdicts } from './scan.service.js';

@Resolver()
export class ScanResolver {
  @Mutation(() => ScanResult, { description: 'One beep. The device is the API key.' })
  scan(@Arg('input', () => ScanInput) input: ScanInput, @Ctx() ctx: BarcodeContext): Promise<ScanVerdict> {
    return ctx.barcode.scans.scan(requireActor(ctx), toScanRequest(input));
  }

  @Mutation(() => ScanBatchPayload, {
    description: 'Many beeps, applied in the order of their seq; each has its own verdict, and a refusal touches no neighbour.',
  })
  scanBatch(
    @Arg('input', () => ScanBatchInput) { device, sentAt, scans, dryRun }: ScanBatchInput,
    @Ctx() ctx: BarcodeContext,
  ): Promise<ScanBatchVerdicts> {
    const batch = { device, sentAt, scans: scans.map(toScanRequest), dryRun: dryRun ?? false };
    return ctx.barcode.scans.submit(requireActor(ctx), batch);
  }
}

@Resolver(() => ParsedCodeType)
export class ParsedCodeResolver {
  @FieldResolver(() => DecimalScalar, { nullable: true, description: "Amount to be paid, of AI 392n or of a scale's number." })
  price(@Root() { price }: ParsedCode): string | undefined {
    return price?.amount;
  }
}
