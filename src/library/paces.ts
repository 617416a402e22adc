import { asScalar } from '../tensor/as-rank.js';
import { type NamedTensors, pick, prefixed, under } from '../tensor/named-tensors.js';
import { tf } from '../tensor/tf.js';
import type { Method, Optimizer, OptimizerStep } from './stage.js';

type Paces = NonNullable<Method['paces']>;

/**
 * An optimiser for weights of which some parts have a pace of their own (see {@link Method.paces}): each
 * part is updated by itself, with slots under `pace.PART.…`; all others keep the slots that they have
 * without paces. What has to see all gradients at once (`prepare`) does. A part counts its own steps
 * (`pace.PART.steps`), without those at which it rested, as torch's optimisers count for each parameter: Adam
 * corrects its means by it.
 */
export function withPaces(optimizer: Optimizer, paces: Paces = {}): Optimizer {
  const parts = Object.keys(paces).sort();
  const among = (tensors: NamedTensors, part: string | undefined): NamedTensors =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => partOf(name, parts) === part));
  const slotsOf = (part: string): string => `pace.${part}`;
  return {
    init: (trained) =>
      Object.assign(
        { ...optimizer.init(among(trained, undefined)) },
        ...parts.map((part) =>
          prefixed({ ...optimizer.init(among(trained, part)), steps: tf.scalar(0) }, slotsOf(part)),
        ),
      ),
    update: (step) =>
      tf.tidy(() => {
        const gradients = optimizer.prepare?.(step.gradients) ?? step.gradients;
        const move = (part: string | undefined, own: Partial<OptimizerStep>) =>
          optimizer.update({
            ...step,
            trained: among(step.trained, part),
            gradients: among(gradients, part),
            ...own,
          });
        const moved = parts.map((part) => {
          const slots = under(step.slots, slotsOf(part));
          const scale = paces[part]?.(step.at) ?? step.at.scale;
          const steps = asScalar(pick(slots, 'steps'));
          const next = move(part, { slots, at: { ...step.at, scale, step: steps } });
          const awake = tf.notEqual(scale, 0);
          const awakeSlots = { ...next.slots, steps: tf.add(steps, 1) };
          return {
            trained: unlessAsleep(awake, next.trained, step.trained),
            slots: prefixed(unlessAsleep(awake, awakeSlots, slots), slotsOf(part)),
          };
        });
        const all = [move(undefined, {}), ...moved];
        return {
          trained: Object.assign({}, ...all.map(({ trained }) => trained)),
          slots: Object.assign({}, ...all.map(({ slots }) => slots)),
        };
      }),
  };
}

/** The longest part that the name lies in. */
function partOf(name: string, parts: readonly string[]): string | undefined {
  return parts.filter((part) => name.startsWith(`${part}.`)).at(-1);
}

/** The new tensors, or where the part rests the old ones. */
function unlessAsleep(awake: tf.Tensor, moved: NamedTensors, old: NamedTensors): NamedTensors {
  const entries = Object.entries(moved).map(
    ([name, tensor]) => [name, tf.where(awake, tensor, pick(old, name))] as const,
  );
  return Object.fromEntries(entries);
}
