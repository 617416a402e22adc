import { invariant } from '../../base/errors.js';
import type { CstNode, IToken } from '../lex/chevrotain.js';

/** How the inside of a pair of brackets is laid out. */
export type GroupStyle = 'list' | 'plain' | 'body' | 'entries';

export interface GroupRole {
  readonly style: GroupStyle;
  /** No blank stands in front of it. */
  readonly attached: boolean;
  /** Stays over several lines where its author broke it behind the bracket. */
  readonly lasting: boolean;
}

/** What the grammar knows about tokens that spelling alone does not say; keys are offsets. */
export interface Roles {
  /** Opening brackets. */
  readonly groups: Map<number, GroupRole>;
  /** Operators that a line may break before; the smaller the number, the looser they bind. */
  readonly breaks: Map<number, number>;
  /** `-` of one operand. */
  readonly prefixes: Set<number>;
  /** Where declarations, the statements of a body and the entries of a reference begin. */
  readonly starts: Set<number>;
  /** Keywords behind annotations. */
  readonly heads: Set<number>;
}

type Group = readonly [opener: string, style: GroupStyle, attached: boolean];

const groups: Readonly<Record<string, Group>> = {
  argumentList: ['LParen', 'list', true],
  parameterList: ['LParen', 'list', true],
  refinement: ['LParen', 'plain', true],
  typeArguments: ['LBracket', 'plain', true],
  slice: ['LBracket', 'list', true],
  importList: ['LBrace', 'list', true],
  fields: ['LBrace', 'list', false],
  labels: ['LBrace', 'list', false],
  list: ['LBracket', 'list', false],
  record: ['LBrace', 'list', false],
  group: ['LParen', 'plain', false],
  matching: ['LBrace', 'list', false],
  defDeclaration: ['LBrace', 'body', false],
  referenceDeclaration: ['LBrace', 'entries', false],
};

const lasting: ReadonlySet<string> = new Set(['record', 'matching', 'fields']);

const breaks: Readonly<Record<string, readonly [level: number, ...keys: string[]]>> = {
  stageDeclaration: [0, 'Where'],
  fromClause: [0, 'From'],
  commandClause: [0, 'Command', 'Reads'],
  choice: [1, 'Then', 'Else'],
  expression: [2, 'Or'],
  conjunction: [3, 'And'],
  comparator: [4, 'operator'],
  comparison: [4, 'Is'],
  enumType: [5, 'Bar'],
  defaulted: [5, 'QuestionQuestion'],
  sum: [6, 'operator'],
  product: [7, 'operator'],
};

const startsOf: Readonly<Record<string, string>> = {
  defDeclaration: 'statement',
  referenceDeclaration: 'referenceEntry',
};

const isNode = (element: CstNode | IToken): element is CstNode => 'children' in element;

function offsetOf(element: CstNode | IToken | undefined): number {
  const offset = element && isNode(element) ? element.location?.startOffset : element?.startOffset;
  invariant(offset !== undefined, 'every part of a tree has a place');
  return offset;
}

/** The roles of the tokens of a file's declarations. */
export function rolesOf(trees: readonly CstNode[]): Roles {
  const roles: Roles = {
    groups: new Map(),
    breaks: new Map(),
    prefixes: new Set(),
    starts: new Set(),
    heads: new Set(),
  };
  for (const tree of trees) {
    roles.starts.add(offsetOf(tree));
    visit(tree, undefined, roles);
  }
  return roles;
}

function visit(node: CstNode, parent: string | undefined, roles: Roles): void {
  const { name, children } = node;
  const group = groups[name];
  if (group !== undefined) {
    const [opener, style, attached] = group;
    const open = children[opener]?.[0];
    if (open) {
      const closes = attached || (name === 'fields' && parent === 'namedType');
      roles.groups.set(offsetOf(open), { style, attached: closes, lasting: lasting.has(name) });
    }
  }
  const [level, ...keys] = breaks[name] ?? [0];
  for (const key of keys) for (const t of children[key] ?? []) roles.breaks.set(offsetOf(t), level);
  if (name === 'negative' || name === 'signed') {
    for (const token of children.Minus ?? []) roles.prefixes.add(offsetOf(token));
  }
  const starts = startsOf[name];
  if (starts !== undefined) {
    for (const part of [...(children[starts] ?? []), ...(children.Return ?? [])]) {
      roles.starts.add(offsetOf(part));
    }
  }
  for (const [key, parts] of Object.entries(children)) {
    for (const part of parts) {
      const declares = name === 'declaration' || name === 'statement';
      if (declares && key !== 'annotation') roles.heads.add(offsetOf(part));
      if (isNode(part)) visit(part, name, roles);
    }
  }
}
