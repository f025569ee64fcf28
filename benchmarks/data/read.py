"""Reads a CSV file with pandas and converts it to float32. Prints seconds and peak memory as JSON."""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

start = time.perf_counter()
frame = pd.read_csv(sys.argv[1])
target = frame.pop("y").to_numpy()
inputs = frame.to_numpy(dtype=np.float32)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"version": f"pandas {pd.__version__}", "seconds": seconds, "peakBytes": peak}))
