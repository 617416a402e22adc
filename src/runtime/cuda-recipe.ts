import { cpuRecipe, type RuntimeRecipe, type Wheel } from './recipe.js';

/**
 * TensorFlow 2.21.0 for NVIDIA GPUs from its official wheel, and the wheels of its extra `and-cuda`:
 * of each the newest that its metadata allows (CUDA 12.9, cuDNN 9.28). The driver is the machine's.
 */
export const cudaRecipe: RuntimeRecipe = {
  ...cpuRecipe,
  device: 'cuda',
  wheel: {
    requirement: 'tensorflow==2.21.0',
    file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    bytes: 572_440_367,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    tags: { python: '3.11', abi: 'cp311', platform: 'manylinux_2_27_x86_64' },
  },
  cuda: [
    nvidia(
      'cublas',
      '12.9.3.13',
      'manylinux_2_27_x86_64',
      581_217_458,
      'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
    ),
    nvidia(
      'cuda_cupti',
      '12.9.79',
      'manylinux_2_25_x86_64',
      10_814_997,
      '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
    ),
    nvidia(
      'cuda_nvcc',
      '12.9.86',
      'manylinux2010_x86_64.manylinux_2_12_x86_64',
      40_546_229,
      '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
    ),
    nvidia(
      'cuda_nvrtc',
      '12.9.86',
      'manylinux2010_x86_64.manylinux_2_12_x86_64',
      89_568_129,
      '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
    ),
    nvidia(
      'cuda_runtime',
      '12.9.79',
      'manylinux2014_x86_64.manylinux_2_17_x86_64',
      3_493_179,
      '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
    ),
    nvidia(
      'cudnn',
      '9.28.0.42',
      'manylinux_2_27_x86_64',
      716_538_495,
      '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
    ),
    nvidia(
      'cufft',
      '11.4.1.4',
      'manylinux2014_x86_64.manylinux_2_17_x86_64',
      200_877_592,
      'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
    ),
    nvidia(
      'curand',
      '10.3.10.19',
      'manylinux_2_27_x86_64',
      68_295_626,
      '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
    ),
    nvidia(
      'cusolver',
      '11.7.5.82',
      'manylinux_2_27_x86_64',
      338_117_415,
      '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
    ),
    nvidia(
      'cusparse',
      '12.5.10.65',
      'manylinux2014_x86_64.manylinux_2_17_x86_64',
      366_465_088,
      '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
    ),
    nvidia(
      'nccl',
      '2.32.3',
      'manylinux_2_27_x86_64',
      351_526_311,
      'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
    ),
    nvidia(
      'nvjitlink',
      '12.9.86',
      'manylinux2010_x86_64.manylinux_2_12_x86_64',
      39_748_338,
      'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
    ),
  ],
  // libtensorflow_framework asks for cuSOLVER and, unlike for the others, has no RUNPATH to it;
  // without it TensorFlow registers no GPU at all.
  links: { 'nvidia/cublas/lib/libcusolver.so.11': '../../cusolver/lib/libcusolver.so.11' },
  // The wheels, what is unpacked of them, and a library in the making.
  peakBytes: 10_000_000_000,
};

/** NVIDIA's oldest driver for CUDA 12. */
export const oldestDriver = 525;

function nvidia(
  name: string,
  version: string,
  platform: string,
  bytes: number,
  sha256: string,
): Wheel {
  return {
    requirement: `nvidia-${name.replaceAll('_', '-')}-cu12==${version}`,
    file: `nvidia_${name}_cu12-${version}-py3-none-${platform}.whl`,
    bytes,
    sha256,
    tags: { python: '3.11', abi: 'none', platform: platform.split('.')[0] ?? platform },
  };
}
