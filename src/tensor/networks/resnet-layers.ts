/** How images enter: 7x7 stride 2 and max pooling, 3x3 stride 1, or 3x3 stride 2. */
export type Stem = 'imagenet' | 'small' | 'small-half';

/** A residual network. */
export interface ResNetShape {
  /**
   * `basic`: two 3x3 convolutions; `bottleneck`: 1x1, 3x3 and 1x1, the last of which gives four times
   * as many channels. The stride is in the first 3x3, as in torchvision (ResNet "v1.5").
   */
  readonly block: BlockKind;
  /** Blocks in each stage: 2, 2, 2, 2 for ResNet-18. */
  readonly blocks: readonly number[];
  /** Channels of the first stage's 3x3 convolutions; each further stage has twice as many. */
  readonly width: number;
  readonly stem: Stem;
}

export type BlockKind = 'basic' | 'bottleneck';

/** A convolution and the batch norm after it, by their names in torchvision. */
export interface ConvNorm {
  readonly conv: string;
  readonly norm: string;
  readonly size: 1 | 3 | 7;
  readonly input: number;
  readonly output: number;
  readonly stride: 1 | 2;
}

/** Layers after one another, and a shortcut around them. */
export interface Block {
  readonly inner: readonly ConvNorm[];
  /** To this the shortcut is added, before the last ReLU. */
  readonly last: ConvNorm;
  /** On the shortcut, where shapes differ. */
  readonly downsample: ConvNorm | undefined;
}

/** What a convolution of a block is, and whether the block's stride is in it. */
interface Convolution {
  readonly size: 1 | 3;
  readonly strided?: true;
}

/** The convolutions of each kind of block, and how many times the stage's width the last one gives. */
const kinds: Readonly<
  Record<
    BlockKind,
    {
      readonly inner: readonly Convolution[];
      readonly last: Convolution;
      readonly expansion: number;
    }
  >
> = {
  basic: { inner: [{ size: 3, strided: true }], last: { size: 3 }, expansion: 1 },
  bottleneck: {
    inner: [{ size: 1 }, { size: 3, strided: true }],
    last: { size: 1 },
    expansion: 4,
  },
};

const channels = 3;

/** The layer through which images enter. */
export function stemOf({ width, stem }: ResNetShape): ConvNorm {
  return {
    conv: 'conv1',
    norm: 'bn1',
    size: stem === 'imagenet' ? 7 : 3,
    input: channels,
    output: width,
    stride: stem === 'small' ? 1 : 2,
  };
}

/** All blocks, from the first stage to the last. */
export function blocksOf({ block, blocks, width }: ResNetShape): Block[] {
  let input = width;
  return blocks.flatMap((count, stage) =>
    Array.from({ length: count }, (_, index): Block => {
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const made = blockOf(block, {
        name: `layer${stage + 1}.${index}`,
        input,
        width: width * 2 ** stage,
        stride,
      });
      input = made.last.output;
      return made;
    }),
  );
}

/** The length of the features: the channels of the last stage. */
export function featuresOf({ block, blocks, width }: ResNetShape): number {
  return width * 2 ** (blocks.length - 1) * kinds[block].expansion;
}

/** The channels that the last stage gets. */
export function channelsBefore({ block, blocks, width }: ResNetShape): number {
  return width * 2 ** (blocks.length - 2) * kinds[block].expansion;
}

/** Pixels from one cell to the next, before the last stage. */
export function strideOf({ stem, blocks }: ResNetShape): number {
  const entering = { imagenet: 4, small: 1, 'small-half': 2 }[stem];
  return entering * 2 ** (blocks.length - 2);
}

interface Place {
  readonly name: string;
  readonly input: number;
  readonly width: number;
  readonly stride: 1 | 2;
}

function blockOf(kind: BlockKind, { name, input, width, stride }: Place): Block {
  const { inner, last, expansion } = kinds[kind];
  const output = width * expansion;
  const layer = ({ size, strided }: Convolution, index: number): ConvNorm => ({
    conv: `${name}.conv${index + 1}`,
    norm: `${name}.bn${index + 1}`,
    size,
    input: index === 0 ? input : width,
    output: index === inner.length ? output : width,
    stride: strided ? stride : 1,
  });
  const [conv, norm] = [`${name}.downsample.0`, `${name}.downsample.1`];
  return {
    inner: inner.map(layer),
    last: layer(last, inner.length),
    downsample:
      stride === 1 && input === output ? undefined : { conv, norm, size: 1, input, output, stride },
  };
}
