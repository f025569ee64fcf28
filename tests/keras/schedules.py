"""Records values of the learning-rate schedules of Keras."""

import numpy as np

from numbers32 import f32
from plan import build_schedule

SCHEDULES = [
    {"type": "CosineDecay", "initialLearningRate": 0.1, "decaySteps": 50},
    {"type": "CosineDecay", "initialLearningRate": 0.00168, "decaySteps": 1000, "alpha": 0.05},
    {"type": "CosineDecay", "initialLearningRate": 0.3, "decaySteps": 7, "alpha": 1.0, "warmupSteps": 5},
    {
        "type": "CosineDecay",
        "initialLearningRate": 0.0,
        "decaySteps": 400,
        "alpha": 0.01,
        "warmupTarget": 0.003,
        "warmupSteps": 60,
    },
    {
        "type": "CosineDecay",
        "initialLearningRate": 0.01,
        "decaySteps": 33,
        "warmupTarget": 0.002,
        "warmupSteps": 0,
    },
    {"type": "ExponentialDecay", "initialLearningRate": 0.1, "decaySteps": 100, "decayRate": 0.96},
    {"type": "ExponentialDecay", "initialLearningRate": 0.001, "decaySteps": 17, "decayRate": 0.5, "staircase": True},
    {"type": "ExponentialDecay", "initialLearningRate": 0.02, "decaySteps": 3, "decayRate": 1.001},
    {"type": "PiecewiseConstantDecay", "boundaries": [10, 20, 35], "values": [0.1, 0.05, 0.01, 0.001]},
    {"type": "PiecewiseConstantDecay", "boundaries": [0], "values": [1.0, 0.3]},
]

STEPS = [*range(40), *range(40, 1200, 29), 100_000]


def schedule_values():
    return [{"schedule": schedule, "steps": STEPS, "values": values(schedule)} for schedule in SCHEDULES]


def values(schedule):
    built = build_schedule(schedule)
    return [f32(built(np.int64(step))) for step in STEPS]
