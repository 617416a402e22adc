"""torchvision's ImageFolder with Pillow, driven by decode.mjs; makes the photographs too."""
import json
import os
import sys
import time

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
from torchvision import transforms
from torchvision.datasets import ImageFolder

config = json.loads(sys.argv[1])
root, cores = config["root"], config["cores"]
torch.set_num_threads(1)


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


def make(count):
    total = 0
    for i in range(count):
        folder = os.path.join(root, f"class-{i % 8}")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"{i:04}.jpg")
        size = (375, 500) if i % 4 else (500, 375)
        photograph(i, *size).save(path, quality=config["quality"])
        total += os.path.getsize(path)
    return total / count


def images(size):
    return ImageFolder(root, transforms.Compose([
        transforms.Resize(size), transforms.CenterCrop(size), transforms.PILToTensor()]))


def one(size):
    """Processor milliseconds an image, in this process."""
    data = images(size)
    start = time.process_time()
    for i in range(len(data)):
        data[i]
    return 1000 * (time.process_time() - start) / len(data)


def every(size):
    """Images a second with a worker on each core; they have started before the time begins."""
    data = torch.utils.data.ConcatDataset([images(size)] * config["rounds"])
    loader = iter(torch.utils.data.DataLoader(data, batch_size=16, num_workers=cores))
    next(loader)
    start, count = time.perf_counter(), 0
    for pixels, _ in loader:
        count += len(pixels)
    return count / (time.perf_counter() - start)


def write(size):
    """Pixels of all images, in the order of their names."""
    data = images(size)
    np.stack([data[i][0].permute(1, 2, 0).numpy() for i in range(len(data))]).tofile(f"{root}-{size}.bin")
    return len(data)


versions = f"torchvision {torchvision.__version__}, Pillow {PIL.__version__}"
versions += f" (libjpeg-turbo {features.version('libjpeg_turbo')})"
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    what, number = line.split()
    print(json.dumps({"make": make, "one": one, "all": every, "write": write}[what](int(number))), flush=True)
