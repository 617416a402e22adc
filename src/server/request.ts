import type { Position } from 'vscode-languageserver/node';
import type { Snapshot } from '../language/editor/snapshot.js';
import { documentOf, pathOf } from './convert.js';
import type { Workspace } from './workspace.js';

/** The file of a request as it is now; undefined for one that there is not. */
export function fileOf(
  workspace: Workspace,
  { textDocument }: { readonly textDocument: { readonly uri: string } },
): Snapshot | undefined {
  return workspace.snapshot(pathOf(textDocument.uri));
}

/** The file of a request, and the offset of its position. */
export function placeOf(
  workspace: Workspace,
  at: { readonly textDocument: { readonly uri: string }; readonly position: Position },
): { readonly snapshot: Snapshot; readonly offset: number } | undefined {
  const snapshot = fileOf(workspace, at);
  return snapshot && { snapshot, offset: documentOf(snapshot.file).offsetAt(at.position) };
}
