"""Encoders of torchvision and timm, for encoders.test.ts.

`make FOLDER` writes weights and the features that these libraries compute with them; `compare FOLDER`
loads what was exported, without a missing or unexpected name, into the networks that docs/encoders.md
makes, and computes the features again.
"""
import json
import pathlib
import re
import sys

import numpy as np
import timm
import torch
import torchvision
from safetensors.torch import load_file, save_file

page = pathlib.Path(__file__).parents[2] / "docs" / "encoders.md"
exec(re.search(r"```python\n(.*?)```", page.read_text(), re.DOTALL)[1])  # defines network(about)

narrow = {"network": "resnet18", "arguments": {"width": 8, "stem": "small-half"}}
networks = {
    "narrow": lambda: network(narrow),
    "resnet18": torchvision.models.resnet18,
    "resnet50": torchvision.models.resnet50,
    "vit_ti": lambda: timm.create_model("vit_tiny_patch16_224", img_size=64, num_classes=0),
}
mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def model_of(name):
    model = networks[name]()
    if hasattr(model, "fc"):
        model.fc = torch.nn.Identity()
    return model.eval()


def features_of(model, pixels):
    x = torch.from_numpy((pixels / 255 - mean) / std).permute(0, 3, 1, 2).float()
    with torch.no_grad():
        return model(x).numpy()


command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
if command == "make":
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randint(0, 256, (4, 64, 64, 3), generator=generator, dtype=torch.uint8).numpy()
    np.save(folder / "pixels.npy", pixels)
    for name in networks:
        torch.manual_seed(2)
        model = model_of(name)
        with torch.no_grad():  # what a network begins with hides mistakes
            for tensor in [*model.parameters(), *model.buffers()]:
                if tensor.dim() == 1:
                    tensor.add_(0.1 * torch.rand(tensor.shape, generator=generator))
        save_file(model.state_dict(), folder / f"{name}.safetensors")
        np.save(folder / f"{name}.npy", features_of(model, pixels))
else:
    pixels = np.load(folder / "pixels.npy")
    worst = {}
    for name in networks:
        about = json.loads((folder / name / "encoder.json").read_text())
        model = network(about).eval()
        model.load_state_dict(load_file(folder / name / "encoder.safetensors"))
        assert about["features"] == np.load(folder / f"{name}.npy").shape[1]
        assert np.allclose(about["input"]["normalise"]["mean"], mean)
        before = np.load(folder / f"{name}.npy")
        worst[name] = float(np.abs(features_of(model, pixels) - before).max())
    print(json.dumps(worst))
