import { pythonWith } from './python-with.js';

const packages = ['torch==2.13.0', 'torchvision==0.28.0', 'pillow==13.0.0', 'numpy'];

/** PYTHON_TORCH, or a Python in a scratch folder that has torchvision; the first call makes it. */
export const pythonWithTorchvision = () =>
  pythonWith('ssp-bench-torchvision', ['torch', 'torchvision', 'numpy'], packages);
