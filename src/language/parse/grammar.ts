import * as t from '../lex/tokens.js';
import { ExpressionGrammar } from './grammar-expressions.js';

const { where, return: returns } = t.operatorKeyword;
const { from, command, reads, as, stage, value } = t.contextualWord;
const k = t.declarationKeyword;

/** The grammar of one declaration, and nothing else: no names, no types. */
export class Grammar extends ExpressionGrammar {
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  declaration = this.RULE('declaration', () => {
    this.MANY(() => this.SUBRULE(this.annotation));
    this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.paramDeclaration) },
      { ALT: () => this.SUBRULE(this.letDeclaration) },
      { ALT: () => this.SUBRULE(this.axisDeclaration) },
      { ALT: () => this.SUBRULE(this.stageDeclaration) },
      { ALT: () => this.SUBRULE(this.reportDeclaration) },
      { ALT: () => this.SUBRULE(this.expectDeclaration) },
      { ALT: () => this.SUBRULE(this.referenceDeclaration) },
      { ALT: () => this.SUBRULE(this.defDeclaration) },
      { ALT: () => this.SUBRULE(this.externDeclaration) },
    ]);
  });

  annotation = this.RULE('annotation', () => {
    this.CONSUME(t.At);
    this.CONSUME(t.Word);
    this.OPTION(() => this.SUBRULE(this.argumentList));
  });

  importDeclaration = this.RULE('importDeclaration', () => {
    this.CONSUME(k.import);
    this.OR([{ ALT: () => this.CONSUME(t.StringToken) }, { ALT: () => this.CONSUME(t.Word) }]);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME2(t.Word);
    });
    this.OR2([
      {
        ALT: () => {
          this.CONSUME2(t.Dot);
          this.SUBRULE(this.importList);
        },
      },
      { ALT: () => this.OPTION(() => this.SUBRULE(this.alias)) },
    ]);
  });

  importList = this.RULE('importList', () => {
    this.CONSUME(t.LBrace);
    this.commaSeparated(this.importName);
    this.CONSUME(t.RBrace);
  });

  importName = this.RULE('importName', () => {
    this.CONSUME(t.Word);
    this.OPTION(() => this.SUBRULE(this.alias));
  });

  alias = this.RULE('alias', () => {
    this.CONSUME(as);
    this.CONSUME(t.Identifier);
  });

  paramDeclaration = this.RULE('paramDeclaration', () => {
    this.CONSUME(k.param);
    this.CONSUME(t.Identifier);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2(() => {
      this.CONSUME(t.Equal);
      this.SUBRULE(this.expression);
    });
  });

  letDeclaration = this.RULE('letDeclaration', () => {
    this.CONSUME(k.let);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });

  axisDeclaration = this.RULE('axisDeclaration', () => {
    this.CONSUME(k.axis);
    this.CONSUME(t.Identifier);
    this.OPTION(() => this.SUBRULE(this.displayName));
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });

  stageDeclaration = this.RULE('stageDeclaration', () => {
    this.OR([
      { ALT: () => this.CONSUME(k.dataset, { LABEL: 'keyword' }) },
      { ALT: () => this.CONSUME(k.transform, { LABEL: 'keyword' }) },
      { ALT: () => this.CONSUME(k.train, { LABEL: 'keyword' }) },
      { ALT: () => this.CONSUME(k.evaluate, { LABEL: 'keyword' }) },
    ]);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
    this.OPTION(() => {
      this.CONSUME(where);
      this.SUBRULE2(this.expression);
    });
  });

  reportDeclaration = this.RULE('reportDeclaration', () => {
    this.CONSUME(k.report);
    this.CONSUME(t.Identifier);
    this.OPTION(() => this.SUBRULE(this.displayName));
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });

  expectDeclaration = this.RULE('expectDeclaration', () => {
    this.CONSUME(k.expect);
    this.SUBRULE(this.expression);
  });

  referenceDeclaration = this.RULE('referenceDeclaration', () => {
    this.CONSUME(k.reference);
    this.CONSUME(t.StringToken);
    this.CONSUME(t.LBrace);
    this.MANY(() => {
      this.SUBRULE(this.referenceEntry);
      this.OPTION(() => this.CONSUME(t.Comma));
    });
    this.CONSUME(t.RBrace);
  });

  referenceEntry = this.RULE('referenceEntry', () => {
    this.SUBRULE(this.expression);
    this.CONSUME(t.Equal);
    this.SUBRULE2(this.expression);
  });

  defDeclaration = this.RULE('defDeclaration', () => {
    this.CONSUME(k.def);
    this.CONSUME(t.Identifier);
    this.SUBRULE(this.parameterList);
    this.OPTION(() => {
      this.CONSUME(t.Arrow);
      this.SUBRULE(this.type);
    });
    this.CONSUME(t.LBrace);
    this.MANY(() => this.SUBRULE(this.statement));
    this.CONSUME(returns);
    this.SUBRULE(this.expression);
    this.CONSUME(t.RBrace);
  });

  statement = this.RULE('statement', () => {
    this.MANY(() => this.SUBRULE(this.annotation));
    this.OR([
      { ALT: () => this.SUBRULE(this.letDeclaration) },
      { ALT: () => this.SUBRULE(this.stageDeclaration) },
    ]);
  });

  externDeclaration = this.RULE('externDeclaration', () => {
    this.CONSUME(k.extern);
    this.OR([
      { ALT: () => this.CONSUME(value, { LABEL: 'of' }) },
      { ALT: () => this.CONSUME(stage, { LABEL: 'of' }) },
    ]);
    this.CONSUME(t.Identifier);
    this.SUBRULE(this.parameterList);
    this.CONSUME(t.Arrow);
    this.SUBRULE(this.type);
    this.OPTION(() =>
      this.OR2([
        { ALT: () => this.SUBRULE(this.fromClause) },
        { ALT: () => this.SUBRULE(this.commandClause) },
      ]),
    );
  });

  fromClause = this.RULE('fromClause', () => {
    this.CONSUME(from);
    this.CONSUME(t.StringToken);
  });

  commandClause = this.RULE('commandClause', () => {
    this.CONSUME(command);
    this.CONSUME(t.StringToken);
    this.OPTION(() => {
      this.CONSUME(reads);
      this.CONSUME(t.Colon);
      this.SUBRULE(this.expression);
    });
  });

  parameterList = this.RULE('parameterList', () => {
    this.CONSUME(t.LParen);
    this.commaSeparated(this.parameter);
    this.CONSUME(t.RParen);
  });

  parameter = this.RULE('parameter', () => {
    this.CONSUME(t.Word);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2(() => {
      this.CONSUME(t.Equal);
      this.SUBRULE(this.expression);
    });
  });
}

/** The one parser; give it `input` and call `declaration`. */
export const grammar = new Grammar();
