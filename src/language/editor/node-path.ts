import type { Span } from '../../base/source.js';
import type { Module } from '../ast.js';

/** A part of the tree that has a place. */
export interface TreeNode {
  readonly span: Span;
  readonly kind?: string;
}

/** The parts of the tree that contain an offset, outermost first. */
export function nodePath(module: Module, offset: number): readonly TreeNode[] {
  const path: TreeNode[] = [];
  let inside: unknown = module.declarations;
  while (inside !== undefined) {
    const found = childAt(inside, offset);
    if (found === undefined) break;
    path.push(found);
    inside = found;
  }
  return path;
}

/** Calls back for every part of the tree, outer ones first. */
export function eachNode(tree: unknown, visit: (node: TreeNode) => void): void {
  for (const node of childrenOf(tree)) {
    visit(node);
    eachNode(node, visit);
  }
}

function childAt(tree: unknown, offset: number): TreeNode | undefined {
  return childrenOf(tree).find(({ span }) => span.start <= offset && offset <= span.end);
}

/** The nearest parts below, lists and plain records looked through. */
function childrenOf(tree: unknown): readonly TreeNode[] {
  if (tree === null || typeof tree !== 'object') return [];
  return Object.entries(tree).flatMap(([key, value]) => {
    if (key === 'span' || value === null || typeof value !== 'object') return [];
    return isNode(value) ? [value] : childrenOf(value);
  });
}

function isNode(value: object): value is TreeNode {
  return 'span' in value;
}
