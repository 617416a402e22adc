"""SimCLR in plain PyTorch, as a stage of `ssp`: a folder with Images in, an Encoder out.

    python simclr_torch.py IMAGES OUT --epochs 20 --batch 128 --seed 1

Needs torch, torchvision, numpy and safetensors. `torch.ssp` beside this file calls it.
"""
import argparse
import json
import math
import os
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from safetensors.torch import save_file

parser = argparse.ArgumentParser()
parser.add_argument("images", type=pathlib.Path)
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--rate", type=float, default=0.1)
parser.add_argument("--temperature", type=float, default=0.5)
parser.add_argument("--seed", type=int, default=1)
args = parser.parse_args()

torch.manual_seed(args.seed)
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads())))
device = "cuda" if torch.cuda.is_available() else "cpu"

# Images: uint8 (n, size, size, 3) in one file, or many of them in several; items.json says what they are.
files = sorted(args.images.glob("images*.npy"))
pixels = np.concatenate([np.load(file, mmap_mode="r") for file in files])
if (args.images / "rows.npy").exists():  # images of another set, by their places in it
    pixels = pixels[np.load(args.images / "rows.npy")]
items = json.loads((args.images / "items.json").read_text())["items"]
train = [index for index, item in enumerate(items) if item["split"] == "train"]
x = torch.from_numpy(pixels[train]).permute(0, 3, 1, 2)

# The network `resnet18(stem: "small-half")` of `std.backbone`: torchvision's, with another first layer.
encoder = torchvision.models.resnet18()
encoder.conv1 = torch.nn.Conv2d(3, 64, 3, stride=2, padding=1, bias=False)
torch.nn.init.kaiming_normal_(encoder.conv1.weight, mode="fan_out", nonlinearity="relu")
encoder.maxpool = torch.nn.Identity()
encoder.fc = torch.nn.Identity()
features = 512
projector = torch.nn.Sequential(
    torch.nn.Linear(features, 2048), torch.nn.ReLU(), torch.nn.Linear(2048, 128)
)
model = torch.nn.Sequential(encoder, projector).to(device)


def cropped(images):
    """A random crop of each image, 8 % to all of its area, as large as the image; half of them mirrored."""
    n = len(images)
    area = torch.empty(n).uniform_(0.08, 1)
    ratio = torch.empty(n).uniform_(math.log(3 / 4), math.log(4 / 3)).exp()
    w, h = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    across, down = ((2 * torch.rand(n) - 1) * (1 - side) for side in (w, h))
    mirrored = w * (2.0 * (torch.rand(n) < 0.5) - 1)
    zero = torch.zeros(n)
    theta = torch.stack([mirrored, zero, across, zero, h, down], dim=1).view(n, 2, 3)
    grid = F.affine_grid(theta, images.shape, align_corners=False)
    return F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)


def nt_xent(z):
    """Chen et al. 2020, arXiv:2002.05709, equation 1; rows i and i + n are two views of one image."""
    z = F.normalize(z)
    similar = (z @ z.T / args.temperature).fill_diagonal_(-torch.inf)
    n = len(z) // 2
    return F.cross_entropy(similar, torch.arange(2 * n, device=z.device).roll(n))


steps = len(x) // args.batch
if steps == 0:
    raise SystemExit(f"{len(x)} images to train on are no batch of {args.batch}")
optimizer = torch.optim.SGD(model.parameters(), args.rate, momentum=0.9, weight_decay=1e-4)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, args.epochs * steps)
for epoch in range(args.epochs):
    total = 0.0
    for batch in torch.randperm(len(x))[: steps * args.batch].split(args.batch):
        seen = x[batch].float() / 255
        loss = nt_xent(model(torch.cat([cropped(seen), cropped(seen)]).to(device)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
    print(f"epoch {epoch + 1}/{args.epochs}: loss {total / steps:.4f}", flush=True)

# The encoder: weights by torchvision's names, and what is needed to use them.
weights = {name: tensor.cpu().contiguous() for name, tensor in encoder.state_dict().items()}
save_file(weights, args.out / "encoder.safetensors")
about = {
    "version": 1,
    "network": "resnet18",
    "arguments": {"width": 64, "stem": "small-half", "zero_init_residual": False},
    "names": "torchvision",
    "features": features,
    # Images come as they are, from 0 to 1.
    "input": {"size": None, "normalise": {"mean": [0, 0, 0], "std": [1, 1, 1]}},
    "images": args.epochs * steps * args.batch,
    "steps": args.epochs * steps,
}
(args.out / "encoder.json").write_text(json.dumps(about, indent=2))
