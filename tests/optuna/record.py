"""Records verdicts of Optuna's pruners for the tests in tests/src/optuna, which compare without Python.

    python3 -m venv /tmp/optuna
    /tmp/optuna/bin/pip install optuna==5.0.0 scipy==1.17.1
    /tmp/optuna/bin/python tests/optuna/record.py
    npx biome format --write tests/optuna

Writes tests/optuna/pruners.json. Everything is seeded. A trial has the objective of each epoch and the epoch, from
0, in which Optuna pruned it; null if it completed. Where a pruner compares the best epoch so far, the trial reports
that, and a completed trial reports its best in all epochs after its last one.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import optuna
import scipy
from optuna.pruners import MedianPruner, PercentilePruner, SuccessiveHalvingPruner, ThresholdPruner, WilcoxonPruner

FILE = Path(__file__).parent / "pruners.json"
RULES = [
    {"startupTrials": 5, "warmupEpochs": 0, "interval": 1, "minTrials": 1},
    {"startupTrials": 3, "warmupEpochs": 4, "interval": 3, "minTrials": 4},
]


def main():
    optuna.logging.disable_default_handler()
    warnings.simplefilter("ignore")
    studies = [*median(), *percentile(), *threshold(), *wilcoxon(), *halving()]
    head = {"optuna": optuna.__version__, "scipy": scipy.__version__, "numpy": np.__version__}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    tests = ",\n".join(json.dumps(test) for test in signed_ranks())
    listed = ",\n".join(json.dumps(study) for study in studies)
    FILE.write_text("{\n" + ",\n".join(lines) + f',\n"signedRanks": [\n{tests}\n],\n"studies": [\n{listed}\n]\n}}\n')


def median():
    for seed, rule in enumerate(RULES):
        for goal in ["maximize", "minimize"]:
            pruner = MedianPruner(*numbers(rule)[:3], n_min_trials=rule["minTrials"])
            yield record({"type": "median", **rule}, pruner, goal, seed)


def percentile():
    for seed, (share, rule) in enumerate([(25, RULES[0]), (10, RULES[1]), (75, RULES[0])]):
        goal = ["maximize", "minimize"][seed % 2]
        pruner = PercentilePruner(share, *numbers(rule)[:3], n_min_trials=rule["minTrials"])
        yield record({"type": "percentile", "percentile": share, **rule}, pruner, goal, 10 + seed)


def threshold():
    for goal in ["maximize", "minimize"]:
        pruner = ThresholdPruner(0.2, 0.8, n_warmup_steps=2, interval_steps=2)
        settings = {"type": "threshold", "lower": 0.2, "upper": 0.8, "warmupEpochs": 2, "interval": 2}
        yield record(settings, pruner, goal, 20)


def wilcoxon():
    for seed, (limit, startup, digits, epochs) in enumerate([(0.1, 2, 6, 12), (0.3, 4, 2, 12), (0.1, 2, 3, 60)]):
        for goal in ["maximize", "minimize"]:
            pruner = WilcoxonPruner(p_threshold=limit, n_startup_steps=startup)
            settings = {"type": "wilcoxon", "pThreshold": limit, "startupSteps": startup}
            curves = Curves(epochs=epochs, digits=digits, trials=8, early=False)
            yield record(settings, pruner, goal, 30 + seed, curves, is_best=False)


def halving():
    for seed, (least, factor) in enumerate([(1, 2), (2, 3), (1, 4)]):
        for goal in ["maximize", "minimize"]:
            pruner = SuccessiveHalvingPruner(min_resource=least, reduction_factor=factor)
            settings = {"type": "asha", "minEpochs": least, "reductionFactor": factor}
            # Steps of this pruner count from 1.
            yield record(settings, pruner, goal, 40 + seed, Curves(digits=6, trials=30, early=False), first=1)


def numbers(rule):
    return list(rule.values())


class Curves:
    def __init__(self, epochs=15, digits=3, trials=24, early=True):
        self.epochs, self.digits, self.trials, self.early = epochs, digits, trials, early

    def draw(self, random):
        """Rises to a plateau at a trial's own pace, with noise; ends early in a third of the trials."""
        epochs = random.integers(2, self.epochs) if self.early and random.random() < 0.33 else self.epochs
        end, pace = random.uniform(0.1, 0.9), random.uniform(0.1, 1.5)
        rise = end * (1 - np.exp(-pace * (1 + np.arange(epochs))))
        return np.round(rise + random.normal(0, 0.05, epochs), self.digits)


def record(settings, pruner, goal, seed, curves=None, is_best=True, first=0):
    curves = curves or Curves()
    sign = 1 if goal == "maximize" else -1
    random = np.random.default_rng([seed, sign + 1])
    study = optuna.create_study(direction=goal, pruner=pruner, sampler=optuna.samplers.RandomSampler(seed=0))
    trials = []
    for _ in range(curves.trials):
        scores = curves.draw(random)
        objectives = scores if goal == "maximize" else 1 - scores
        objectives = np.round(objectives, curves.digits)
        bests = sign * np.maximum.accumulate(sign * objectives)
        reported = bests if is_best else objectives
        pruned = run(study, reported, bests[-1], first, curves.epochs if is_best else len(reported))
        trials.append({"objectives": objectives.tolist(), "pruned": pruned})
    return {"goal": goal, "maxEpochs": curves.epochs, "pruner": settings, "trials": trials}


def run(study, reported, objective, first, epochs):
    """Returns the epoch in which the trial is pruned, if it is."""
    trial = study.ask()
    for epoch, value in enumerate(reported):
        trial.report(float(value), epoch + first)
        if trial.should_prune():
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            return epoch
    for epoch in range(len(reported), epochs):
        trial.report(float(reported[-1]), epoch + first)
    study.tell(trial, float(objective))
    return None


def signed_ranks():
    random = np.random.default_rng(3)
    for count in [1, 2, 3, 8, 13, 14, 30, 50, 51, 80]:
        for digits in [9, 1]:
            differences = np.round(random.normal(0.15, 0.5, count), digits)
            yield signed_rank(differences)
    yield signed_rank(np.zeros(4))
    yield signed_rank(np.zeros(20))
    yield signed_rank(np.array([0.0, 0.0, 1.0, -1.0, 2.0]))


def signed_rank(differences):
    p = scipy.stats.wilcoxon(differences, alternative="greater", zero_method="zsplit").pvalue
    return {"differences": differences.tolist(), "p": float(p)}


if __name__ == "__main__":
    main()
