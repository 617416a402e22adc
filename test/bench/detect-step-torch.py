"""The step of detect-step-ours.mjs by torchvision's FasterRCNN, channels last, driven in the same way."""
import json
import re
import sys
import time
from contextlib import nullcontext

import torch
import torchvision
from torch import nn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, FasterRCNN
from torchvision.ops import roi_align

from networks_torch import encoder

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])
generator = torch.Generator().manual_seed(0)
torch.manual_seed(0)
size, batch, classes = config["pixels"], config["batch"], config["classes"]
network = config["backbone"]
layers, features = encoder(network["name"], network["args"], size)
last = {"resnet18": 2, "resnet50": 3}[network["name"]]
*layers, _, _ = layers


class Mixed(nn.Sequential):
    def forward(self, x):
        half = config["precision"] == "bf16"
        with torch.autocast("cpu", torch.bfloat16) if half else nullcontext():
            x = super().forward(x)
        return x.float()


class Head(Mixed):
    def forward(self, x):
        return super().forward(x).mean((2, 3))


trunk, head = Mixed(*layers[:-last]), Head(*layers[-last:])
with torch.no_grad():
    trunk.eval()
    found = trunk(torch.zeros(1, 3, size, size)).shape
    trunk.train()
trunk.out_channels, scale = found[1], found[2] / size


class Pool(nn.Module):
    def forward(self, maps, boxes, sizes):
        return roi_align(maps["0"], boxes, config["roi"], scale, 0, aligned=True)


proposals = config["proposals"]
model = FasterRCNN(
    trunk,
    min_size=size,
    max_size=size,
    rpn_anchor_generator=AnchorGenerator((tuple(config["anchors"]),), ((0.5, 1.0, 2.0),)),
    rpn_pre_nms_top_n_train=12 * proposals,
    rpn_post_nms_top_n_train=2 * proposals,
    rpn_batch_size_per_image=config["anchorSamples"],
    box_head=head,
    box_predictor=FastRCNNPredictor(features, classes + 1),
    box_batch_size_per_image=config["boxSamples"],
)
model.roi_heads.box_roi_pool = Pool()
model = model.train().to(memory_format=torch.channels_last)
optimiser = torch.optim.SGD(model.parameters(), 0.001, momentum=0.9, weight_decay=1e-4)
pixels = [torch.randint(0, 256, (3, size, size), dtype=torch.uint8, generator=generator) for _ in range(batch)]


def boxes():
    low = torch.rand(config["objects"], 2, generator=generator) * (size / 2 - 1)
    sides = 20 + torch.rand(config["objects"], 2, generator=generator) * (size / 2 - 20)
    return torch.cat([low, low + sides], 1)


targets = [
    {"boxes": boxes(), "labels": torch.randint(1, classes + 1, (config["objects"],), generator=generator)}
    for _ in range(batch)
]


def step():
    start = time.perf_counter()
    loss = sum(model([x.float() / 255 for x in pixels], targets).values())
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    assert torch.isfinite(torch.tensor(loss.item()))
    return 1000 * (time.perf_counter() - start)


def peak():
    with open("/proc/self/status") as status:
        return int(re.search(r"^VmHWM:\s*(\d+) kB$", status.read(), re.M)[1]) / 1024


print(json.dumps(f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}"), flush=True)
for line in sys.stdin:
    what, *count = line.split()
    answer = peak() if what == "memory" else [step() for _ in range(int(count[0]))]
    print(json.dumps(answer), flush=True)
