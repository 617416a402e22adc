"""scikit-learn's side of bench:probe: fits the features that ours has drawn, to the tolerance of each line."""
import json
import sys
import time

import numpy as np
import scipy
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

config = json.loads(sys.argv[1])
folder, n, d = config["folder"], config["n"], config["d"]
x = np.fromfile(f"{folder}/features.bin", np.float32).reshape(n, d)
y = np.fromfile(f"{folder}/labels.bin", np.int32)
versions = f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, scipy {scipy.__version__}"
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    cpu, clock = time.process_time(), time.perf_counter()
    model = LogisticRegression(tol=float(line), max_iter=10_000).fit(StandardScaler().fit_transform(x), y)
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    np.ascontiguousarray(model.coef_.T, dtype=np.float64).tofile(f"{folder}/theirs.bin")
    steps = int(model.n_iter_[0])
    print(json.dumps({"cpu": cpu, "seconds": clock, "iterations": steps}), flush=True)
