import { type CalleeParam, openCall } from './callee.js';
import { cursorAt } from './cursor.js';
import { insideDef } from './inside-def.js';
import type { Snapshot } from './snapshot.js';

export interface Signature {
  readonly label: string;
  readonly doc: string | undefined;
  readonly params: readonly {
    /** Part of the label: from, to. */
    readonly at: readonly [number, number];
    readonly doc: string | undefined;
  }[];
  readonly active: number | undefined;
}

/** How the call around an offset is written, and at which parameter the offset is. */
export function signature(snapshot: Snapshot, offset: number): Signature | undefined {
  const cursor = cursorAt(snapshot.file.text, snapshot.lexed, offset);
  if (cursor.inComment) return undefined;
  const call = openCall(insideDef(snapshot, cursor), cursor);
  if (!call) return undefined;
  const { callee, active } = call;
  let label = `${callee.name}(`;
  const params = callee.params.map((param: CalleeParam, i) => {
    if (i > 0) label += ', ';
    const start = label.length;
    label += param.text;
    return { at: [start, label.length] as const, doc: param.doc };
  });
  label += callee.result === '' ? ')' : `) -> ${callee.result}`;
  const index = active ? callee.params.indexOf(active) : -1;
  return { label, doc: callee.doc, params, active: index < 0 ? undefined : index };
}
