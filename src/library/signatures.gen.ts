// Generated from stdlib/*.ssp by `npm run gen`. Do not edit.
import type { Artifact, Backbone, EncoderArtifact, Interval, Method, Optimizer, Schedule, Views } from './stage.js';

export interface Signatures {
  readonly stages: {
    readonly 'std.data.emoji': { readonly size: number; readonly hold_out: 'noto' | 'twemoji' | 'openmoji' | 'fluent' | 'emojione' | 'fxemoji' | 'none' };
    readonly 'std.data.cifar10': { readonly root: string; readonly size: number; readonly classes: string | null; readonly per_class: number | null; readonly check: 'published' | 'layout'; readonly seed: number };
    readonly 'std.data.cifar100': { readonly root: string; readonly size: number; readonly classes: string | null; readonly per_class: number | null; readonly check: 'published' | 'layout'; readonly seed: number };
    readonly 'std.data.stl10': { readonly root: string; readonly size: number; readonly unlabelled: boolean; readonly fold: number | null; readonly classes: string | null; readonly per_class: number | null; readonly check: 'published' | 'layout'; readonly seed: number };
    readonly 'std.data.images': { readonly root: string; readonly size: number; readonly fit: 'cover' | 'stretch' | 'contain'; readonly decode: 'exact' | 'fast'; readonly background: string; readonly list: string | null; readonly splits: { readonly train: number; readonly validation: number; readonly test: number }; readonly classes: string | null; readonly per_class: number | null; readonly skip: number; readonly seed: number };
    readonly 'std.data.tiny_imagenet': { readonly root: string; readonly size: number; readonly decode: 'exact' | 'fast'; readonly classes: string | null; readonly per_class: number | null; readonly check: 'published' | 'layout'; readonly seed: number };
    readonly 'std.data.imagenet': { readonly root: string; readonly classes: string | null; readonly size: number; readonly fit: 'cover' | 'stretch' | 'contain'; readonly decode: 'exact' | 'fast'; readonly per_class: number | null; readonly validation: boolean; readonly skip: number; readonly check: 'published' | 'layout'; readonly seed: number };
    readonly 'std.data.voc': { readonly root: string; readonly year: '2007' | '2012' | '2007+2012'; readonly size: number; readonly fit: 'stretch' | 'contain'; readonly decode: 'exact' | 'fast'; readonly check: 'published' | 'layout' };
    readonly 'std.data.leakage': { readonly on: Artifact; readonly train: string; readonly test: string; readonly likeness: number };
    readonly 'std.pairs.semantic_pairs': { readonly source: Artifact; readonly list: string | null; readonly per_class: number | null; readonly reuse: number | null; readonly split: string; readonly seed: number };
    readonly 'std.pairs.augmented_pairs': { readonly source: Artifact; readonly per_class: number | null; readonly split: string; readonly seed: number };
    readonly 'std.pairs.augmented_control': { readonly of: Artifact };
    readonly 'std.pairs.automatic_pairs': { readonly source: Artifact; readonly encoder: EncoderArtifact; readonly split: string; readonly k: number; readonly mutual: boolean; readonly threshold: number | null; readonly near_duplicate: number | null; readonly within: string | null; readonly apart: string | null };
    readonly 'std.pairs.subset_pairs': { readonly of: Artifact; readonly per_class: number; readonly seed: number };
    readonly 'std.pairs.corrupted_pairs': { readonly of: Artifact; readonly share: number; readonly label: string; readonly seed: number };
    readonly 'std.pairs.mixed_pairs': { readonly a: Artifact; readonly b: Artifact; readonly share: number; readonly seed: number };
    readonly 'std.pairs.matched': { readonly a: Artifact; readonly b: Artifact; readonly label: string };
    readonly 'std.pairs.pair_audit': { readonly pairs: Artifact; readonly source: Artifact; readonly label: string; readonly split: string };
    readonly 'std.probe.linear_probe': { readonly encoder: EncoderArtifact; readonly on: Artifact; readonly label: string; readonly train: string; readonly validation: string | null; readonly test: string; readonly penalties: readonly number[]; readonly held_out: number; readonly seed: number };
    readonly 'std.probe.knn_probe': { readonly encoder: EncoderArtifact; readonly on: Artifact; readonly k: number; readonly temperature: number; readonly label: string; readonly train: string; readonly test: string };
    readonly 'std.probe.retrieval': { readonly encoder: EncoderArtifact; readonly on: Artifact; readonly label: string; readonly apart: string; readonly split: string };
    readonly 'std.train.pretrain': { readonly pairs: Artifact; readonly views: Views; readonly method: Method; readonly backbone: Backbone; readonly epochs: number; readonly batch: number; readonly optimizer: Optimizer; readonly schedule: Schedule; readonly init: EncoderArtifact | null; readonly precision: 'fp32' | 'bf16' | 'auto'; readonly seed: number };
    readonly 'std.train.supervised': { readonly images: Artifact; readonly views: Views; readonly backbone: Backbone; readonly label: string; readonly split: string; readonly epochs: number; readonly batch: number; readonly optimizer: Optimizer; readonly schedule: Schedule; readonly init: EncoderArtifact | null; readonly precision: 'fp32' | 'bf16' | 'auto'; readonly seed: number };
    readonly 'std.train.random_init': { readonly backbone: Backbone; readonly seed: number };
    readonly 'std.train.pretrained': { readonly weights: string; readonly backbone: Backbone | null; readonly prefix: string; readonly size: number | null; readonly normalise: 'file' | 'imagenet' | 'none' };
    readonly 'std.views.perturbed': { readonly source: Artifact; readonly views: Views; readonly split: string; readonly seed: number };
  };
  readonly values: {
    readonly 'std.backbone.resnet18': { readonly args: { readonly width: number; readonly stem: 'imagenet' | 'small' | 'small-half'; readonly zero_init_residual: boolean }; readonly result: 'Backbone' };
    readonly 'std.backbone.resnet34': { readonly args: { readonly width: number; readonly stem: 'imagenet' | 'small' | 'small-half'; readonly zero_init_residual: boolean }; readonly result: 'Backbone' };
    readonly 'std.backbone.resnet50': { readonly args: { readonly width: number; readonly stem: 'imagenet' | 'small' | 'small-half'; readonly zero_init_residual: boolean }; readonly result: 'Backbone' };
    readonly 'std.backbone.vit_ti': { readonly args: { readonly patch: number; readonly image: number; readonly drop_path: number }; readonly result: 'Backbone' };
    readonly 'std.backbone.vit_s': { readonly args: { readonly patch: number; readonly image: number; readonly drop_path: number }; readonly result: 'Backbone' };
    readonly 'std.backbone.vit_b': { readonly args: { readonly patch: number; readonly image: number; readonly drop_path: number }; readonly result: 'Backbone' };
    readonly 'std.backbone.pixels': { readonly args: { readonly size: number }; readonly result: 'Backbone' };
    readonly 'std.optim.sgd': { readonly args: { readonly lr: number; readonly momentum: number; readonly nesterov: boolean; readonly decay: number; readonly exclude: boolean }; readonly result: 'Optimizer' };
    readonly 'std.optim.adamw': { readonly args: { readonly lr: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number; readonly decay: number; readonly final_decay: number | null; readonly exclude: boolean }; readonly result: 'Optimizer' };
    readonly 'std.optim.lars': { readonly args: { readonly lr: number; readonly vector_lr: number | null; readonly momentum: number; readonly eta: number; readonly decay: number; readonly exclude: boolean; readonly variant: 'official' | 'simclr' | 'bolts' | 'solo'; readonly clip: boolean }; readonly result: 'Optimizer' };
    readonly 'std.optim.clip': { readonly args: { readonly optimizer: Optimizer; readonly norm: number; readonly per: 'all' | 'parameter' }; readonly result: 'Optimizer' };
    readonly 'std.optim.cosine': { readonly args: { readonly warmup: number; readonly start: number | null; readonly final: number; readonly every: 'step' | 'epoch' }; readonly result: 'Schedule' };
    readonly 'std.optim.constant': { readonly args: Readonly<Record<string, never>>; readonly result: 'Schedule' };
    readonly 'std.optim.steps': { readonly args: { readonly at: readonly number[]; readonly factor: number }; readonly result: 'Schedule' };
    readonly 'std.ssl.simclr': { readonly args: { readonly temperature: number; readonly hidden: number; readonly dim: number; readonly head: 'paper' | 'official'; readonly sum: boolean }; readonly result: 'Method' };
    readonly 'std.ssl.vicreg': { readonly args: { readonly invariance: number; readonly variance: number; readonly covariance: number; readonly hidden: number; readonly dim: number }; readonly result: 'Method' };
    readonly 'std.ssl.byol': { readonly args: { readonly tau: number; readonly schedule: 'cosine' | 'constant'; readonly target: 'fresh' | 'copy'; readonly hidden: number; readonly dim: number }; readonly result: 'Method' };
    readonly 'std.ssl.simsiam': { readonly args: { readonly layers: number; readonly dim: number; readonly predictor: number; readonly constant_predictor: boolean }; readonly result: 'Method' };
    readonly 'std.ssl.barlow_twins': { readonly args: { readonly redundancy: number; readonly scale: number; readonly hidden: number; readonly dim: number }; readonly result: 'Method' };
    readonly 'std.ssl.moco_v2': { readonly args: { readonly temperature: number; readonly queue: number; readonly momentum: number; readonly schedule: 'constant' | 'cosine'; readonly symmetric: boolean; readonly split_bn: number; readonly head: 'mlp' | 'linear'; readonly hidden: number | null; readonly dim: number }; readonly result: 'Method' };
    readonly 'std.ssl.moco_v3': { readonly args: { readonly temperature: number; readonly preset: '100' | '300' | '1000'; readonly momentum: number | null; readonly schedule: 'cosine' | 'constant'; readonly hidden: number; readonly dim: number; readonly projector: number; readonly predictor_norm: boolean; readonly frozen_patches: boolean }; readonly result: 'Method' };
    readonly 'std.ssl.nnclr': { readonly args: { readonly temperature: number; readonly queue: number; readonly hidden: number; readonly dim: number; readonly predictor: number }; readonly result: 'Method' };
    readonly 'std.ssl.supcon': { readonly args: { readonly label: string; readonly temperature: number; readonly base_temperature: number; readonly hidden: number | null; readonly dim: number }; readonly result: 'Method' };
    readonly 'std.views.simclr_views': { readonly args: { readonly size: number; readonly scale: Interval; readonly ratio: Interval; readonly flip: number; readonly rotation: number; readonly jitter: number; readonly strength: number; readonly grayscale: number; readonly blur: number; readonly sigma: Interval }; readonly result: 'Views' };
    readonly 'std.views.byol_views': { readonly args: { readonly size: number; readonly scale: Interval; readonly ratio: Interval; readonly flip: number; readonly rotation: number; readonly jitter: number; readonly strength: number; readonly grayscale: number; readonly blur: number; readonly second_blur: number; readonly sigma: Interval; readonly solarise: number }; readonly result: 'Views' };
    readonly 'std.views.moco_views': { readonly args: { readonly size: number; readonly scale: Interval; readonly ratio: Interval; readonly flip: number; readonly rotation: number; readonly jitter: number; readonly strength: number; readonly grayscale: number; readonly blur: number; readonly sigma: Interval }; readonly result: 'Views' };
    readonly 'std.views.dino_views': { readonly args: { readonly size: number; readonly local_size: number; readonly locals: number; readonly scale: Interval; readonly local_scale: Interval; readonly ratio: Interval; readonly flip: number; readonly rotation: number; readonly jitter: number; readonly strength: number; readonly grayscale: number; readonly sigma: Interval; readonly solarise: number }; readonly result: 'Views' };
    readonly 'std.views.swav_views': { readonly args: { readonly size: number; readonly local_size: number; readonly locals: number; readonly scale: Interval; readonly local_scale: Interval; readonly ratio: Interval; readonly flip: number; readonly rotation: number; readonly jitter: number; readonly strength: number; readonly grayscale: number; readonly blur: number; readonly sigma: Interval }; readonly result: 'Views' };
    readonly 'std.views.multi_crop': { readonly args: { readonly globals: Views; readonly locals: Views; readonly count: number }; readonly result: 'Views' };
    readonly 'std.views.crop_only': { readonly args: { readonly size: number; readonly scale: Interval; readonly ratio: Interval }; readonly result: 'Views' };
  };
}
