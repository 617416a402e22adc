import { expect, it } from 'vitest';
import type { Type } from '../../src/language/types.js';
import { metricsAsDeclared } from '../../src/plan/metrics.js';
import { differenceOf } from '../../src/plan/seen.js';

const declared: Readonly<Record<string, Type>> = {
  top1: { kind: 'number', unit: 'Fraction' },
  n: { kind: 'number', unit: 'Int', low: 1 },
};

/** The metrics, or what is said of them and what to do. */
function checked(given: Readonly<Record<string, unknown>>, types = declared) {
  try {
    return metricsAsDeclared(given, types, '`job`');
  } catch (error) {
    if (!(error instanceof Error) || !('help' in error)) throw error;
    return `${error.message}; ${error.help}`;
  }
}

it('takes numbers of their types, and null for one with `?`', () => {
  expect(checked({ n: 3, top1: 1 })).toEqual({ top1: 1, n: 3 });
  const types: Readonly<Record<string, Type>> = {
    gain: { kind: 'number', unit: 'Fraction', low: -1, high: 1 },
    loss: { kind: 'optional', of: { kind: 'number', unit: 'Float' } },
  };
  expect(checked({ gain: -0.5, loss: null }, types)).toEqual({ gain: -0.5, loss: null });
  expect(checked({ gain: 1 }, types)).toEqual({ gain: 1, loss: null });
  expect(checked({ gain: 1.5 }, types)).toBe(
    '`job` gave 1.5 as the metric `gain`, which is declared as Fraction(-100%..100%); it is outside the bounds that are declared',
  );
  expect(checked({ gain: 0, loss: Number.NaN }, types)).toContain('gave NaN as the metric `loss`');
});

it('says what is wrong with another value, and what to give', () => {
  const given = [
    { top1: 85.3, n: 3 },
    { top1: -3, n: 3 },
    { top1: 0.5, n: 3.7 },
    { top1: 0.5, n: 0 },
    { top1: 0.5, n: 2 ** 53 },
    { top1: 0.5, n: Number.POSITIVE_INFINITY },
    { top1: '0.5', n: 3 },
    { top1: [0.5], n: 3 },
    { top1: true, n: 3 },
    { top1: null, n: 3 },
    { top1: 0.5, n: 3n },
    { top1: 0.5 },
    { top1: 0.5, n: 3, loss: 1 },
    {},
  ];
  expect(given.map((metrics) => checked(metrics)).join('\n')).toMatchInlineSnapshot(`
    "\`job\` gave 85.3 as the metric \`top1\`, which is declared as Fraction; a Fraction is 0 to 1: 85.3 looks like percent, give 0.853
    \`job\` gave -3 as the metric \`top1\`, which is declared as Fraction; a Fraction is 0 to 1; for others write bounds, as in \`top1: Fraction(-100%..100%)\`, or Float
    \`job\` gave 3.7 as the metric \`n\`, which is declared as Int(1..); Int is whole: give another number, or declare \`n: Float\`
    \`job\` gave 0 as the metric \`n\`, which is declared as Int(1..); it is outside the bounds that are declared
    \`job\` gave 9007199254740992 as the metric \`n\`, which is declared as Int(1..); as an Int it is not exact: give another number, or declare \`n: Float\`
    \`job\` gave Infinity as the metric \`n\`, which is declared as Int(1..); a diverged training is the usual reason; where there is no value, declare \`n: Int(1..)?\` and give null
    \`job\` gave the text "0.5" as the metric \`top1\`, which is declared as Fraction; give a number, without quotes
    \`job\` gave [ 0.5 ] as the metric \`top1\`, which is declared as Fraction; give one number
    \`job\` gave true as the metric \`top1\`, which is declared as Fraction; give one number
    \`job\` gave null as the metric \`top1\`, which is declared as Fraction; where there is no value, declare \`top1: Fraction?\` and give null
    \`job\` gave 3n as the metric \`n\`, which is declared as Int(1..); give one number
    \`job\` gave no metric \`n\`; declared are \`top1\`, \`n\`; where it may have no value, declare \`n: Int(1..)?\`
    \`job\` gave the metric \`loss\`; declared are \`top1\`, \`n\`; declare it in \`Metrics{…}\`, or leave it out
    \`job\` gave no metric \`top1\`; declared are \`top1\`, \`n\`; where it may have no value, declare \`top1: Fraction?\`"
  `);
});

it('takes no result of an earlier version whose metrics are none of their type', () => {
  const point = {
    result: 'Metrics',
    declared: 'Metrics{n: Int(1..), top1: Fraction}',
    fields: declared,
    code: { kind: 'command' },
  };
  const otherwise = (metrics: Readonly<Record<string, number>>) =>
    differenceOf(point, { output: { type: 'Metrics', digest: '', metrics } }, () => '');
  expect(otherwise({ top1: 0.853, n: 1 })).toBeUndefined();
  expect(otherwise({ top1: 85.3, n: 1 })).toEqual({ declared: point.declared });
  expect(otherwise({ top1: 0.853 })).toEqual({ declared: point.declared });
});
