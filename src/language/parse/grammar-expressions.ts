import {
  type CstNode,
  CstParser,
  defaultParserErrorProvider,
  type ParserMethod,
} from '../lex/chevrotain.js';
import * as t from '../lex/tokens.js';

export type Rule = ParserMethod<[], CstNode>;

const { and, or, not, is, match, none } = t.operatorKeyword;
const { if: ifs, then, else: otherwise, true: yes, false: no } = t.operatorKeyword;

const { as } = t.contextualWord;

const operator = { LABEL: 'operator' };
const suffix = { LABEL: 'suffix' };

/**
 * The grammar of types and expressions, LL(2). Precedence, loosest first: `or`, `and`, `not`,
 * comparison, `??`, `..`, `+ -`, `* /`, unary `-`, postfix. Comparisons and `..` don't chain.
 */
export class ExpressionGrammar extends CstParser {
  /** Whether the grammar is unambiguous is checked by a test, not at every start. */
  constructor(validate: boolean) {
    super([...t.allTokens], {
      maxLookahead: 2,
      skipValidations: !validate,
      nodeLocationTracking: 'onlyOffset',
      errorMessageProvider: {
        ...defaultParserErrorProvider,
        // only what was expected: the sentence is made where it is shown
        buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
      },
    });
  }

  /** `item, item,` or nothing. At most one use in a rule. */
  commaSeparated(item: Rule): void {
    this.OPTION8(() => {
      this.SUBRULE8(item);
      this.MANY8(() => {
        this.CONSUME8(t.Comma);
        this.SUBRULE9(item);
      });
      this.OPTION9(() => this.CONSUME9(t.Comma));
    });
  }

  /** `{` begins a type's fields unless it begins the body of a `def`. */
  fieldsFollow(): boolean {
    return this.LA(3).tokenType === t.Colon || this.LA(2).tokenType === t.RBrace;
  }

  type = this.RULE('type', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.enumType) },
      { ALT: () => this.SUBRULE(this.namedType) },
      { ALT: () => this.SUBRULE(this.fields) },
    ]);
    this.OPTION(() => this.CONSUME(t.Question));
  });

  enumType = this.RULE('enumType', () => {
    this.CONSUME(t.StringToken);
    this.MANY(() => {
      this.CONSUME(t.Bar);
      this.CONSUME2(t.StringToken);
    });
  });

  namedType = this.RULE('namedType', () => {
    this.CONSUME(t.Identifier);
    this.OPTION(() => this.SUBRULE(this.typeArguments));
    this.OPTION2(() => this.SUBRULE(this.refinement));
    this.OPTION3({
      GATE: () => this.fieldsFollow(),
      DEF: () => this.SUBRULE(this.fields),
    });
  });

  typeArguments = this.RULE('typeArguments', () => {
    this.CONSUME(t.LBracket);
    this.SUBRULE(this.type);
    this.CONSUME(t.RBracket);
  });

  refinement = this.RULE('refinement', () => {
    this.CONSUME(t.LParen);
    this.OPTION(() => this.SUBRULE(this.sum, { LABEL: 'low' }));
    this.CONSUME(t.DotDot);
    this.OPTION2(() => this.SUBRULE2(this.sum, { LABEL: 'high' }));
    this.CONSUME(t.RParen);
  });

  fields = this.RULE('fields', () => {
    this.CONSUME(t.LBrace);
    this.commaSeparated(this.field);
    this.CONSUME(t.RBrace);
  });

  field = this.RULE('field', () => {
    this.CONSUME(t.Word);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
  });

  expression: Rule = this.RULE('expression', () => {
    this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(or);
      this.SUBRULE2(this.conjunction);
    });
  });

  conjunction = this.RULE('conjunction', () => {
    this.SUBRULE(this.negation);
    this.MANY(() => {
      this.CONSUME(and);
      this.SUBRULE2(this.negation);
    });
  });

  negation = this.RULE('negation', () => {
    this.MANY(() => this.CONSUME(not));
    this.SUBRULE(this.comparison);
  });

  comparison = this.RULE('comparison', () => {
    this.SUBRULE(this.defaulted);
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.SUBRULE(this.comparator);
            this.SUBRULE2(this.defaulted);
          },
        },
        {
          ALT: () => {
            this.CONSUME(is);
            this.OPTION2(() => this.CONSUME(not));
            this.SUBRULE(this.labels);
          },
        },
      ]),
    );
  });

  comparator = this.RULE('comparator', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Less, operator) },
      { ALT: () => this.CONSUME(t.LessEqual, operator) },
      { ALT: () => this.CONSUME(t.Greater, operator) },
      { ALT: () => this.CONSUME(t.GreaterEqual, operator) },
      { ALT: () => this.CONSUME(t.EqualEqual, operator) },
      { ALT: () => this.CONSUME(t.NotEqual, operator) },
    ]);
  });

  defaulted = this.RULE('defaulted', () => {
    this.SUBRULE(this.range);
    this.MANY(() => {
      this.CONSUME(t.QuestionQuestion);
      this.SUBRULE2(this.range);
    });
  });

  range = this.RULE('range', () => {
    this.SUBRULE(this.sum);
    this.OPTION(() => {
      this.CONSUME(t.DotDot);
      this.SUBRULE2(this.sum);
    });
  });

  sum = this.RULE('sum', () => {
    this.SUBRULE(this.product);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Plus, operator) },
        { ALT: () => this.CONSUME(t.Minus, operator) },
      ]);
      this.SUBRULE2(this.product);
    });
  });

  product = this.RULE('product', () => {
    this.SUBRULE(this.negative);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Star, operator) },
        { ALT: () => this.CONSUME(t.Slash, operator) },
      ]);
      this.SUBRULE2(this.negative);
    });
  });

  negative = this.RULE('negative', () => {
    this.MANY(() => this.CONSUME(t.Minus));
    this.SUBRULE(this.postfix);
  });

  postfix = this.RULE('postfix', () => {
    this.SUBRULE(this.primary);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.member, suffix) },
        { ALT: () => this.SUBRULE(this.argumentList, suffix) },
        { ALT: () => this.SUBRULE(this.slice, suffix) },
        { ALT: () => this.SUBRULE(this.changes, suffix) },
      ]),
    );
  });

  member = this.RULE('member', () => {
    this.CONSUME(t.Dot);
    this.CONSUME(t.Word);
  });

  argumentList = this.RULE('argumentList', () => {
    this.CONSUME(t.LParen);
    this.commaSeparated(this.argument);
    this.CONSUME(t.RParen);
  });

  changes = this.RULE('changes', () => {
    this.CONSUME(t.contextualWord.with);
    this.SUBRULE(this.record);
  });

  argument = this.RULE('argument', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Word);
          this.CONSUME(t.Colon);
          this.SUBRULE(this.expression);
        },
      },
      { ALT: () => this.SUBRULE2(this.expression) },
    ]);
  });

  slice = this.RULE('slice', () => {
    this.CONSUME(t.LBracket);
    this.commaSeparated(this.sliceItem);
    this.CONSUME(t.RBracket);
  });

  sliceItem = this.RULE('sliceItem', () => {
    this.CONSUME(t.Word);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.labels);
  });

  labels = this.RULE('labels', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.label) },
      {
        ALT: () => {
          this.CONSUME(t.LBrace);
          this.commaSeparated(this.label);
          this.CONSUME(t.RBrace);
        },
      },
    ]);
  });

  label = this.RULE('label', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.StringToken) },
      {
        ALT: () => {
          this.SUBRULE(this.signed);
          this.OPTION(() => {
            this.CONSUME(t.DotDot);
            this.SUBRULE2(this.signed);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Word);
          this.OPTION2(() => this.SUBRULE(this.argumentList));
        },
      },
    ]);
  });

  signed = this.RULE('signed', () => {
    this.OPTION(() => this.CONSUME(t.Minus));
    this.CONSUME(t.NumberToken);
  });

  primary = this.RULE('primary', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.StringToken) },
      { ALT: () => this.CONSUME(yes) },
      { ALT: () => this.CONSUME(no) },
      { ALT: () => this.CONSUME(none) },
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.record) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE(this.matching) },
    ]);
  });

  list = this.RULE('list', () => {
    this.CONSUME(t.LBracket);
    this.commaSeparated(this.listItem);
    this.CONSUME(t.RBracket);
  });

  listItem = this.RULE('listItem', () => {
    this.SUBRULE(this.expression);
    this.OPTION(() => this.SUBRULE(this.displayName));
  });

  displayName = this.RULE('displayName', () => {
    this.CONSUME(as);
    this.CONSUME(t.StringToken);
  });

  record = this.RULE('record', () => {
    this.CONSUME(t.LBrace);
    this.commaSeparated(this.entry);
    this.CONSUME(t.RBrace);
  });

  entry = this.RULE('entry', () => {
    this.OR([
      {
        ALT: () => {
          this.OR2([
            { ALT: () => this.CONSUME(t.Word) },
            { ALT: () => this.CONSUME(t.StringToken) },
          ]);
          this.CONSUME(t.Colon);
          this.SUBRULE(this.expression);
        },
      },
      { ALT: () => this.CONSUME(t.Identifier) },
    ]);
    this.OPTION(() => this.SUBRULE(this.displayName));
  });

  group = this.RULE('group', () => {
    this.CONSUME(t.LParen);
    this.SUBRULE(this.expression);
    this.CONSUME(t.RParen);
  });

  choice = this.RULE('choice', () => {
    this.CONSUME(ifs);
    this.SUBRULE(this.expression);
    this.CONSUME(then);
    this.SUBRULE2(this.expression);
    this.CONSUME(otherwise);
    this.SUBRULE3(this.expression);
  });

  matching = this.RULE('matching', () => {
    this.CONSUME(match);
    this.SUBRULE(this.postfix);
    this.CONSUME(t.LBrace);
    this.commaSeparated(this.arm);
    this.CONSUME(t.RBrace);
  });

  arm = this.RULE('arm', () => {
    this.SUBRULE(this.labels);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
  });
}
