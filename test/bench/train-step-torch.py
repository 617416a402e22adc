"""The step of train-step-ours.mjs in PyTorch, channels last, driven in the same way."""
import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        y += x if self.downsample is None else self.downsample(x)
        return F.relu(y, inplace=True)


def encoder(width, stem):
    assert stem in ("small", "small-half")
    layers = [
        nn.Conv2d(3, width, 3, 1 if stem == "small" else 2, 1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    ]
    inputs = width
    for stage in range(4):
        for index in range(2):
            outputs = width * 2**stage
            layers.append(Block(inputs, outputs, 2 if stage > 0 and index == 0 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


width, pairs, pixels = config["width"], config["pairs"], config["pixels"]
model = nn.Sequential(
    encoder(width, config["stem"]),
    nn.Linear(8 * width, config["hidden"], bias=False),
    nn.BatchNorm1d(config["hidden"]),
    nn.ReLU(inplace=True),
    nn.Linear(config["hidden"], config["dim"], bias=False),
).to(memory_format=torch.channels_last)
if config["optimiser"] == "adamw":
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=1e-4)
else:
    optimiser = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9, weight_decay=1e-4)
views = [
    torch.rand(pairs, 3, pixels, pixels).to(memory_format=torch.channels_last) for _ in range(2)
]
other = (torch.arange(2 * pairs) + pairs) % (2 * pairs)
diagonal = torch.eye(2 * pairs, dtype=torch.bool)


def step():
    start = time.perf_counter()
    z = F.normalize(model(torch.cat(views)))
    logits = (z @ z.T / 0.2).masked_fill(diagonal, -1e9)
    loss = F.cross_entropy(logits, other)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    assert torch.isfinite(torch.tensor(loss.item()))
    return 1000 * (time.perf_counter() - start)


print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps([step() for _ in range(int(line))]), flush=True)
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), flush=True)
