import { counted } from '../../base/counted.js';
import { invariant } from '../../base/errors.js';
import { asMatrix } from '../../tensor/as-rank.js';
import { choicesUsed } from '../../tensor/losses/entropy.js';
import { pairCrossEntropy, softCrossEntropies } from '../../tensor/losses/soft-cross-entropy.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import {
  applyDinoHead,
  type DinoHeadShape,
  initDinoHead,
} from '../../tensor/networks/dino-head.js';
import { emaShare } from '../../tensor/optim/ema.js';
import { copied, teacherAt } from '../../tensor/optim/teacher.js';
import { tf } from '../../tensor/tf.js';
import { allWithoutGradient } from '../../tensor/without-gradient.js';
import { choiceLoss } from '../contrast-signs.js';
import { describe } from '../implement.js';
import type { Signs } from '../stage.js';

/**
 * DINO; see stdlib/ssl.ssp. State: the teacher, `teacher.encoder.…` and `teacher.head.…`, the statistics of its
 * own passes, `teacher_statistics.encoder.…`, and `centre` (1, prototypes).
 */
export const make = describe('std.ssl.dino', (args) => {
  const { layers, hidden, dim, prototypes, norm, norm_last_layer: unit } = args;
  const shape: DinoHeadShape = { layers, hidden, dim, prototypes, norm, unit };
  const teacher = teacherAt('teacher');
  const project = (weights: NamedTensors, features: tf.Tensor2D): tf.Tensor2D =>
    applyDinoHead(shape, under(weights, 'head'), features);
  return {
    views: 2,
    moreViews: true,
    signs: signsOf(prototypes),
    ...(args.frozen_epochs > 0 && {
      paces: {
        'head.last_layer': ({ epoch, scale }) =>
          tf.where(tf.greaterEqual(epoch, args.frozen_epochs), scale, tf.zerosLike(scale)),
      },
    }),
    remarks({ epochs }) {
      const { frozen_epochs: frozen, warmup_epochs: warmup } = args;
      const differs = args.warmup_temperature !== args.teacher_temperature;
      // A warm-up of one epoch ends behind it, a longer one with its last.
      const warming = differs && warmup > 0 && epochs <= Math.max(1, warmup - 1);
      const length = `and the training has ${counted(epochs, 'epoch')}`;
      return [
        ...(frozen >= epochs
          ? [
              `the last layer rests for \`frozen_epochs: ${frozen}\`, ${length}: its prototypes stay as they begin`,
            ]
          : []),
        ...(differs && warmup === 0 && args.warmup_temperature !== official
          ? [
              '`warmup_temperature` is not used, as `warmup_epochs` is 0: the temperature is `teacher_temperature` throughout',
            ]
          : []),
        ...(!differs && warmup > 0
          ? [
              '`warmup_epochs` changes nothing, as `warmup_temperature` is `teacher_temperature`: give the one it begins with',
            ]
          : []),
        ...(warming
          ? [
              `the teacher's temperature comes to its end after \`warmup_epochs: ${warmup}\`, ${length}: it never is \`teacher_temperature\``,
            ]
          : []),
      ];
    },
    init({ features, rng, encoder }) {
      const head = prefixed(initDinoHead(shape, features, rng.split('head')), 'head');
      const own =
        args.teacher_head === 'copy'
          ? copied(head)
          : prefixed(initDinoHead(shape, features, rng.split('teacher', 'head')), 'head');
      const followed = { ...copied(prefixed(encoder.trained, 'encoder')), ...own };
      const statistics = copied(prefixed(encoder.stats, 'encoder'));
      return {
        trained: head,
        state: { ...teacher.begin(followed, statistics), centre: tf.zeros([1, prototypes]) },
      };
    },
    loss({ trained, state, views, encodeCrops, at }) {
      const globals = views.slice(0, 2);
      invariant(globals.length === 2, `DINO compares at least 2 views, not ${views.length}`);
      const asked = allWithoutGradient((): NamedTensors => {
        const weights = teacher.weights(state);
        const pass = encodeCrops(weights, teacher.statistics(state), globals, 'still');
        const raw = project(weights, pass.features);
        const centre = pick(state, 'centre');
        const temperature = teacherTemperature(at.epoch, args);
        const logits = asMatrix(tf.div(tf.sub(raw, centre), temperature));
        const targets = asMatrix(tf.softmax(logits));
        const { centre_momentum: momentum } = args;
        const moved = tf.mul(tf.mean(raw, 0, true), 1 - momentum);
        return {
          ...teacher.keep(pass.state),
          centre: tf.add(tf.mul(centre, momentum), moved),
          targets,
          entropy: tf.mean(softCrossEntropies(logits, targets)),
          used: choicesUsed(targets),
          temperature,
        };
      });
      const { targets, entropy, used, temperature, ...kept } = asked;
      invariant(targets && entropy && used && temperature, 'the teacher was asked');
      const { features, state: statistics } = encodeCrops(trained, state, views);
      const logits = asMatrix(tf.div(project(trained, features), args.student_temperature));
      const loss = pairCrossEntropy(logits, asMatrix(targets), views.length);
      return {
        loss,
        state: { ...statistics, ...kept },
        watch: {
          teacher_entropy: entropy,
          kl: klOf(loss, entropy),
          teacher_temperature: temperature,
          teacher_prototypes: used,
        },
      };
    },
    after: ({ trained, state }, { progress }) => ({
      state: teacher.follow(state, trained, emaShare(args.schedule, args.momentum, progress)),
    }),
    encoder: ({ state }) => ({
      trained: under(teacher.weights(state), 'encoder'),
      stats: under(teacher.statistics(state), 'encoder'),
    }),
  };
});

/** What the warm-up begins with where nothing else is given, which is not to be told then. */
const official = 0.04;

/** Collapse to all prototypes alike, and either collapse. */
function signsOf(prototypes: number): Signs {
  const alike = Math.log(prototypes);
  const lines = { 'ln(prototypes)': alike };
  return {
    teacher_entropy: {
      what: 'entropy of the teacher in nats',
      lines,
      alarms: [
        {
          from: 0.99 * alike,
          // The last layer rests in the first epoch, and what images differ by is little then.
          epochs: 2,
          means: 'the teacher chooses all prototypes alike',
          advice: 'so nothing is learnt: lower `teacher_temperature`',
        },
      ],
    },
    teacher_prototypes: {
      what: 'prototypes that the teacher spreads over',
      lines: { prototypes },
      beside: true,
      alarms: [
        {
          to: 1.05,
          epochs: 2,
          means: 'the teacher chooses one prototype for all images',
          advice: 'so nothing is learnt: raise `teacher_temperature`, or lower `centre_momentum`',
        },
      ],
    },
    kl: {
      what: 'divergence of the student from the teacher in nats',
      alarms: [
        {
          to: 0.001,
          means: 'the student says what the teacher says of every view',
          advice:
            'so nothing is learnt: take a lower `teacher_temperature` (or begin with a lower `warmup_temperature` for some `warmup_epochs`) where `teacher_entropy` is high, a higher one where it is near 0',
        },
      ],
    },
    loss: choiceLoss(
      'cross-entropy of teacher and student in nats',
      'ln(prototypes)',
      alike,
      'lower `teacher_temperature`, or raise the learning rate',
    ),
  };
}

/** KL divergence of the student from the teacher: what the loss is above the teacher's own entropy. */
function klOf(loss: tf.Scalar, entropy: tf.Tensor): tf.Tensor {
  const { kl } = allWithoutGradient(() => ({ kl: tf.sub(loss, entropy) }));
  return kl;
}

/** The teacher's temperature in an epoch, from 0: a line from the first to the last of the epochs of warm-up. */
function teacherTemperature(
  epoch: tf.Scalar,
  {
    teacher_temperature: last,
    warmup_temperature: first,
    warmup_epochs: epochs,
  }: {
    readonly teacher_temperature: number;
    readonly warmup_temperature: number;
    readonly warmup_epochs: number;
  },
): tf.Tensor {
  if (epochs === 0 || first === last) return tf.scalar(last);
  const share = tf.minimum(tf.div(epoch, Math.max(1, epochs - 1)), 1);
  return tf.add(tf.mul(share, last - first), first);
}
