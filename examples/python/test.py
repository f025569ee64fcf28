"""Measures the best trial once, on points that no trial has seen."""

import json
import random

import sintonia
from moons import accuracy, moons

weights = json.loads((sintonia.artifacts() / "weights.json").read_text())
sintonia.report(test_accuracy=accuracy(weights, moons(random.Random("test"), 1000)))
