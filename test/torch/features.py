"""Features that PyTorch computes with an exported encoder: `features.py ENCODER IMAGES OUT`."""
import json
import pathlib
import re
import sys

import numpy as np
import torch
import torchvision
from safetensors.torch import load_file

encoder, images, out = map(pathlib.Path, sys.argv[1:])
page = pathlib.Path(__file__).parents[2] / "docs" / "encoders.md"
text = re.search(r"```python\n(.*?)```", page.read_text(), re.DOTALL)[1]
exec(text.replace("import timm, torch", "import torch"))  # defines network(about)
model = network(json.loads((encoder / "encoder.json").read_text()))
model.load_state_dict(load_file(encoder / "encoder.safetensors"))
x = torch.from_numpy(np.load(images)).permute(0, 3, 1, 2).float() / 255
with torch.no_grad():
    np.save(out, model.eval()(x).numpy())
