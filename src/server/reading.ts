import { dirname, join } from 'node:path';
import { type Connection, MarkupKind } from 'vscode-languageserver/node';
import type { Target } from '../language/check/context.js';
import { hover, importedModuleAt } from '../language/editor/hover.js';
import { definition, references, targetAt } from '../language/editor/navigate.js';
import { signature } from '../language/editor/signature.js';
import { declarationOf, type Snapshot } from '../language/editor/snapshot.js';
import type { StageStates } from '../language/editor/stage-state.js';
import { libraryFile } from '../language/library.js';
import { locationOf, rangeOf } from './convert.js';
import { placeOf } from './request.js';
import type { Workspace } from './workspace.js';

/** Answers what a reader asks: what is this, where does it come from, where is it used? */
export function answerReading(
  connection: Connection,
  workspace: Workspace,
  statesOf: (path: string) => StageStates | undefined,
): void {
  connection.onHover((params) => {
    const place = placeOf(workspace, params);
    const found = place && hover(place.snapshot, place.offset, statesOf(place.snapshot.file.path));
    if (!found) return null;
    const contents = { kind: MarkupKind.Markdown, value: found.text };
    return { contents, range: rangeOf(found.span) };
  });
  connection.onDefinition((params) => {
    const place = placeOf(workspace, params);
    if (!place) return null;
    const { snapshot, offset } = place;
    const module = moduleFile(snapshot, offset);
    if (module !== undefined) {
      return [locationOf({ file: { path: module, text: '' }, start: 0, end: 0 })];
    }
    return definition(snapshot, offset).map(locationOf);
  });
  connection.onReferences((params) => {
    const place = placeOf(workspace, params);
    const target = place && targetAt(place.snapshot, place.offset);
    if (!place || !target) return null;
    const word = target.kind === 'name' ? declarationOf(target.symbol).name : undefined;
    const files = filesWith(workspace, place.snapshot, wordOf(target));
    return references(files, target).flatMap(({ span }) => {
      const declares = span.file.path === word?.span.file.path && span.start === word.span.start;
      return declares && !params.context.includeDeclaration ? [] : [locationOf(span)];
    });
  });
  connection.onDocumentHighlight((params) => {
    const place = placeOf(workspace, params);
    const target = place && targetAt(place.snapshot, place.offset);
    if (!place || !target) return null;
    return references([place.snapshot], target).map(({ span }) => ({ range: rangeOf(span) }));
  });
  connection.onSignatureHelp((params) => {
    const place = placeOf(workspace, params);
    const found = place && signature(place.snapshot, place.offset);
    if (!found) return null;
    const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });
    const parameters = found.params.map(({ at, doc }) => ({
      label: [...at] as [number, number],
      ...(doc === undefined ? {} : { documentation: markdown(doc) }),
    }));
    const documentation = found.doc === undefined ? {} : { documentation: markdown(found.doc) };
    return {
      signatures: [{ label: found.label, parameters, ...documentation }],
      activeSignature: 0,
      // one past the end means none
      activeParameter: found.active ?? found.params.length,
    };
  });
}

/** What a file must contain to stand for the same. */
export function wordOf(target: Target): string | undefined {
  if (target.kind === 'parameter') return target.param.name;
  return target.kind === 'name' ? declarationOf(target.symbol).name.text : undefined;
}

/** The checked files where a word may stand; a label or a field may stand anywhere. */
export function filesWith(
  workspace: Workspace,
  own: Snapshot,
  word: string | undefined,
): readonly Snapshot[] {
  const others = workspace.containing(word ?? '');
  return others.some(({ file }) => file.path === own.file.path) ? others : [own, ...others];
}

/** The file of the module that an import names there. */
function moduleFile(snapshot: Snapshot, offset: number): string | undefined {
  const found = importedModuleAt(snapshot, offset);
  if (found?.library !== undefined) return libraryFile(found.library);
  if (found?.file === undefined) return undefined;
  const declaration = snapshot.open.symbols.find(({ declaration: d }) => {
    return d.kind === 'import' && d.from.kind === 'file' && d.from.span.start === found.span.start;
  });
  const path = declaration?.origin?.name.span.file.path;
  return (
    path ?? (found.file.startsWith('.') ? join(dirname(snapshot.file.path), found.file) : undefined)
  );
}
