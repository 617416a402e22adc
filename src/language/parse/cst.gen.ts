// Generated from src/language/parse/grammar.ts by `npm run gen`.
import type { CstNode, IToken } from '../lex/chevrotain.js';


export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  enumType?: EnumTypeCstNode[];
  namedType?: NamedTypeCstNode[];
  fields?: FieldsCstNode[];
  Question?: IToken[];
};

export interface EnumTypeCstNode extends CstNode {
  name: "enumType";
  children: EnumTypeCstChildren;
}

export type EnumTypeCstChildren = {
  String: (IToken)[];
  Bar?: IToken[];
};

export interface NamedTypeCstNode extends CstNode {
  name: "namedType";
  children: NamedTypeCstChildren;
}

export type NamedTypeCstChildren = {
  Identifier: IToken[];
  typeArguments?: TypeArgumentsCstNode[];
  refinement?: RefinementCstNode[];
  fields?: FieldsCstNode[];
};

export interface TypeArgumentsCstNode extends CstNode {
  name: "typeArguments";
  children: TypeArgumentsCstChildren;
}

export type TypeArgumentsCstChildren = {
  LBracket: IToken[];
  type: TypeCstNode[];
  RBracket: IToken[];
};

export interface RefinementCstNode extends CstNode {
  name: "refinement";
  children: RefinementCstChildren;
}

export type RefinementCstChildren = {
  LParen: IToken[];
  low?: SumCstNode[];
  DotDot: IToken[];
  high?: SumCstNode[];
  RParen: IToken[];
};

export interface FieldsCstNode extends CstNode {
  name: "fields";
  children: FieldsCstChildren;
}

export type FieldsCstChildren = {
  LBrace: IToken[];
  field?: (FieldCstNode)[];
  Comma?: (IToken)[];
  RBrace: IToken[];
};

export interface FieldCstNode extends CstNode {
  name: "field";
  children: FieldCstChildren;
}

export type FieldCstChildren = {
  Word: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  conjunction: (ConjunctionCstNode)[];
  Or?: IToken[];
};

export interface ConjunctionCstNode extends CstNode {
  name: "conjunction";
  children: ConjunctionCstChildren;
}

export type ConjunctionCstChildren = {
  negation: (NegationCstNode)[];
  And?: IToken[];
};

export interface NegationCstNode extends CstNode {
  name: "negation";
  children: NegationCstChildren;
}

export type NegationCstChildren = {
  Not?: IToken[];
  comparison: ComparisonCstNode[];
};

export interface ComparisonCstNode extends CstNode {
  name: "comparison";
  children: ComparisonCstChildren;
}

export type ComparisonCstChildren = {
  defaulted: (DefaultedCstNode)[];
  comparator?: ComparatorCstNode[];
  Is?: IToken[];
  Not?: IToken[];
  labels?: LabelsCstNode[];
};

export interface ComparatorCstNode extends CstNode {
  name: "comparator";
  children: ComparatorCstChildren;
}

export type ComparatorCstChildren = {
  operator?: (IToken)[];
};

export interface DefaultedCstNode extends CstNode {
  name: "defaulted";
  children: DefaultedCstChildren;
}

export type DefaultedCstChildren = {
  range: (RangeCstNode)[];
  QuestionQuestion?: IToken[];
};

export interface RangeCstNode extends CstNode {
  name: "range";
  children: RangeCstChildren;
}

export type RangeCstChildren = {
  sum: (SumCstNode)[];
  DotDot?: IToken[];
};

export interface SumCstNode extends CstNode {
  name: "sum";
  children: SumCstChildren;
}

export type SumCstChildren = {
  product: (ProductCstNode)[];
  operator?: (IToken)[];
};

export interface ProductCstNode extends CstNode {
  name: "product";
  children: ProductCstChildren;
}

export type ProductCstChildren = {
  negative: (NegativeCstNode)[];
  operator?: (IToken)[];
};

export interface NegativeCstNode extends CstNode {
  name: "negative";
  children: NegativeCstChildren;
}

export type NegativeCstChildren = {
  Minus?: IToken[];
  postfix: PostfixCstNode[];
};

export interface PostfixCstNode extends CstNode {
  name: "postfix";
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  primary: PrimaryCstNode[];
  suffix?: (MemberCstNode | ArgumentListCstNode | SliceCstNode | ChangesCstNode)[];
};

export interface MemberCstNode extends CstNode {
  name: "member";
  children: MemberCstChildren;
}

export type MemberCstChildren = {
  Dot: IToken[];
  Word: IToken[];
};

export interface ArgumentListCstNode extends CstNode {
  name: "argumentList";
  children: ArgumentListCstChildren;
}

export type ArgumentListCstChildren = {
  LParen: IToken[];
  argument?: (ArgumentCstNode)[];
  Comma?: (IToken)[];
  RParen: IToken[];
};

export interface ChangesCstNode extends CstNode {
  name: "changes";
  children: ChangesCstChildren;
}

export type ChangesCstChildren = {
  With: IToken[];
  record: RecordCstNode[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  Word?: IToken[];
  Colon?: IToken[];
  expression?: (ExpressionCstNode)[];
};

export interface SliceCstNode extends CstNode {
  name: "slice";
  children: SliceCstChildren;
}

export type SliceCstChildren = {
  LBracket: IToken[];
  sliceItem?: (SliceItemCstNode)[];
  Comma?: (IToken)[];
  RBracket: IToken[];
};

export interface SliceItemCstNode extends CstNode {
  name: "sliceItem";
  children: SliceItemCstChildren;
}

export type SliceItemCstChildren = {
  Word: IToken[];
  Colon: IToken[];
  labels: LabelsCstNode[];
};

export interface LabelsCstNode extends CstNode {
  name: "labels";
  children: LabelsCstChildren;
}

export type LabelsCstChildren = {
  label?: (LabelCstNode)[];
  LBrace?: IToken[];
  Comma?: (IToken)[];
  RBrace?: IToken[];
};

export interface LabelCstNode extends CstNode {
  name: "label";
  children: LabelCstChildren;
}

export type LabelCstChildren = {
  String?: IToken[];
  signed?: (SignedCstNode)[];
  DotDot?: IToken[];
  Word?: IToken[];
  argumentList?: ArgumentListCstNode[];
};

export interface SignedCstNode extends CstNode {
  name: "signed";
  children: SignedCstChildren;
}

export type SignedCstChildren = {
  Minus?: IToken[];
  Number: IToken[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  Number?: IToken[];
  String?: IToken[];
  True?: IToken[];
  False?: IToken[];
  None?: IToken[];
  Identifier?: IToken[];
  list?: ListCstNode[];
  record?: RecordCstNode[];
  group?: GroupCstNode[];
  choice?: ChoiceCstNode[];
  matching?: MatchingCstNode[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LBracket: IToken[];
  listItem?: (ListItemCstNode)[];
  Comma?: (IToken)[];
  RBracket: IToken[];
};

export interface ListItemCstNode extends CstNode {
  name: "listItem";
  children: ListItemCstChildren;
}

export type ListItemCstChildren = {
  expression: ExpressionCstNode[];
  displayName?: DisplayNameCstNode[];
};

export interface DisplayNameCstNode extends CstNode {
  name: "displayName";
  children: DisplayNameCstChildren;
}

export type DisplayNameCstChildren = {
  As: IToken[];
  String: IToken[];
};

export interface RecordCstNode extends CstNode {
  name: "record";
  children: RecordCstChildren;
}

export type RecordCstChildren = {
  LBrace: IToken[];
  entry?: (EntryCstNode)[];
  Comma?: (IToken)[];
  RBrace: IToken[];
};

export interface EntryCstNode extends CstNode {
  name: "entry";
  children: EntryCstChildren;
}

export type EntryCstChildren = {
  Word?: IToken[];
  String?: IToken[];
  Colon?: IToken[];
  expression?: ExpressionCstNode[];
  Identifier?: IToken[];
  displayName?: DisplayNameCstNode[];
};

export interface GroupCstNode extends CstNode {
  name: "group";
  children: GroupCstChildren;
}

export type GroupCstChildren = {
  LParen: IToken[];
  expression: ExpressionCstNode[];
  RParen: IToken[];
};

export interface ChoiceCstNode extends CstNode {
  name: "choice";
  children: ChoiceCstChildren;
}

export type ChoiceCstChildren = {
  If: IToken[];
  expression: (ExpressionCstNode)[];
  Then: IToken[];
  Else: IToken[];
};

export interface MatchingCstNode extends CstNode {
  name: "matching";
  children: MatchingCstChildren;
}

export type MatchingCstChildren = {
  Match: IToken[];
  postfix: PostfixCstNode[];
  LBrace: IToken[];
  arm?: (ArmCstNode)[];
  Comma?: (IToken)[];
  RBrace: IToken[];
};

export interface ArmCstNode extends CstNode {
  name: "arm";
  children: ArmCstChildren;
}

export type ArmCstChildren = {
  labels: LabelsCstNode[];
  Colon: IToken[];
  expression: ExpressionCstNode[];
};

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  annotation?: AnnotationCstNode[];
  importDeclaration?: ImportDeclarationCstNode[];
  paramDeclaration?: ParamDeclarationCstNode[];
  letDeclaration?: LetDeclarationCstNode[];
  axisDeclaration?: AxisDeclarationCstNode[];
  stageDeclaration?: StageDeclarationCstNode[];
  reportDeclaration?: ReportDeclarationCstNode[];
  expectDeclaration?: ExpectDeclarationCstNode[];
  referenceDeclaration?: ReferenceDeclarationCstNode[];
  defDeclaration?: DefDeclarationCstNode[];
  externDeclaration?: ExternDeclarationCstNode[];
};

export interface AnnotationCstNode extends CstNode {
  name: "annotation";
  children: AnnotationCstChildren;
}

export type AnnotationCstChildren = {
  At: IToken[];
  Word: IToken[];
  argumentList?: ArgumentListCstNode[];
};

export interface ImportDeclarationCstNode extends CstNode {
  name: "importDeclaration";
  children: ImportDeclarationCstChildren;
}

export type ImportDeclarationCstChildren = {
  Import: IToken[];
  String?: IToken[];
  Word?: (IToken)[];
  Dot?: (IToken)[];
  importList?: ImportListCstNode[];
  alias?: AliasCstNode[];
};

export interface ImportListCstNode extends CstNode {
  name: "importList";
  children: ImportListCstChildren;
}

export type ImportListCstChildren = {
  LBrace: IToken[];
  importName?: (ImportNameCstNode)[];
  Comma?: (IToken)[];
  RBrace: IToken[];
};

export interface ImportNameCstNode extends CstNode {
  name: "importName";
  children: ImportNameCstChildren;
}

export type ImportNameCstChildren = {
  Word: IToken[];
  alias?: AliasCstNode[];
};

export interface AliasCstNode extends CstNode {
  name: "alias";
  children: AliasCstChildren;
}

export type AliasCstChildren = {
  As: IToken[];
  Identifier: IToken[];
};

export interface ParamDeclarationCstNode extends CstNode {
  name: "paramDeclaration";
  children: ParamDeclarationCstChildren;
}

export type ParamDeclarationCstChildren = {
  Param: IToken[];
  Identifier: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equal?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface LetDeclarationCstNode extends CstNode {
  name: "letDeclaration";
  children: LetDeclarationCstChildren;
}

export type LetDeclarationCstChildren = {
  Let: IToken[];
  Identifier: IToken[];
  Equal: IToken[];
  expression: ExpressionCstNode[];
};

export interface AxisDeclarationCstNode extends CstNode {
  name: "axisDeclaration";
  children: AxisDeclarationCstChildren;
}

export type AxisDeclarationCstChildren = {
  Axis: IToken[];
  Identifier: IToken[];
  displayName?: DisplayNameCstNode[];
  Equal: IToken[];
  expression: ExpressionCstNode[];
};

export interface StageDeclarationCstNode extends CstNode {
  name: "stageDeclaration";
  children: StageDeclarationCstChildren;
}

export type StageDeclarationCstChildren = {
  keyword?: (IToken)[];
  Identifier: IToken[];
  Equal: IToken[];
  expression: (ExpressionCstNode)[];
  Where?: IToken[];
};

export interface ReportDeclarationCstNode extends CstNode {
  name: "reportDeclaration";
  children: ReportDeclarationCstChildren;
}

export type ReportDeclarationCstChildren = {
  Report: IToken[];
  Identifier: IToken[];
  displayName?: DisplayNameCstNode[];
  Equal: IToken[];
  expression: ExpressionCstNode[];
};

export interface ExpectDeclarationCstNode extends CstNode {
  name: "expectDeclaration";
  children: ExpectDeclarationCstChildren;
}

export type ExpectDeclarationCstChildren = {
  Expect: IToken[];
  expression: ExpressionCstNode[];
};

export interface ReferenceDeclarationCstNode extends CstNode {
  name: "referenceDeclaration";
  children: ReferenceDeclarationCstChildren;
}

export type ReferenceDeclarationCstChildren = {
  Reference: IToken[];
  String: IToken[];
  LBrace: IToken[];
  referenceEntry?: ReferenceEntryCstNode[];
  Comma?: IToken[];
  RBrace: IToken[];
};

export interface ReferenceEntryCstNode extends CstNode {
  name: "referenceEntry";
  children: ReferenceEntryCstChildren;
}

export type ReferenceEntryCstChildren = {
  expression: (ExpressionCstNode)[];
  Equal: IToken[];
};

export interface DefDeclarationCstNode extends CstNode {
  name: "defDeclaration";
  children: DefDeclarationCstChildren;
}

export type DefDeclarationCstChildren = {
  Def: IToken[];
  Identifier: IToken[];
  parameterList: ParameterListCstNode[];
  Arrow?: IToken[];
  type?: TypeCstNode[];
  LBrace: IToken[];
  statement?: StatementCstNode[];
  Return: IToken[];
  expression: ExpressionCstNode[];
  RBrace: IToken[];
};

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  annotation?: AnnotationCstNode[];
  letDeclaration?: LetDeclarationCstNode[];
  stageDeclaration?: StageDeclarationCstNode[];
};

export interface ExternDeclarationCstNode extends CstNode {
  name: "externDeclaration";
  children: ExternDeclarationCstChildren;
}

export type ExternDeclarationCstChildren = {
  Extern: IToken[];
  of?: (IToken)[];
  Identifier: IToken[];
  parameterList: ParameterListCstNode[];
  Arrow: IToken[];
  type: TypeCstNode[];
  fromClause?: FromClauseCstNode[];
  commandClause?: CommandClauseCstNode[];
};

export interface FromClauseCstNode extends CstNode {
  name: "fromClause";
  children: FromClauseCstChildren;
}

export type FromClauseCstChildren = {
  From: IToken[];
  String: IToken[];
};

export interface CommandClauseCstNode extends CstNode {
  name: "commandClause";
  children: CommandClauseCstChildren;
}

export type CommandClauseCstChildren = {
  Command: IToken[];
  String: IToken[];
  Reads?: IToken[];
  Colon?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface ParameterListCstNode extends CstNode {
  name: "parameterList";
  children: ParameterListCstChildren;
}

export type ParameterListCstChildren = {
  LParen: IToken[];
  parameter?: (ParameterCstNode)[];
  Comma?: (IToken)[];
  RParen: IToken[];
};

export interface ParameterCstNode extends CstNode {
  name: "parameter";
  children: ParameterCstChildren;
}

export type ParameterCstChildren = {
  Word: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equal?: IToken[];
  expression?: ExpressionCstNode[];
};
