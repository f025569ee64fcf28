"""Replays studies from recorded trials under the pruners of Optuna and Ray.

Reads {"trials": [{"scores": [...], "seconds": s, "completes": bool}], "studies": [[index, ...]],
"trainers": n, "maxEpochs": n} from the standard input, and writes for each peer the outcomes of the
studies: epochs, seconds, number of the chosen trial in its study, number of completed trials. The
clock is that of src/pruners/replay/replayed-study.ts. Needs optuna and ray[tune].
"""

import json
import os
import sys
from types import SimpleNamespace

os.environ.setdefault("RAY_AIR_NEW_OUTPUT", "0")
import optuna
from ray.tune.schedulers import ASHAScheduler
from ray.tune.schedulers.trial_scheduler import TrialScheduler

# scipy's exact test takes milliseconds an epoch, so that this pruner replays the first studies only.
SLOW, SLOW_STUDIES = "Optuna WilcoxonPruner", 20

optuna.logging.set_verbosity(optuna.logging.ERROR)


class OptunaStudy:
    """A study whose trials are reported and told as in Optuna's tutorials: a value an epoch, from 1."""

    def __init__(self, pruner):
        sampler = optuna.samplers.RandomSampler(seed=0)
        self.study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
        self.trials = {}

    def begin(self, number):
        self.trials[number] = self.study.ask()

    def goes_on(self, number, epoch, score):
        trial = self.trials[number]
        trial.report(score, epoch)
        return not trial.should_prune()

    def end(self, number, state, best):
        if state == "completed":
            self.study.tell(self.trials[number], best)
        else:
            kind = optuna.trial.TrialState.PRUNED if state == "pruned" else optuna.trial.TrialState.FAIL
            self.study.tell(self.trials[number], state=kind)

    chooses_stopped = False


class RayStudy:
    """A study of Ray Tune; a stopped trial is as good as one that ended, so it may be chosen."""

    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.trials = {}

    def begin(self, number):
        self.trials[number] = SimpleNamespace(trial_id=str(number), status="RUNNING", stub=True)
        self.scheduler.on_trial_add(None, self.trials[number])

    def goes_on(self, number, epoch, score):
        result = {"training_iteration": epoch, "score": score}
        return self.scheduler.on_trial_result(None, self.trials[number], result) != TrialScheduler.STOP

    def end(self, number, state, best):
        pass

    chooses_stopped = True


def peers(max_epochs):
    """Returns a maker of a fresh study for each peer, with its default settings."""
    pruners = optuna.pruners
    return {
        "Optuna MedianPruner": lambda: OptunaStudy(pruners.MedianPruner()),
        "Optuna HyperbandPruner": lambda: OptunaStudy(pruners.HyperbandPruner(max_resource=max_epochs)),
        SLOW: lambda: OptunaStudy(pruners.WilcoxonPruner()),
        "Ray ASHAScheduler": lambda: RayStudy(ASHAScheduler(
            time_attr="training_iteration", metric="score", mode="max", max_t=max_epochs)),
    }


def replay(study, trials, trainers):
    """Replays one study; returns its outcome."""
    slots = [None] * trainers  # (time at which the epoch ends, number of the trial)
    done, best = [0] * len(trials), [float("-inf")] * len(trials)
    now, epochs, begun, completed, candidates = 0.0, 0, 0, 0, []
    while True:
        for slot in range(trainers):
            if slots[slot] is None and begun < len(trials):
                study.begin(begun)
                slots[slot] = (now + trials[begun]["seconds"], begun)
                begun += 1
        busy = [slot for slot in range(trainers) if slots[slot] is not None]
        if not busy:
            break
        slot = min(busy, key=lambda index: slots[index][0])
        now, number = slots[slot]
        trial = trials[number]
        score = trial["scores"][done[number]]
        done[number] += 1
        epochs += 1
        best[number] = max(best[number], score)
        is_last = done[number] == len(trial["scores"])
        goes_on = study.goes_on(number, done[number], score)
        slots[slot] = (now + trial["seconds"], number)
        if is_last or not goes_on:
            state = ("completed" if trial["completes"] else "failed") if is_last else "pruned"
            study.end(number, state, best[number])
            completed += state == "completed"
            if state == "completed" or (state == "pruned" and study.chooses_stopped):
                candidates.append(number)
            slots[slot] = None
    chosen = min(candidates, key=lambda number: (-best[number], number)) if candidates else None
    return {"epochs": epochs, "seconds": now, "chosen": chosen, "completed": completed}


def main():
    request = json.load(sys.stdin)
    outcomes = {}
    for name, make in peers(request["maxEpochs"]).items():
        studies = [[request["trials"][index] for index in study] for study in request["studies"]]
        chosen = studies[:SLOW_STUDIES] if name == SLOW else studies
        outcomes[name] = [replay(make(), study, request["trainers"]) for study in chosen]
    json.dump(outcomes, sys.stdout)


if __name__ == "__main__":
    main()
