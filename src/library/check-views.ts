import { isRecord } from '../base/own.js';

/** What is wrong with a number where a view says it; undefined: nothing. */
type Rule = (value: unknown) => string | undefined;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const number =
  (low: number, high: number, what: string): Rule =>
  (value) =>
    isNumber(value) && value >= low && value <= high ? undefined : what;
const share = number(0, 1, 'a probability from 0 to 1');
const amount = number(0, Number.MAX_VALUE, 'a number from 0');
const whole: Rule = (value) =>
  Number.isSafeInteger(value) && Number(value) > 0 ? undefined : 'a whole number of pixels';
/** An interval whose ends are numbers above or at `low`, up to `high`. */
const interval =
  (low: number, high: number, what: string): Rule =>
  (value) => {
    const { low: from, high: to } = isRecord(value) ? value : {};
    const isInside = isNumber(from) && isNumber(to) && from >= low && to <= high && from <= to;
    return isInside ? undefined : `\`{ low, high }\`, ${what}`;
  };
const triple =
  (isGood: (value: number) => boolean, what: string): Rule =>
  (value) =>
    Array.isArray(value) && value.length === 3 && value.every((of) => isNumber(of) && isGood(of))
      ? undefined
      : what;

/** The fields of a view by their paths. */
const rules: Readonly<Record<string, Rule>> = {
  size: whole,
  'crop.scale': interval(0, 1, 'shares of the area from 0 to 1'),
  'crop.ratio': interval(Number.MIN_VALUE, Number.MAX_VALUE, 'width by height above 0'),
  filter: (value) =>
    value === undefined || value === 'bilinear' || value === 'bicubic'
      ? undefined
      : '`bilinear` or `bicubic`',
  flip: share,
  rotation: number(0, 180, 'degrees from 0 to 180'),
  'jitter.probability': share,
  'jitter.brightness': amount,
  'jitter.contrast': amount,
  'jitter.saturation': amount,
  'jitter.hue': number(0, 0.5, 'a number from 0 to 0.5'),
  grayscale: share,
  'blur.probability': share,
  'blur.sigma': interval(0, Number.MAX_VALUE, 'pixels from 0'),
  'solarise.probability': share,
  'solarise.threshold': number(0, 1, 'a number from 0 to 1'),
  'normalise.mean': triple(() => true, 'three numbers, of red, green and blue'),
  'normalise.std': triple((of) => of > 0, 'three numbers above 0, of red, green and blue'),
  cells: (value) => (value === undefined ? undefined : whole(value)),
};

/** What a list of views is not, as `views[0].flip` that is no probability; undefined: nothing. */
export function wrongView(views: readonly unknown[]): string | undefined {
  for (const [place, view] of views.entries()) {
    const at = `views[${place}]`;
    if (!isRecord(view)) return `a \`${at}\` that is no record`;
    const unread = Object.keys(view).find((name) => !fields.includes(name));
    if (unread !== undefined) {
      return `a \`${at}.${unread}\`, which nothing reads: there are ${fields.join(', ')}`;
    }
    for (const [path, rule] of Object.entries(rules)) {
      const [part = '', inner] = path.split('.');
      // Without a crop a view is a plain resize.
      if (part === 'crop' && view.crop === undefined) continue;
      const of = view[part];
      const value = inner === undefined ? of : isRecord(of) ? of[inner] : undefined;
      const needed = rule(value);
      if (needed !== undefined) return `a \`${at}.${path}\` that is not ${needed}`;
    }
  }
  return undefined;
}

const fields = [...new Set(Object.keys(rules).map((path) => path.split('.')[0] ?? ''))];
