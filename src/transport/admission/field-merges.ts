import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Selections that are looked at; who has more, and few fields, spreads fragments of nothing. */
const MAX_LOOKS = 20_000;

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/**
 * How many pairs of fields of a document would be compared to see whether they can be merged into one of the reply, which is the one rule of validation that takes time
 * squared: what stands in one place of the reply counts together, through fragments and through fields of one name. Infinity where there is no end of it.
 * Takes time in proportion to the fields with fragments written out, so these are limited before.
 */
export function fieldMerges({ definitions }: DocumentNode): number {
  const isDefinition = (node: { readonly kind: Kind }): node is Definition =>
    node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION;
  const merges = new Merges(definitions.filter(isDefinition));
  return merges.count();
}

class Merges {
  private looks = 0;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(private readonly definitions: readonly Definition[]) {
    for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(node.name.value, node);
  }

  count(): number {
    let pairs = 0;
    for (const { selectionSet } of this.definitions) pairs += this.within([selectionSet]);
    return this.looks > MAX_LOOKS ? Infinity : pairs;
  }

  /** Of what these selections bring to one place. */
  private within(sets: readonly SelectionSetNode[]): number {
    const byName = new Map<string, FieldNode[]>();
    for (const set of sets) this.gather(set, byName, new Set());
    let pairs = 0;
    for (const fields of byName.values()) {
      pairs += (fields.length * (fields.length - 1)) / 2;
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) pairs += this.within(below);
    }
    return pairs;
  }

  /** `seen`: the fragments that are in it already, since one may stand within itself. */
  private gather({ selections }: SelectionSetNode, byName: Map<string, FieldNode[]>, seen: Set<string>): void {
    for (const selection of selections) {
      this.looks += 1;
      if (this.looks > MAX_LOOKS) return;
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const fields = byName.get(name);
        if (fields) fields.push(selection);
        else byName.set(name, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.gather(selection.selectionSet, byName, seen);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = this.fragments.get(selection.name.value);
        if (fragment) this.gather(fragment.selectionSet, byName, seen);
      }
    }
  }
}
