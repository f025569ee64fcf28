"""Trains a logistic regression on two noisy moons, with nothing but Python's standard library."""

import json
import random

import sintonia
from moons import accuracy, moons, probability

values = sintonia.values({"rate": 0.1, "momentum": 0.5})
rng = random.Random(sintonia.seed())
train, validation = moons(rng, 400), moons(rng, 200)
weights, speed = [0.0] * 5, [0.0] * 5
state = sintonia.checkpoint() / "state.json"
start = 0
if state.exists():
    start, weights, speed = json.loads(state.read_text())

for epoch in range(start, 20):
    random.Random(epoch).shuffle(train)
    for features, label in train:
        error = probability(weights, features) - label
        for i, feature in enumerate(features):
            speed[i] = values["momentum"] * speed[i] - values["rate"] * error * feature
            weights[i] += speed[i]
    state.write_text(json.dumps([epoch + 1, weights, speed]))
    if not sintonia.report(val_accuracy=accuracy(weights, validation), epoch=epoch, checkpoint=True):
        break

(sintonia.artifacts() / "weights.json").write_text(json.dumps(weights))
