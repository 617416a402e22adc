"""What the sides in Python of the benches of images share: torchvision, and photographs that it reads."""
import sys

import numpy as np
import PIL
import torch
from PIL import Image, features

try:
    import torchvision
except RuntimeError:
    # A torchvision that was built for another torch lacks its own ops, which no image needs.
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    ops = torch.library.Library("torchvision", "DEF")
    ops.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    ops.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

versions = f"torchvision {torchvision.__version__}, Pillow {PIL.__version__}"
versions += f" (libjpeg-turbo {features.version('libjpeg_turbo')})"


def photograph(seed, height, width):
    """Colours whose spectrum falls as that of photographs does, and grain."""
    rng = np.random.default_rng(seed)
    rows = np.fft.fftfreq(height)[:, None] * height
    columns = np.fft.rfftfreq(width)[None] * width
    frequency = np.maximum(1, np.hypot(rows, columns))
    power, grain = 1.15 + 0.4 * rng.random(), 4 + 10 * rng.random()

    def plane():
        waves = rng.standard_normal(frequency.shape) + 1j * rng.standard_normal(frequency.shape)
        values = np.fft.irfft2(waves / frequency**power, (height, width))
        return values / values.std()

    light, a, b = plane(), plane(), plane()
    red, green, blue = 125 + 15 * a, 120 - 8 * a + 6 * b, 115 - 18 * b
    pixels = np.stack([red, green, blue], -1) + 45 * light[..., None]
    pixels += grain * rng.standard_normal((height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
