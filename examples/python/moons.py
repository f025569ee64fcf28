"""Two noisy moons, and a logistic regression that tells one from the other."""

import math


def moons(rng, count):
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


def accuracy(weights, points):
    return sum((probability(weights, features) > 0.5) == side for features, side in points) / len(points)
