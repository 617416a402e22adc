// What TensorFlow refuses on a GPU under TF_DETERMINISTIC_OPS=1, by the words in which its libraries say so.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const always = () => true;
/** Ops by what the refusal names; with a condition where it is for some of their attributes alone. */
const refusals = [
  ['of AdjustContrast', /^AdjustContrast/, always],
  // Of the cuDNN before 7.6.3; nothing here needs the op, so it counts for all.
  ['of DepthwiseConvBackpropFilter', /^DepthwiseConv2dNativeBackpropFilter$/, always],
  ['of ResizeNearestNeighborGrad', /^ResizeNearestNeighborGrad$/, always],
  ['of SparseTensorDenseMatmulOp', /^SparseTensorDenseMatMul$/, always],
  [
    'of fused batch-norm backprop, when training is disabled',
    /^FusedBatchNormGrad/,
    ({ is_training }) => is_training === false,
  ],
  ['for DebugNumericSummaryV2', /^DebugNumericSummaryV2$/, always],
  ['for Dilation2DBackprop', /^Dilation2DBackprop/, always],
  ['for MaxPoolGradWithArgmax', /^MaxPoolGradWithArgmax$/, always],
  ['of Bincount', /^Bincount$/, always],
  ['of DenseBincount', /^DenseBincount$/, always],
  ['of FakeQuantWithMinMax', /^FakeQuantWithMinMax.*Gradient$/, always],
  ['of Scatter ops with ref inputs', /^Scatter(Nd)?(Add|Sub|Mul|Div|Min|Max|Update)$/, always],
  // Begins with the op's name: of variables' scatters.
  [' do not yet have a deterministic implementation', /^ResourceScatter/, always],
  ['of CropAndResizeBackpropBoxes', /^CropAndResizeGradBoxes$/, always],
  ['of CropAndResizeBackpropImage', /^CropAndResizeGradImage$/, always],
  ['of sorted segment reduction op', /^(Sparse)?Segment/, always],
  ['of unsorted segment reduction op', /^UnsortedSegment/, always],
  ['of SoftmaxCrossEntropyWithLogits', /^SoftmaxCrossEntropyWithLogits$/, always],
  ['of SparseSoftmaxCrossEntropyWithLogits', /^SparseSoftmaxCrossEntropyWithLogits$/, always],
  ['Timestamp cannot be called', /^Timestamp$/, always],
  // One feature alone, whose spread nothing asks for.
  ['for SVD of matrices with 1 column', /^$/, always],
  // Of XLA and of cuDNN's attention, which no stage uses.
  ['deterministic XLA implementation', /^$/, always],
  ['HLO instruction', /^$/, always],
  ['DETERMINISTIC mode is not supported in cudnn', /^$/, always],
  ['Deterministic kernel or dbias with ragged', /^$/, always],
];

const refusing =
  /determini.*not (?:yet )?(?:currently )?(?:available|supported)|not (?:yet )?have a deterministic|is not deterministic|cannot be called when determinism/i;

/**
 * Sentences of the libraries that refuse something for determinism and that {@link isRefused} does not know:
 * none, unless TensorFlow is another.
 */
export function unknownRefusals(runtime) {
  const folder = join(runtime, 'tensorflow');
  const files = readdirSync(folder).filter((name) => name.startsWith('libtensorflow'));
  const said = execFileSync(
    'grep',
    ['-ahoE', '[ -~]*[Dd](etermini|ETERMINI)[ -~]*', ...files.map((file) => join(folder, file))],
    { encoding: 'latin1', maxBuffer: 2 ** 28, env: { ...process.env, LC_ALL: 'C' } },
  );
  const sentences = new Set(said.split('\n').filter((line) => / /.test(line)));
  return [...sentences].filter(
    (line) => refusing.test(line) && !refusals.some(([words]) => line.includes(words)),
  );
}

/** Does TensorFlow refuse the op on a GPU where determinism is asked for? */
export const isRefused = ({ op, attrs }) =>
  refusals.some(([, ops, when]) => ops.test(op) && when(attrs));
