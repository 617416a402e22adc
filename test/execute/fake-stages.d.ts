import type { Json } from '../../src/base/canonical.js';
import type { StageWork } from '../../src/execute/task.js';

export const work: StageWork;
export function resultOf(
  stage: string,
  params: Readonly<Record<string, Json>>,
  read: readonly string[],
): string;
