import { SspError } from '../base/errors.js';
import { isRecord } from '../base/own.js';
import { tf } from '../tensor/tf.js';
import type { Method, MethodWeights, Tensors, TrainingLength, Weights } from './stage.js';

/** Holds what a method begins with against what a training takes. @throws SspError `method-state`. */
export function checkStart({ trained, state }: MethodWeights): void {
  for (const [name, tensors] of Object.entries({ trained, state })) {
    if (!isRecord(tensors)) {
      throw new SspError('method-state', `\`init\` of the method gives no \`${name}\``, {
        help: 'It returns `{ trained, state }`, tensors by their names; `{}` for none.',
      });
    }
    const taken = Object.keys(tensors).find((key) => key.startsWith('encoder.'));
    const odd = Object.entries(tensors).find(([, tensor]) => !(tensor instanceof tf.Tensor));
    if (odd) {
      throw new SspError('method-state', `the method's \`${odd[0]}\` is no tensor`, {
        help: 'What `init` gives are tensors by their names, as `tf.zeros([4])`.',
      });
    }
    if (taken === undefined) continue;
    throw new SspError('method-state', `the method's \`${taken}\` is called as the encoder's`, {
      help: 'Names that begin with `encoder.` are those of the network: give it another.',
    });
  }
}

/** Holds what a loss gives, of the state `before`, against what a step takes. @throws SspError `method-loss`. */
export function checkLoss(given: ReturnType<Method['loss']>, before: Tensors): void {
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
  if (!isRecord(found.state)) {
    throw wrong(
      'gives no `state`',
      'It returns `{ loss, state }`: what `encode` gives as `state`, and what it changes of its own; `{}` for nothing.',
    );
  }
  const odd = Object.entries(found.state).find(([, tensor]) => !(tensor instanceof tf.Tensor));
  if (odd)
    throw wrong(`gives no tensor as \`state.${odd[0]}\``, 'What a step changes are tensors.');
  checkStatistics(found.state, before);
  checkWatch(found.watch ?? {});
}

/** What the trainer itself says of an epoch. */
const taken = ['epoch', 'loss', 'lr', 'feature_std', 'rankme', 'alignment', 'uniformity'];

function checkWatch(watch: unknown): void {
  if (!isRecord(watch)) throw wrong('gives a `watch` that is no record', watched);
  for (const [name, tensor] of Object.entries(watch)) {
    if (taken.includes(name)) {
      throw wrong(
        `gives \`watch.${name}\`, a name of what every training watches`,
        'Give it another name.',
      );
    }
    if (!(tensor instanceof tf.Tensor))
      throw wrong(`gives no tensor as \`watch.${name}\``, watched);
    const { shape } = tensor;
    if (shape.length === 0) continue;
    const found = `gives a tensor of shape (${shape.join(', ')}) as \`watch.${name}\`, not one number`;
    throw wrong(found, watched);
  }
}

const watched =
  'What is watched is one number each, by its name, as `{ likeness: tf.mean(cosines) }`.';

/** A network that keeps statistics of its batches would be asked about with those that it began with. */
function checkStatistics(state: Readonly<Record<string, unknown>>, before: Tensors): void {
  const ofEncoder = (name: string): boolean => name.startsWith('encoder.');
  const kept = Object.keys(before).find(ofEncoder);
  if (kept === undefined || Object.keys(state).some(ofEncoder)) return;
  throw wrong(
    `gives a \`state\` without the encoder's statistics, such as \`${kept}\``,
    'Put what `encode` gives as `state` into it: `{ ...pass.state, …}`. Else batch norms normalise in the test as in the first step.',
  );
}

/** Holds what `after` or `begin` changes against what a step takes. @throws SspError `method-change`. */
export function changedBy(
  name: 'after' | 'begin',
  given: Partial<MethodWeights>,
): Partial<MethodWeights> {
  const found: unknown = given;
  const help =
    'It returns the changed entries, as `{ state: { … } }` or `{ trained: { … }, state: { … } }`; `{}` for none.';
  if (!isRecord(found)) {
    throw new SspError('method-change', `\`${name}\` of the method returns no record`, { help });
  }
  const odd = Object.entries(found).find(
    ([part, of]) => !(part === 'trained' || part === 'state') || !isRecord(of),
  );
  if (odd === undefined) return given;
  throw new SspError('method-change', `\`${name}\` of the method returns \`${odd[0]}\``, { help });
}

/** Holds the changed state that `observe` gives. @throws SspError `method-change`. */
export function observedBy(given: Tensors): Tensors {
  if (isRecord(given)) return given;
  throw new SspError('method-change', '`observe` of the method returns no record', {
    help: 'It returns the changed entries of state, tensors by their names; `{}` for none.',
  });
}

/**
 * Holds the weights that a method gives as the result against those of the network. @throws SspError `method-encoder`.
 */
export function checkEncoder(given: Weights, network: Weights): Weights {
  const found: unknown = given;
  for (const part of ['trained', 'stats'] as const) {
    const of = isRecord(found) ? found[part] : undefined;
    const lacking = Object.keys(network[part]).find((name) => !isRecord(of) || !of[name]);
    if (isRecord(of) && lacking === undefined) continue;
    const what = isRecord(of) ? `${part}.${lacking}` : part;
    throw new SspError('method-encoder', `\`encoder\` of the method gives no \`${what}\``, {
      help: 'It returns the weights of the network, `{ trained, stats }`, by its own names without `encoder.`.',
    });
  }
  return given;
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
