"""Records moments and extremes of samples from Keras initializers."""

import numpy as np

from numbers32 import f32
from plan import build_initializer

KERNEL = (784, 800)
BIAS = (4000,)

NAMED = ["GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"]
SCALINGS = [
    {"type": "VarianceScaling", "scale": 2.5, "mode": mode, "distribution": distribution}
    for mode in ("fan_in", "fan_out", "fan_avg")
    for distribution in ("truncated_normal", "untruncated_normal", "uniform")
]
KERNELS = [
    {"type": "Zeros"},
    {"type": "Ones"},
    {"type": "Constant", "value": 0.3},
    {"type": "Identity", "gain": 2.0},
    {"type": "Orthogonal", "gain": 1.5},
    {"type": "RandomNormal"},
    {"type": "RandomNormal", "mean": 1.0, "stddev": 0.2},
    {"type": "RandomUniform"},
    {"type": "RandomUniform", "minval": -0.1, "maxval": 0.4},
    {"type": "TruncatedNormal"},
    {"type": "TruncatedNormal", "mean": -0.5, "stddev": 0.3},
    *({"type": name} for name in NAMED),
    {"type": "VarianceScaling"},
    *SCALINGS,
]
BIASES = [{"type": "TruncatedNormal"}, *({"type": name} for name in NAMED), *SCALINGS]


def initializer_statistics():
    kernels = [statistics(initializer, KERNEL) for initializer in KERNELS]
    return kernels + [statistics(initializer, BIAS) for initializer in BIASES]


def statistics(initializer, shape):
    values = np.asarray(build_initializer(initializer, seed=1)(shape), dtype=np.float64)
    return {
        "initializer": initializer,
        "shape": list(shape),
        "mean": f32(values.mean()),
        "stddev": f32(values.std()),
        "min": f32(values.min()),
        "max": f32(values.max()),
        "quartiles": [f32(value) for value in np.quantile(values, [0.25, 0.5, 0.75])],
    }
