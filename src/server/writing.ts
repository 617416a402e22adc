import { dirname, resolve } from 'node:path';
import {
  CodeActionKind,
  type Connection,
  ErrorCodes,
  type InlayHint,
  ResponseError,
} from 'vscode-languageserver/node';
import type { Exports } from '../language/check/module/imports.js';
import { actions } from '../language/editor/actions.js';
import { complete } from '../language/editor/complete.js';
import { defaultHints, stageHints } from '../language/editor/inlay-hints.js';
import { rename, renameable } from '../language/editor/rename.js';
import type { StageStates } from '../language/editor/stage-state.js';
import { completionItems } from './completion-items.js';
import { changesOf, diagnosticOf, documentOf, rangeOf } from './convert.js';
import { filesWith, wordOf } from './reading.js';
import { fileOf, placeOf } from './request.js';
import type { Settings } from './settings.js';
import type { Workspace } from './workspace.js';

/** Answers what a writer asks: what can stand here, and change this for me. */
export function answerWriting(
  connection: Connection,
  workspace: Workspace,
  statesOf: (path: string) => StageStates | undefined,
  settings: () => Settings,
): void {
  connection.onCompletion((params) => {
    const place = placeOf(workspace, params);
    if (!place) return null;
    const { snapshot, offset } = place;
    const { path } = snapshot.file;
    const found = complete(snapshot, offset, {
      files: () => workspace.importable(path),
      namesIn: (folder) => workspace.namesIn(path, folder),
      exports: (name) => exportsOf(workspace, path, name),
    });
    return completionItems(snapshot, found);
  });
  connection.onCodeAction((params) => {
    const snapshot = fileOf(workspace, params);
    if (!snapshot) return null;
    const document = documentOf(snapshot.file);
    const [start, end] = [params.range.start, params.range.end].map((p) => document.offsetAt(p));
    return actions(snapshot, start ?? 0, end ?? 0).map((action) => ({
      title: action.title,
      kind: action.diagnostic ? CodeActionKind.QuickFix : CodeActionKind.SourceOrganizeImports,
      isPreferred: action.preferred,
      edit: { changes: changesOf(action.edits) },
      ...(action.diagnostic ? { diagnostics: [diagnosticOf(action.diagnostic)] } : {}),
    }));
  });
  connection.onPrepareRename((params) => {
    const place = placeOf(workspace, params);
    const found = place && renameable(place.snapshot, place.offset);
    if (!found) return null;
    if ('refused' in found) throw refused(found.refused);
    return { range: rangeOf(found.span), placeholder: textOf(found.span) };
  });
  connection.onRenameRequest((params) => {
    const place = placeOf(workspace, params);
    if (!place) return null;
    const { snapshot, offset } = place;
    const found = renameable(snapshot, offset);
    if ('refused' in found) throw refused(found.refused);
    const files = filesWith(workspace, snapshot, wordOf(found.target));
    const edits = rename(snapshot, offset, params.newName, files);
    if ('refused' in edits) throw refused(edits.refused);
    return { changes: changesOf(edits) };
  });
  connection.languages.inlayHint.on((params) => {
    const snapshot = fileOf(workspace, params);
    if (!snapshot) return null;
    const document = documentOf(snapshot.file);
    const states = statesOf(snapshot.file.path);
    const { stages, defaults } = settings().inlayHints;
    const from = document.offsetAt(params.range.start);
    const to = document.offsetAt(params.range.end);
    const found = [
      ...(stages && states ? stageHints(snapshot, states).map((h) => ({ ...h, left: true })) : []),
      ...(defaults ? defaultHints(snapshot).map((h) => ({ ...h, left: false })) : []),
    ];
    return found.flatMap(({ offset, text, tooltip, left }): readonly InlayHint[] => {
      if (offset < from || offset > to) return [];
      const position = document.positionAt(offset);
      const value = { kind: 'markdown' as const, value: tooltip };
      return [{ position, label: text, tooltip: value, paddingLeft: left }];
    }) as InlayHint[]; // the protocol's type is mutable
  });
}

/** What the file offers that a relative path names. */
function exportsOf(workspace: Workspace, from: string, written: string): Exports | undefined {
  return workspace.snapshot(resolve(dirname(from), written))?.open;
}

function refused(reason: string): ResponseError {
  return new ResponseError(ErrorCodes.InvalidRequest, reason);
}

function textOf({ file, start, end }: { file: { text: string }; start: number; end: number }) {
  return file.text.slice(start, end);
}
