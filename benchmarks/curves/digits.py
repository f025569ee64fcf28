"""Records learning curves of a program: a small network of scikit-learn on the 8 x 8 digits.

Appends trials to digits-program.ndjson, in the format of src/curves/curve-file.ts, after those that
the file has. Each trial has random values, which its number determines. Needs scikit-learn.
"""

import argparse
import json
import os
import time

import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

EPOCHS = 50
TRAIN, VALIDATION = 800, 400  # the other 597 rows are the test split
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "digits-program.ndjson")


def values_of(random):
    """Returns the values of a trial; all but the momentum are uniform on a log scale."""
    return {
        "learningRate": float(f"{np.exp(random.uniform(np.log(1e-4), np.log(0.3))):.4g}"),
        "units": int(np.exp(random.uniform(np.log(4), np.log(257)))),
        "batchSize": int(np.exp(random.uniform(np.log(8), np.log(257)))),
        "alpha": float(f"{np.exp(random.uniform(np.log(1e-6), np.log(1))):.4g}"),
        "momentum": round(random.uniform(0, 0.95), 3),
    }


def split(data, target, share):
    """Returns the three splits as pairs of inputs and labels; the same for every trial. Of the first only a share."""
    order = np.random.default_rng(0).permutation(len(target))
    train, *others = np.split(order, [TRAIN, TRAIN + VALIDATION])
    return [(data[rows] / 16, target[rows]) for rows in (train[: round(share * TRAIN)], *others)]


def correct(network, examples):
    return int(np.sum(network.predict(examples[0]) == examples[1]))


def record(trial, train, validation, test):
    """Trains a trial and returns its line."""
    values = values_of(np.random.default_rng([23, trial]))
    network = MLPClassifier(
        hidden_layer_sizes=(values["units"],), solver="sgd", learning_rate_init=values["learningRate"],
        batch_size=min(values["batchSize"], len(train[0])), alpha=values["alpha"], momentum=values["momentum"],
        random_state=trial)
    counts, losses, best = [], [], None
    start = time.process_time()
    for _ in range(EPOCHS):
        network.partial_fit(*train, classes=range(10))
        outputs = network.predict_proba(validation[0])
        if not np.all(np.isfinite(outputs)):
            break
        counts.append(correct(network, validation))
        losses.append(round(log_loss(validation[1], outputs, labels=range(10)) / 1e-4))
        if best is None or counts[-1] > best[0]:
            best = (counts[-1], correct(network, test))
    seconds = (time.process_time() - start) / max(1, len(counts))
    line = {"trial": trial, "values": values, "seed": trial, "counts": counts, "losses": losses,
            "rates": [[values["learningRate"], len(counts)]], "seconds": round(seconds, 4)}
    return line if best is None or len(counts) < EPOCHS else {**line, "test": best[1]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200, help="number of trials in all")
    parser.add_argument("--share", type=float, default=1.0, help="share of the training rows")
    parser.add_argument("--out", default=FILE)
    options = parser.parse_args()
    splits = split(*load_digits(return_X_y=True), options.share)
    first = sum(1 for _ in open(options.out)) if os.path.exists(options.out) else 0
    for trial in range(first, options.trials):
        with open(options.out, "a") as file:
            file.write(json.dumps(record(trial, *splits), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
