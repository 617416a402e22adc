import { SspError } from '../base/errors.js';
import { asScalar } from '../tensor/as-rank.js';
import { type NamedTensors, pick, prefixed, under } from '../tensor/named-tensors.js';
import { tf } from '../tensor/tf.js';
import { checkMoved, checkSlots } from './check-optimizer.js';
import type { Method, Optimizer, OptimizerStep } from './stage.js';

type Paces = NonNullable<Method['paces']>;

/**
 * An optimiser for weights of which some parts have a pace of their own (see {@link Method.paces}): each
 * part is updated by itself, with slots under `pace.PART.…`; all others keep the slots that they have
 * without paces. What has to see all gradients at once (`prepare`) does. A part counts its own steps
 * (`pace.PART.steps`), without those at which it rested, as torch's optimisers count for each parameter: Adam
 * corrects its means by it.
 * @throws SspError `method-paces`, `optimizer-update`.
 */
export function withPaces(optimizer: Optimizer, paces: Paces = {}): Optimizer {
  const parts = Object.keys(paces).sort();
  const among = (tensors: NamedTensors, part: string | undefined): NamedTensors =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => partOf(name, parts) === part));
  const slotsOf = (part: string): string => `pace.${part}`;
  return {
    init(trained) {
      checkPaces(paces, trained);
      const begin = (part: string | undefined): NamedTensors =>
        checkSlots(optimizer.init(among(trained, part)));
      return Object.assign(
        { ...begin(undefined) },
        ...parts.map((part) => prefixed({ ...begin(part), steps: tf.scalar(0) }, slotsOf(part))),
      );
    },
    update: (step) =>
      tf.tidy(() => {
        const gradients = optimizer.prepare?.(step.gradients) ?? step.gradients;
        const move = (part: string | undefined, own: Partial<OptimizerStep>) => {
          const now = {
            ...step,
            trained: among(step.trained, part),
            gradients: among(gradients, part),
            ...own,
          };
          return checkMoved(optimizer.update(now), now);
        };
        const moved = parts.map((part) => {
          const slots = under(step.slots, slotsOf(part));
          const scale = paces[part]?.(step.at) ?? step.at.scale;
          const steps = asScalar(pick(slots, 'steps'));
          const { steps: _, ...kept } = slots;
          const next = move(part, { slots: kept, at: { ...step.at, scale, step: steps } });
          const awake = tf.notEqual(scale, 0);
          const awakeSlots = { ...next.slots, steps: tf.add(steps, 1) };
          return {
            trained: unlessAsleep(awake, next.trained, step.trained),
            slots: prefixed(unlessAsleep(awake, awakeSlots, slots), slotsOf(part)),
          };
        });
        const all = [move(undefined, { slots: without(step.slots, 'pace') }), ...moved];
        return {
          trained: Object.assign({}, ...all.map(({ trained }) => trained)),
          slots: Object.assign({}, ...all.map(({ slots }) => slots)),
        };
      }),
  };
}

/** A part that nothing lies in has no pace, whatever was meant. */
function checkPaces(paces: Paces, trained: NamedTensors): void {
  const names = Object.keys(trained);
  for (const [part, pace] of Object.entries(paces)) {
    if (typeof pace !== 'function') {
      throw wrong(
        `is no function for \`${part}\``,
        'Each is a factor of the base rate, as `{ predictor: () => tf.scalar(1) }`.',
      );
    }
    if (names.some((name) => partOf(name, [part]) === part)) continue;
    const parts = [...new Set(names.map((name) => name.split('.')[0]))];
    throw wrong(
      `names \`${part}\`, and nothing that is trained is called \`${part}.…\``,
      `There are ${parts.join(', ')}.`,
    );
  }
}

const wrong = (found: string, help: string): SspError =>
  new SspError('method-paces', `\`paces\` of the method ${found}`, { help });

/** Those that do not lie under a name. */
const without = (tensors: NamedTensors, part: string): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith(`${part}.`)));

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
