"""Records figures of scikit-learn for the tests in tests/src/sklearn, which compare without Python.

    python3 -m venv /tmp/sklearn
    /tmp/sklearn/bin/pip install scikit-learn==1.9.1
    /tmp/sklearn/bin/python tests/sklearn/record.py

Writes tests/sklearn/figures.json. Everything is seeded. A figure that scikit-learn does not define is null.
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.preprocessing import label_binarize

FILE = Path(__file__).parent / "figures.json"


def main():
    warnings.simplefilter("ignore")
    cases = [*binary_cases(), *class_cases(), *value_cases()]
    head = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    listed = ",\n".join(json.dumps(case) for case in cases)
    FILE.write_text("{\n" + ",\n".join(lines) + f',\n"cases": [\n{listed}\n]\n}}\n')


def binary_cases():
    """Two classes: one output (the probability of class 1) or two outputs that sum to 1."""
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, 40)
    scores = probability(random, labels)
    tied = np.round(scores * 5) / 5
    yield binary("two classes", labels, scores)
    yield binary("two classes, tied scores", labels, tied)
    yield binary("two classes, tied scores, weights", labels, tied, random.integers(0, 4, 40))
    yield binary("two classes, rare positives", (scores > 0.9).astype(int), random.random(40))
    yield binary("all scores are equal", labels, np.full(40, 0.5))
    yield binary("all rows are right", labels, labels * 0.8 + 0.1)
    yield binary("all rows are wrong", labels, 0.9 - labels * 0.8)
    yield binary("no row is predicted positive", labels, scores * 0.49)
    yield binary("no row is positive", np.zeros(8, int), random.random(8))
    yield binary("every row is positive", np.ones(8, int), random.random(8))
    yield binary("certain and wrong", np.array([0, 1, 1, 0]), np.array([1.0, 0.0, 1.0, 0.0]))
    yield binary("two rows", np.array([0, 1]), np.array([0.4, 0.3]))
    yield binary("two outputs", labels, scores, outputs=2)
    yield binary("two outputs, weights", labels, tied, random.integers(0, 3, 40), outputs=2)


def class_cases():
    random = np.random.default_rng(2)
    labels = random.integers(0, 4, 60)
    outputs = softmax(random.normal(size=(60, 4)) + 1.5 * np.eye(4)[labels])
    coarse = np.round(outputs * 8) / 8
    coarse[:, 3] = 1 - coarse[:, :3].sum(axis=1)
    yield classes("four classes", labels, outputs)
    yield classes("four classes, weights", labels, outputs, random.integers(0, 4, 60))
    yield classes("four classes, tied outputs", labels, coarse)
    yield classes("a class without rows", np.where(labels == 2, 0, labels), outputs)
    unused = outputs.copy()
    unused[:, 2] = 0
    yield classes("a class without rows and predictions", np.where(labels == 2, 0, labels), unused / unused.sum(axis=1, keepdims=True))
    yield classes("a class that is never predicted", labels, unused / unused.sum(axis=1, keepdims=True))
    yield classes("all rows of one class", np.full(6, 1), outputs[:6])


def value_cases():
    random = np.random.default_rng(3)
    target = random.normal(size=(50, 1)) * 3 + 5
    yield values("one target", target, target + random.normal(size=(50, 1)))
    yield values("one target, weights", target, target + random.normal(size=(50, 1)), random.integers(0, 4, 50))
    several = random.normal(size=(30, 3)) * [1, 10, 0.1]
    yield values("three targets", several, several * 0.8 + random.normal(size=(30, 3)) * 0.3)
    yield values("worse than the mean", target[:10], -target[:10])
    yield values("a constant target that is missed", np.full((5, 1), 2.0), random.random((5, 1)))
    yield values("a constant target that is met", np.full((5, 1), 2.0), np.full((5, 1), 2.0))
    yield values("targets of 0", np.array([[0.0], [0.0], [1.0], [2.0]]), np.array([[0.5], [0.0], [1.5], [2.0]]))
    yield values("one row", np.array([[3.0]]), np.array([[2.5]]))
    yield values("huge and tiny targets", np.array([[1e30], [-1e30], [1e-30]]), np.array([[1.1e30], [-1e30], [2e-30]]))


def binary(name, labels, scores, weights=None, outputs=1):
    scores = scores.astype(np.float32)
    columns = np.stack([np.float32(1) - scores, scores], axis=1)
    exact, guess = scores.astype(float), (columns[:, 1] > columns[:, 0] if outputs == 2 else scores > 0.5).astype(int)
    given = {"sample_weight": weights}
    proba, known = (columns, {"labels": [0, 1]}) if outputs == 2 else (scores, {"pos_label": 1})
    figures = {
        "auc": figure(lambda: m.roc_auc_score(labels, exact, **given)),
        "average_precision": figure(lambda: m.average_precision_score(labels, exact, **given)),
        "f1": figure(lambda: m.f1_score(labels, guess, zero_division=0, **given)),
        "precision": figure(lambda: m.precision_score(labels, guess, zero_division=0, **given)),
        "recall": figure(lambda: m.recall_score(labels, guess, zero_division=0, **given)),
        "log_loss": figure(lambda: m.log_loss(labels, y_proba=proba, labels=[0, 1], **given)),
        "brier": figure(lambda: m.brier_score_loss(labels, proba.astype(float), **known, **given)),
        **of_guesses(labels, guess, given),
    }
    return case(name, proba, weights, figures, labels=labels.tolist(), classes=2)


def classes(name, labels, outputs, weights=None):
    outputs = outputs.astype(np.float32)
    exact, guess, count = outputs.astype(float), outputs.argmax(axis=1), outputs.shape[1]
    given = {"sample_weight": weights}
    macro = {**given, "average": "macro"}
    hot = label_binarize(labels, classes=range(count))
    figures = {
        "auc": figure(lambda: np.mean([m.roc_auc_score(hot[:, of], exact[:, of], **given) for of in range(count)])),
        "average_precision": figure(lambda: m.average_precision_score(hot, exact, **macro)),
        "f1": figure(lambda: m.f1_score(labels, guess, zero_division=0, **macro)),
        "precision": figure(lambda: m.precision_score(labels, guess, zero_division=0, **macro)),
        "recall": figure(lambda: m.recall_score(labels, guess, zero_division=0, **macro)),
        "log_loss": figure(lambda: m.log_loss(labels, y_proba=outputs, labels=range(count), **given)),
        "brier": figure(lambda: m.brier_score_loss(labels, exact, labels=range(count), **given)),
        **of_guesses(labels, guess, given),
    }
    if len(np.unique(labels)) == count:
        whole = m.roc_auc_score(labels, exact / exact.sum(axis=1, keepdims=True), multi_class="ovr", **given)
        assert math.isclose(whole, figures["auc"], rel_tol=0.02), (whole, figures["auc"])
    return case(name, outputs, weights, figures, labels=labels.tolist(), classes=count)


def of_guesses(labels, guess, given):
    return {
        "accuracy": figure(lambda: m.accuracy_score(labels, guess, **given)),
        "balanced_accuracy": figure(lambda: m.balanced_accuracy_score(labels, guess, **given)),
    }


def values(name, target, output, weights=None):
    target, output = target.astype(np.float32), output.astype(np.float32)
    t, y, given = target.astype(float), output.astype(float), {"sample_weight": weights}
    figures = {
        "mae": figure(lambda: m.mean_absolute_error(t, y, **given)),
        "rmse": figure(lambda: m.root_mean_squared_error(t, y, **given)),
        "mape": figure(lambda: m.mean_absolute_percentage_error(t, y, **given)),
        "r2": figure(lambda: m.r2_score(t, y, **given)),
    }
    return case(name, output, weights, figures, values=target.ravel().tolist(), width=target.shape[1])


def case(name, outputs, weights, figures, **targets):
    weights = {} if weights is None else {"weights": weights.tolist()}
    return {"name": name, **targets, "outputs": outputs.ravel().tolist(), **weights, "figures": figures}


def figure(compute):
    value = float(compute())
    return None if math.isnan(value) else value


def probability(random, labels):
    return 1 / (1 + np.exp(-(2 * labels - 1 + 1.5 * random.normal(size=len(labels)))))


def softmax(logits):
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


main()
