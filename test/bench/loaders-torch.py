"""torchvision's data sets behind a DataLoader, driven by loaders.mjs; makes the files of both sides."""
import io
import json
import os
import pickle
import sys
import tarfile
import time

import numpy as np
import torch
from PIL import Image
from torch_side import photograph, versions
from torchvision import datasets, transforms

config = json.loads(sys.argv[1])
root, counts = config["root"], config["counts"]
torch.set_num_threads(1)
# What is made here has no published checksums.
datasets.cifar.check_integrity = lambda *_: True
datasets.stl10.STL10._check_integrity = lambda _: True


def folder(*names):
    path = os.path.join(root, *names)
    os.makedirs(path, exist_ok=True)
    return path


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def jpeg(image, quality=92):
    into = io.BytesIO()
    image.save(into, "JPEG", quality=quality)
    return into.getvalue()


def make_cifar10(n):
    """Both versions: five batches and one for testing, binary and pickled."""
    rng = np.random.default_rng(0)
    binary, pickled = folder("cifar10", "cifar-10-batches-bin"), folder("cifar10", "cifar-10-batches-py")
    names = "airplane automobile bird cat deer dog frog horse ship truck".split()
    for name in [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]:
        labels = rng.integers(0, 10, n // 6, np.uint8)
        data = rng.integers(0, 256, (n // 6, 3072), np.uint8)
        write(os.path.join(binary, f"{name}.bin"), np.hstack([labels[:, None], data]).tobytes())
        write(os.path.join(pickled, name), pickle.dumps({"data": data, "labels": labels.tolist()}))
    write(os.path.join(binary, "batches.meta.txt"), "".join(f"{name}\n" for name in names).encode())
    write(os.path.join(pickled, "batches.meta"), pickle.dumps({"label_names": names}))


def make_stl10(n):
    rng = np.random.default_rng(1)
    place = folder("stl10", "stl10_binary")
    for split, count in ("train", 5 * n // 13), ("test", 8 * n // 13):
        write(os.path.join(place, f"{split}_X.bin"), rng.integers(0, 256, count * 27648, np.uint8).tobytes())
        write(os.path.join(place, f"{split}_y.bin"), rng.integers(1, 11, count, np.uint8).tobytes())
    names = "airplane bird car cat deer dog horse monkey ship truck".split()
    write(os.path.join(place, "class_names.txt"), "".join(f"{name}\n" for name in names).encode())
    write(os.path.join(place, "fold_indices.txt"), b"0 1 2\n" * 10)


def make_tiny_imagenet(n):
    place = ["tiny_imagenet", "tiny-imagenet-200"]
    ids = [f"n{i:08}" for i in range(200)]
    write(os.path.join(folder(*place), "wnids.txt"), "".join(f"{name}\n" for name in ids).encode())
    write(os.path.join(folder(*place), "words.txt"), "".join(f"{name}\tthing {name}\n" for name in ids).encode())
    write(os.path.join(folder(*place, "val"), "val_annotations.txt"), b"")
    for i in range(n):
        name = ids[i % 200]
        path = os.path.join(folder(*place, "train", name, "images"), f"{name}_{i // 200}.JPEG")
        write(path, jpeg(photograph(i, 64, 64), 75))


def make_images(n):
    for i in range(n):
        path = os.path.join(folder("images", "train", f"class-{i % 8}"), f"{i:05}.jpg")
        write(path, jpeg(photograph(i, *((375, 500) if i % 4 else (500, 375)))))


def make_archive(n):
    """The same photographs as webdataset's shards have them: an image and its class."""
    files = sorted(datasets.ImageFolder(folder("images", "train")).samples)
    with tarfile.open(os.path.join(folder("archive"), "train-0000.tar"), "w") as tar:
        for path, label in files:
            key = os.path.basename(path)[:-4]
            for name, content in (f"{key}.jpg", open(path, "rb").read()), (f"{key}.cls", str(label).encode()):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))


def make_voc(n):
    place = ["voc", "VOCdevkit", "VOC2007"]
    names = [f"{i:06}" for i in range(n)]
    for i, name in enumerate(names):
        write(os.path.join(folder(*place, "JPEGImages"), f"{name}.jpg"), jpeg(photograph(i, 375, 500)))
        box = "<xmin>10</xmin><ymin>20</ymin><xmax>200</xmax><ymax>300</ymax>"
        write(os.path.join(folder(*place, "Annotations"), f"{name}.xml"), (
            f"<annotation><filename>{name}.jpg</filename><size><width>500</width><height>375</height>"
            f"<depth>3</depth></size><object><name>dog</name><difficult>0</difficult><truncated>0</truncated>"
            f"<bndbox>{box}</bndbox></object></annotation>").encode())
    write(os.path.join(folder(*place, "ImageSets", "Main"), "train.txt"), "\n".join(names).encode())


plain = transforms.PILToTensor()
square = transforms.Compose([transforms.Resize(64), transforms.CenterCrop(64), plain])
stretched = transforms.Compose([transforms.Resize((320, 320)), plain])


class Archive(torch.utils.data.IterableDataset):
    """Samples of a shard as webdataset makes them: files that have a key in common, read one after another."""

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        share = (worker.id, worker.num_workers) if worker else (0, 1)
        sample = {}
        with tarfile.open(os.path.join(root, "archive", "train-0000.tar"), "r|") as tar:
            for place, entry in enumerate(tar):
                # One shard has no others for the other workers: each takes its share of the samples.
                if place // 2 % share[1] != share[0]:
                    continue
                sample[entry.name[-3:]] = tar.extractfile(entry).read()
                if len(sample) == 2:
                    yield square(Image.open(io.BytesIO(sample["jpg"])).convert("RGB")), int(sample["cls"])
                    sample = {}


def both(make):
    return torch.utils.data.ConcatDataset([make(True), make(False)])


sets = {
    "cifar10": lambda: both(lambda train: datasets.CIFAR10(os.path.join(root, "cifar10"), train, plain)),
    "stl10": lambda: both(
        lambda train: datasets.STL10(os.path.join(root, "stl10"), "train" if train else "test", transform=plain)),
    "tiny_imagenet": lambda: datasets.ImageFolder(
        os.path.join(root, "tiny_imagenet", "tiny-imagenet-200", "train"), plain),
    "images": lambda: datasets.ImageFolder(os.path.join(root, "images", "train"), square),
    "archive": Archive,
    "voc": lambda: datasets.VOCDetection(
        os.path.join(root, "voc"), "2007", "train", transforms=lambda image, about: (stretched(image), 0)),
}


def make(name):
    globals()[f"make_{name}"](counts[name])
    return counts[name]


def read(name, workers):
    """Seconds from the first images to the last; of records from the beginning, which no process has to start for."""
    start = time.perf_counter()
    first = None
    seen = 0
    for pixels, _ in torch.utils.data.DataLoader(sets[name](), batch_size=50, num_workers=int(workers)):
        seen += len(pixels)
        if first is None and seen >= config["first"]:
            first = (time.perf_counter(), seen)
    whole = (seen, time.perf_counter() - start)
    begun, before = first
    part = (seen - before, time.perf_counter() - begun)
    images, seconds = whole if name in config["records"] else part
    if seen != counts[name]:
        raise ValueError(f"{name} has {seen} images, not {counts[name]}")
    return images / seconds


print(json.dumps(versions), flush=True)
for line in sys.stdin:
    what, *rest = line.split()
    print(json.dumps({"make": make, "read": read}[what](*rest)), flush=True)
