import { digestOf, type Json } from './canonical.js';

/** What stands for a secret wherever something is kept or shown. */
export const digestOfSecret = (text: string): string => digestOf('ssp-secret/1', text);

/** The digest of a secret that stands as `{env: {secret: digest}}`, and the name of its variable where it is beside it. */
export function secretIn(record: {
  readonly [key: string]: Json;
}): { readonly digest: string; readonly name: string | undefined } | undefined {
  const { env } = record;
  if (env === undefined || env === null || typeof env !== 'object') return undefined;
  const { secret, name } = env as { readonly [key: string]: Json }; // a list has neither
  if (typeof secret !== 'string') return undefined;
  return { digest: secret, name: typeof name === 'string' ? name : undefined };
}

/** A text with `***` in the place of secrets, each also as it stands in JSON, long lines of it alone too. */
export function masked(text: string, secrets: Iterable<string>): string {
  let shown = text;
  for (const form of formsOf(secrets)) shown = shown.replaceAll(form, '***');
  return shown;
}

/** Lines from this length on give away what they are from. */
const LINE = 8;

/** Longest first, so that no part of one is left. */
function formsOf(secrets: Iterable<string>): readonly string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    const lines = secret.split(/\r?\n/).filter((line) => line.length >= LINE);
    for (const form of [secret, ...lines]) forms.add(form).add(JSON.stringify(form).slice(1, -1));
  }
  forms.delete('');
  return [...forms].sort((a, b) => b.length - a.length);
}
