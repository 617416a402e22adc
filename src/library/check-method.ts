import { SspError } from '../base/errors.js';
import { isRecord } from '../base/own.js';
import { tf } from '../tensor/tf.js';
import type { Method, MethodWeights, TrainingLength } from './stage.js';

/** Holds what a method begins with against what a training takes. @throws SspError `method-state`. */
export function checkStart({ trained, state }: MethodWeights): void {
  for (const [name, tensors] of Object.entries({ trained, state })) {
    if (!isRecord(tensors)) {
      throw new SspError('method-state', `\`init\` of the method gives no \`${name}\``, {
        help: 'It returns `{ trained, state }`, tensors by their names; `{}` for none.',
      });
    }
    const taken = Object.keys(tensors).find((key) => key.startsWith('encoder.'));
    if (taken === undefined) continue;
    throw new SspError('method-state', `the method's \`${taken}\` is called as the encoder's`, {
      help: 'Names that begin with `encoder.` are those of the network: give it another.',
    });
  }
}

/** Holds what a loss gives against what a step takes. @throws SspError `method-loss`. */
export function checkLoss(given: ReturnType<Method['loss']>): void {
  const found: unknown = given;
  if (!isRecord(found) || !(found.loss instanceof tf.Tensor)) {
    throw wrong(
      'gives no tensor as `loss`',
      'It returns `{ loss, state }`: a number that is computed with tensors, and what `encode` gives as `state`.',
    );
  }
  const { shape } = found.loss;
  if (shape.length > 0) {
    throw wrong(
      `gives a tensor of shape (${shape.join(', ')}) as \`loss\`, not one number`,
      'Take the mean over the batch, as `tf.mean` does.',
    );
  }
  if (isRecord(found.state)) return;
  throw wrong(
    'gives no `state`',
    'It returns `{ loss, state }`: what `encode` gives as `state`, and what it changes of its own; `{}` for nothing.',
  );
}

/** What a method says of a training's length. @throws SspError `method-remarks` when that is no list of texts. */
export function remarksOf(method: Method, length: TrainingLength): readonly string[] {
  const said: unknown = method.remarks?.(length) ?? [];
  if (Array.isArray(said) && said.every((text) => typeof text === 'string')) return said;
  throw new SspError('method-remarks', '`remarks` of the method gives no list of texts', {
    help: 'It returns what is to be told before the first step, `[]` for nothing.',
  });
}

const wrong = (found: string, help: string): SspError =>
  new SspError('method-loss', `\`loss\` of the method ${found}`, { help });
