import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What can be counted in a document without a schema. Fragments count each time they are used. */
export interface OperationFacts {
  readonly fields: number;
  readonly aliases: number;
  /** Written in the document, used or not. */
  readonly fragments: number;
  readonly directives: number;
  /** On one field, fragment or operation, at most. */
  readonly directivesTogether: number;
  readonly depth: number;
  readonly rootFields: number;
  /** How often it asks for the schema itself. */
  readonly introspections: number;
  /** Written in the document, asked for or not. */
  readonly operations: number;
}

const INTROSPECTION = ['__schema', '__type'];
const NOTHING: OperationFacts = {
  fields: 0,
  aliases: 0,
  fragments: 0,
  directives: 0,
  directivesTogether: 0,
  depth: 0,
  rootFields: 0,
  introspections: 0,
  operations: 0,
};

/** Of all operations of the document together, as the worst of them would be. Takes time in proportion to the document's length, whatever its fragments do. */
export function operationFacts(document: DocumentNode): OperationFacts {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const counter = new Counter(fragments);
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  const unused = [...fragments.keys()].map((name) => counter.ofFragment(name));
  const facts = [...operations.map((node) => counter.ofOperation(node)), ...unused].reduce(worst, NOTHING);
  return { ...facts, fragments: fragments.size, operations: operations.length };
}

class Counter {
  private readonly known = new Map<string, OperationFacts>();

  constructor(private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>) {}

  ofOperation({ selectionSet, directives = [], variableDefinitions = [] }: OperationDefinitionNode): OperationFacts {
    const onVariables = variableDefinitions.reduce((sum, definition) => sum + (definition.directives?.length ?? 0), 0);
    const inside = this.ofSelections(selectionSet);
    return {
      ...inside,
      directives: inside.directives + directives.length + onVariables,
      directivesTogether: Math.max(inside.directivesTogether, directives.length, onVariables),
    };
  }

  /** A fragment within itself counts for nothing: such a document is refused for it. */
  ofFragment(name: string): OperationFacts {
    const known = this.known.get(name);
    if (known) return known;
    this.known.set(name, NOTHING);
    const fragment = this.fragments.get(name);
    const facts = fragment ? this.ofSelections(fragment.selectionSet) : NOTHING;
    this.known.set(name, facts);
    return facts;
  }

  private ofSelections({ selections }: SelectionSetNode): OperationFacts {
    let sum = NOTHING;
    for (const selection of selections) sum = added(sum, this.ofSelection(selection));
    return sum;
  }

  private ofSelection(selection: SelectionNode): OperationFacts {
    const here = selection.directives?.length ?? 0;
    const inside = this.inside(selection);
    const isField = selection.kind === Kind.FIELD;
    return {
      ...inside,
      fields: inside.fields + (isField ? 1 : 0),
      aliases: inside.aliases + (isField && selection.alias ? 1 : 0),
      directives: inside.directives + here,
      directivesTogether: Math.max(inside.directivesTogether, here),
      depth: inside.depth + (isField ? 1 : 0),
      rootFields: isField ? 1 : inside.rootFields,
      introspections: inside.introspections + (isField && INTROSPECTION.includes(selection.name.value) ? 1 : 0),
    };
  }

  private inside(selection: SelectionNode): OperationFacts {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(selection.name.value);
    return selection.selectionSet ? this.ofSelections(selection.selectionSet) : NOTHING;
  }
}

/** Of two that stand side by side. */
function added(one: OperationFacts, other: OperationFacts): OperationFacts {
  return {
    ...worst(one, other),
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    rootFields: one.rootFields + other.rootFields,
    introspections: one.introspections + other.introspections,
  };
}

function worst(one: OperationFacts, other: OperationFacts): OperationFacts {
  return {
    fields: Math.max(one.fields, other.fields),
    aliases: Math.max(one.aliases, other.aliases),
    fragments: Math.max(one.fragments, other.fragments),
    directives: Math.max(one.directives, other.directives),
    directivesTogether: Math.max(one.directivesTogether, other.directivesTogether),
    depth: Math.max(one.depth, other.depth),
    rootFields: Math.max(one.rootFields, other.rootFields),
    introspections: Math.max(one.introspections, other.introspections),
    operations: Math.max(one.operations, other.operations),
  };
}
