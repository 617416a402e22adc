"""The step of train-step-ours.mjs in PyTorch, channels last, driven in the same way."""
import json
import re
import sys
import time
from contextlib import nullcontext

started = time.perf_counter()
import torch

from methods_torch import methods
from networks_torch import encoder

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])
torch.manual_seed(0)
device = config.get("device", "cpu")
# Both are as TF32 or neither: TensorFlow has one switch.
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = config.get("tf32", False)


network, method, pairs = config["backbone"], config["method"], config["pairs"]


def region():
    half = config["precision"] == "bf16"
    return torch.autocast(device, torch.bfloat16) if half else nullcontext()


def encode(backbone, x):
    with region():
        return backbone(x).float()


backbone, features = encoder(network["name"], network["args"], config["pixels"])
model = methods[method["name"]](encode, backbone, features, method["args"], config["memory"])
model = model.to(device, memory_format=torch.channels_last)
optimiser = torch.optim.SGD(
    [p for p in model.parameters() if p.requires_grad], 0.001, momentum=0.9, weight_decay=1e-4
)
views = [
    torch.rand(pairs, 3, size, size).to(device, memory_format=torch.channels_last)
    for size in config["views"]
]
items = torch.arange(pairs, device=device)
labels = items % 10


def step():
    start = time.perf_counter()
    loss = model(views, items, labels)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    model.after_update()
    assert torch.isfinite(torch.tensor(loss.item()))
    return 1000 * (time.perf_counter() - start)


def peak():
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 2**20
    with open("/proc/self/status") as status:
        return int(re.search(r"^VmHWM:\s*(\d+) kB$", status.read(), re.M)[1]) / 1024


print(json.dumps(1000 * (time.perf_counter() - started)), flush=True)
for line in sys.stdin:
    what, *count = line.split()
    answer = peak() if what == "memory" else [step() for _ in range(int(count[0]))]
    print(json.dumps(answer), flush=True)
