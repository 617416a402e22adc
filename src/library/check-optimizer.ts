import { SspError } from '../base/errors.js';
import { isRecord } from '../base/own.js';
import type { NamedTensors } from '../tensor/named-tensors.js';
import { tf } from '../tensor/tf.js';
import type { Optimizer, OptimizerStep } from './stage.js';

/** Holds what an optimiser begins with against what a training takes. @throws SspError `optimizer-update`. */
export function checkSlots(slots: NamedTensors): NamedTensors {
  const found: unknown = slots;
  const odd = isRecord(found)
    ? Object.entries(found).find(
        ([, tensor]) => !(tensor instanceof tf.Tensor && tensor.dtype === 'float32'),
      )
    : ['slots'];
  if (odd === undefined) return slots;
  throw wrong(
    isRecord(found)
      ? `\`init\` of the optimiser gives no float32 tensor as \`${odd[0]}\``
      : '`init` of the optimiser gives no record',
    'It returns what the update keeps from step to step, tensors by their names; `{}` for nothing.',
  );
}

/** Holds what an update gives against what it was given: a weight that it left out would stay. @throws SspError `optimizer-update`. */
export function checkMoved(
  moved: ReturnType<Optimizer['update']>,
  given: Pick<OptimizerStep, 'trained' | 'slots'>,
): ReturnType<Optimizer['update']> {
  const found: unknown = moved;
  for (const part of ['trained', 'slots'] as const) {
    const of = isRecord(found) ? found[part] : undefined;
    const lacking = Object.keys(given[part]).find(
      (name) => !(isRecord(of) && of[name] instanceof tf.Tensor),
    );
    if (isRecord(of) && lacking === undefined) continue;
    const what = isRecord(of) ? `tensor as \`${part}\` \`${lacking}\`` : `\`${part}\``;
    throw wrong(
      `\`update\` of the optimiser gives no ${what}`,
      'It returns `{ trained, slots }`: the next of each that it was given, by the same names.',
    );
  }
  return moved;
}

const wrong = (found: string, help: string): SspError =>
  new SspError('optimizer-update', found, { help });
