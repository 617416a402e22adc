/**
 * What a record has of its own under a name. Names of users may be those of every object, such as
 * `constructor` and `__proto__`.
 */
export function own<T>(record: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
