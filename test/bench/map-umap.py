"""umap-learn's side of bench:map: lays out the features that ours has, by the seed of each line; `trust` scores ours."""
import json
import sys
import time
import warnings

import numpy as np
import sklearn
import umap
from sklearn.manifold import trustworthiness

warnings.filterwarnings("ignore")
config = json.loads(sys.argv[1])
folder, n, d = config["folder"], config["n"], config["d"]
x = np.fromfile(f"{folder}/features.bin", np.float32).reshape(n, d)
umap.UMAP(random_state=0, n_epochs=10).fit_transform(x[:100])
print(json.dumps(f"umap-learn {umap.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}"), flush=True)
for line in sys.stdin:
    if line.strip() == "trust":
        places = np.fromfile(f"{folder}/places.bin", np.float64).reshape(n, 2)
        print(json.dumps(float(trustworthiness(x, places, n_neighbors=15))), flush=True)
        continue
    cpu, clock = time.process_time(), time.perf_counter()
    places = umap.UMAP(random_state=int(line)).fit_transform(x)
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    score = float(trustworthiness(x, places, n_neighbors=15))
    print(json.dumps({"cpu": cpu, "seconds": clock, "trust": score}), flush=True)
