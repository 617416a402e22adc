/** A colour in light and in dark surroundings. Series keep at least 3:1 against the page, text 4.5:1. */
export interface Tone {
  readonly name: string;
  readonly light: string;
  readonly dark: string;
}

/** Colours of series in figures, told apart by marks and dashes too. */
export const SERIES: readonly Tone[] = [
  { name: 'series-1', light: '#2459a8', dark: '#7fb2ff' },
  { name: 'series-2', light: '#c2561a', dark: '#f3a465' },
  { name: 'series-3', light: '#2a7a4a', dark: '#70cf98' },
  { name: 'series-4', light: '#863d90', dark: '#d6a1e3' },
  { name: 'series-5', light: '#94691f', dark: '#dfbf67' },
  { name: 'series-6', light: '#0d7a88', dark: '#5dc9d8' },
  { name: 'series-7', light: '#b2384a', dark: '#f38d98' },
  { name: 'series-8', light: '#57606d', dark: '#aab5c2' },
];

/** Colours of the page and of the frame of figures. */
export const TONES = {
  page: { name: 'page', light: '#ffffff', dark: '#14171a' },
  raised: { name: 'raised', light: '#f6f7f8', dark: '#1c2024' },
  ink: { name: 'ink', light: '#1c2126', dark: '#e7eaed' },
  quiet: { name: 'quiet', light: '#5a646e', dark: '#a3adb7' },
  rule: { name: 'rule', light: '#dfe3e7', dark: '#30363c' },
  strong: { name: 'strong', light: '#3a4249', dark: '#8b959f' },
  holds: { name: 'holds', light: '#1f6f43', dark: '#78d3a0' },
  fails: { name: 'fails', light: '#a62b3d', dark: '#f59aa4' },
  unknown: { name: 'unknown', light: '#7a5a10', dark: '#dfbf67' },
} as const satisfies Record<string, Tone>;

const ALL: readonly Tone[] = [...Object.values(TONES), ...SERIES];

/** The colour of the nth series; they repeat after the last. */
export function seriesTone(index: number): Tone {
  return SERIES[index % SERIES.length] ?? TONES.ink;
}

/** CSS variables of all colours, for light or dark. */
export function cssVariables(theme: 'light' | 'dark'): string {
  return ALL.map((tone) => `--${tone.name}:${tone[theme]};`).join('');
}

const VARIABLES = new Map(ALL.map((tone) => [tone.light, `var(--${tone.name})`]));

/** A figure drawn in light colours, following the page's variables instead. Only attributes change, never text. */
export function followPage(svg: string): string {
  return svg.replace(/\b(fill|stroke)="(#[0-9a-f]{6})"/g, (whole, attribute, colour) => {
    const variable = VARIABLES.get(String(colour));
    return variable === undefined ? whole : `${attribute}="${variable}"`;
  });
}
