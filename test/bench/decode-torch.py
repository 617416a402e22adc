"""torchvision's ImageFolder with Pillow, driven by decode.mjs; makes the photographs too."""
import json
import os
import sys
import time

import numpy as np
import torch
from torch_side import photograph, versions
from torchvision import transforms
from torchvision.datasets import ImageFolder

config = json.loads(sys.argv[1])
root, cores = config["root"], config["cores"]
torch.set_num_threads(1)


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


print(json.dumps(versions), flush=True)
for line in sys.stdin:
    what, number = line.split()
    print(json.dumps({"make": make, "one": one, "all": every, "write": write}[what](int(number))), flush=True)
