import { idOf, type NodeTypeName } from '../../graphql/global-id.js';
import type { RowRef } from './row-ref.js';

export function refOf(type: NodeTypeName, globalId: string): RowRef {
  return { id: idOf(type, globalId) };
}

/** In a patch absent stays absent (unchanged) and null stays null (cleared). */
export function optionalRefOf(type: NodeTypeName, globalId: string | null | undefined): RowRef | null | undefined {
  return globalId == null ? globalId : refOf(type, globalId);
}
