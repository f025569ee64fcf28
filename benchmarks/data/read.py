"""Reads a CSV file with pandas and converts it to float32. Prints seconds, processor seconds and peak memory as JSON."""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

start = time.perf_counter()
cpu_start = time.process_time()
frame = pd.read_csv(sys.argv[1])
target = frame.pop("y").to_numpy()
inputs = frame.to_numpy(dtype=np.float32)
seconds = time.perf_counter() - start
cpu_seconds = time.process_time() - cpu_start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
version = f"pandas {pd.__version__}"
print(json.dumps({"version": version, "seconds": seconds, "cpuSeconds": cpu_seconds, "peakBytes": peak}))
