"""Trains a logistic regression on two noisy moons, with nothing but Python's standard library."""

import json
import math
import random

import sintonia

values = sintonia.values({"rate": 0.1, "momentum": 0.5})
rng = random.Random(sintonia.seed())


def moons(count):
    points = []
    for index in range(count):
        angle, side = rng.uniform(0, math.pi), index % 2
        x = math.cos(angle) if side == 0 else 1 - math.cos(angle)
        y = math.sin(angle) if side == 0 else 0.5 - math.sin(angle)
        x, y = x + rng.gauss(0, 0.2), y + rng.gauss(0, 0.2)
        points.append(((x, y, x * y, x**3, 1.0), side))
    return points


def probability(weights, features):
    return 1 / (1 + math.exp(-max(-30, min(30, sum(w * f for w, f in zip(weights, features))))))


train, validation = moons(400), moons(200)
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
    right = sum((probability(weights, features) > 0.5) == label for features, label in validation)
    state.write_text(json.dumps([epoch + 1, weights, speed]))
    if not sintonia.report(val_accuracy=right / len(validation), epoch=epoch, checkpoint=True):
        break

(sintonia.artifacts() / "weights.json").write_text(json.dumps(weights))
