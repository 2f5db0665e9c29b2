import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** Deeper than the introspection query of any known client, and than any screen needs. */
export const MAX_QUERY_DEPTH = 20;

/** Refuses operations whose fields are nested deeper than MAX_QUERY_DEPTH, fragments included. */
export function depthLimit(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (!fitsInto(MAX_QUERY_DEPTH, node.selectionSet, [])) report(node.name?.value ?? 'The operation');
    },
  };

  function report(name: string): void {
    const message = `${name} is nested deeper than ${String(MAX_QUERY_DEPTH)} fields.`;
    context.reportError(new GraphQLError(message));
  }

  /** `within`: the fragments being looked into, since a document with a cycle of fragments is refused by another rule. */
  function fitsInto(depth: number, selections: SelectionSetNode, within: readonly FragmentDefinitionNode[]): boolean {
    if (depth < 0) return false;
    return selections.selections.every((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return fitsInto(depth, selection.selectionSet, within);
      if (selection.kind === Kind.FIELD) {
        return selection.selectionSet === undefined || fitsInto(depth - 1, selection.selectionSet, within);
      }
      const fragment = context.getFragment(selection.name.value);
      if (!fragment || within.includes(fragment)) return true;
      return fitsInto(depth, fragment.selectionSet, [...within, fragment]);
    });
  }
}
