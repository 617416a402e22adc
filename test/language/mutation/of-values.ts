import { argumentsWith, at, externCalls, nameOf, slices, tokenAt, written } from './places.js';
import type { Mutation } from './study.js';

/** Mistakes in arguments, values and slices. */
export const ofValues: Readonly<Record<string, Mutation>> = {
  'a unit is wrong': (file) =>
    file.tokens.flatMap((token) => {
      const unit = /^[\d._]+(px|%|h|min|s|GiB|MiB)$/.exec(token.image)?.[1];
      if (unit === undefined) return [];
      return [tokenAt(token, token.image.replace(unit, unit === 'deg' ? 'px' : 'deg'))];
    }),
  'a unit is unknown': (file) =>
    file.tokens.flatMap((token) =>
      /^[\d._]+(px|%|h|min|s|GiB|MiB)$/.test(token.image)
        ? [tokenAt(token, token.image.replace(/[a-zA-Z%]+$/, 'pxx'))]
        : [],
    ),
  'a unit does not touch its number': (file) =>
    file.tokens.flatMap((token) => {
      const [, number, unit] = /^([\d._]+)(px|%|h|min|s|GiB|MiB)$/.exec(token.image) ?? [];
      return unit === undefined ? [] : [tokenAt(token, `${number} ${unit}`)];
    }),
  'a number where a text is needed': (file) =>
    argumentsWith(file, '"').map((argument) => at(argument.value.span, '7')),
  'a text where a number is needed': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.filter((a) => a.value.kind === 'number').map((a) => at(a.value.span, '"seven"')),
    ),
  'a word where a text is needed': (file) =>
    argumentsWith(file, '"')
      .filter(({ value }) => value.kind === 'string' && /^[a-z]\w*$/.test(value.value))
      .map(({ value }) => at(value.span, value.kind === 'string' ? value.value : '')),
  'a whole number with an exponent': (file) =>
    externCalls(file).flatMap(({ call, extern }) =>
      call.args.flatMap((a) => {
        const param = extern.params.find((p) => p.name === nameOf(a));
        const int = param?.type.kind === 'number' && param.type.unit === 'Int';
        return int && a.value.kind === 'number' ? [at(a.value.span, '1e2')] : [];
      }),
    ),
  'a needed argument is missing': (file) =>
    externCalls(file).flatMap(({ call, extern }) => {
      const [first, second] = call.args;
      const param = extern.params[0];
      if (!first || first.name || first.shorthand || !param || param.default) return [];
      if (second && !second.name) return [];
      return [at({ start: first.span.start, end: second?.span.start ?? first.span.end }, '')];
    }),
  'an argument is given twice': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.flatMap((a) =>
        a.name ? [at({ start: a.span.end, end: a.span.end }, `, ${written(a.span)}`)] : [],
      ),
    ),
  'an argument is unknown': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.slice(-1).map((a) => at({ start: a.span.end, end: a.span.end }, ', nothing: 1')),
    ),
  'an argument in order passes over a bare name': (file) =>
    file.calls.flatMap(({ args: [first, second] }) => {
      const swapped = first && second && !second.name && nameOf(first) === undefined;
      if (!swapped || first.value.kind !== 'name' || second.value.kind === 'name') return [];
      const fills = file.snapshot.occurrences.find((o) => o.span.start === first.span.start);
      if (!fills?.targets.some((target) => target.kind === 'parameter')) return [];
      const text = `${written(second.span)}, ${written(first.span)}`;
      return [at({ start: first.span.start, end: second.span.end }, text)];
    }),
  'an argument has lost its name': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.flatMap((a, i) =>
        a.name && a.value.kind === 'number' && call.args.slice(0, i).some((b) => b.name)
          ? [at({ start: a.span.start, end: a.value.span.start }, '')]
          : [],
      ),
    ),
  'a slice names no axis': (file) =>
    slices(file).map(({ item, labels }) => at({ start: item.start, end: labels }, '')),
  'a slice names an axis that is none': (file) =>
    slices(file).map(({ item, axis }) => at({ start: item.start, end: axis }, 'no_such_axis')),
  'a param has a value out of its bounds': (file) =>
    file.snapshot.module.declarations.flatMap((d) =>
      d.kind === 'param' && d.type?.kind === 'named' && d.type.refinement && d.value
        ? [at(d.value.span, '-7')]
        : [],
    ),
};
