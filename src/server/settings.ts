/** What a user can choose; `ssp.inlayHints.defaults` and so on in an editor. */
export interface Settings {
  readonly inlayHints: {
    /** Points and cache state at each stage. */
    readonly stages: boolean;
    /** The defaults that a call leaves out. */
    readonly defaults: boolean;
  };
}

export const standardSettings: Settings = { inlayHints: { stages: true, defaults: false } };

/** The settings in what a client sent, whatever that is. */
export function readSettings(sent: unknown): Settings {
  const hints = field(
    field(sent, 'inlayHints') === undefined ? field(sent, 'ssp') : sent,
    'inlayHints',
  );
  const flag = (name: 'stages' | 'defaults') => {
    const value = field(hints, name);
    return typeof value === 'boolean' ? value : standardSettings.inlayHints[name];
  };
  return { inlayHints: { stages: flag('stages'), defaults: flag('defaults') } };
}

function field(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
