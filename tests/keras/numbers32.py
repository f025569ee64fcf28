"""Formats float32 values as the shortest decimals that round to them."""

import numpy as np


def f32(value):
    return float(str(np.float32(value)))


def f32s(values):
    return [f32(value) for value in np.asarray(values, dtype=np.float32).ravel()]
