import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { pick } from '../../src/tensor/named-tensors.js';
import { loadTensors, saveTensors } from '../../src/tensor/stored-tensors.js';
import { tf } from '../../src/tensor/tf.js';

it('loads the tensors that it saved, into the same bytes again', () => {
  loadTensorFlow({ threads: 2 });
  const folder = mkdtempSync(join(tmpdir(), 'tensors-'));
  const first = join(folder, 'first.safetensors');
  const second = join(folder, 'second.safetensors');
  const made = tf.mul(tf.tensor([1, 2, 3, 4], [2, 2]), 0.1);
  saveTensors(first, { 'layer.weight': made, scale: tf.scalar(2) }, { step: '7' });
  const { tensors, metadata } = loadTensors(first);
  expect(metadata).toEqual({ step: '7' });
  expect(pick(tensors, 'layer.weight').shape).toEqual([2, 2]);
  expect(pick(tensors, 'layer.weight').dataSync()).toEqual(made.dataSync());
  saveTensors(second, tensors, metadata);
  expect(readFileSync(second)).toEqual(readFileSync(first));
});
