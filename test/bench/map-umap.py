"""umap-learn's side of bench:map: lays out the features that ours has, by the seed of each line; `trust` scores ours."""
import json
import sys
import time
import warnings

import numba
import numpy as np
import sklearn
import umap
from sklearn.manifold import trustworthiness

warnings.filterwarnings("ignore")
config = json.loads(sys.argv[1])
folder, n, d, metric = config["folder"], config["n"], config["d"], config["metric"]
x = np.fromfile(f"{folder}/features.bin", np.float32).reshape(n, d)
first = umap.UMAP(random_state=0, n_epochs=10).fit(10 * x[:100])
versions = f"umap-learn {umap.__version__}, numba {numba.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}"
if not np.isfinite(first._sigmas).all():
    sys.exit(f"{versions}: widths are infinite, so every edge weighs the same: take umap-learn 0.5.12")
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    if line.strip() == "trust":
        places = np.fromfile(f"{folder}/places.bin", np.float64).reshape(n, 2)
        print(json.dumps(float(trustworthiness(x, places, n_neighbors=15, metric=metric))), flush=True)
        continue
    cpu, clock = time.process_time(), time.perf_counter()
    places = umap.UMAP(n_neighbors=16, metric=metric, n_epochs=500, random_state=int(line)).fit_transform(x)
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    score = float(trustworthiness(x, places, n_neighbors=15, metric=metric))
    print(json.dumps({"cpu": cpu, "seconds": clock, "trust": score}), flush=True)
