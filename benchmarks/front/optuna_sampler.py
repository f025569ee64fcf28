"""Answers lines of JSON with suggestions of an Optuna sampler with its defaults.

The first line names the sampler ("gp" or "nsga2"), its seed, the ranges of the parameters, whether they are whole
numbers, and the number of objectives, all of them minimised. Then {"ask": true} is answered with {"id": 0, "values": {...}}, and
{"tell": {"id": 0, "objectives": [...], "constraints": [...]}} with {}; a constraint holds where it is at most 0.
"""

import json
import sys
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

SAMPLERS = {"gp": "GPSampler", "nsga2": "NSGAIISampler"}


def main() -> None:
    start = json.loads(sys.stdin.readline())
    sampler = getattr(optuna.samplers, SAMPLERS[start["sampler"]])(seed=start["seed"])
    study = optuna.create_study(directions=["minimize"] * start["objectives"], sampler=sampler)
    distribution = getattr(optuna.distributions, "IntDistribution" if start["whole"] else "FloatDistribution")
    distributions = {name: distribution(low, high) for name, (low, high) in start["ranges"].items()}
    running = {}
    for line in sys.stdin:
        message = json.loads(line)
        if "ask" in message:
            trial = study.ask(distributions)
            running[trial.number] = trial
            answer = {"id": trial.number, "values": trial.params}
        else:
            told = message["tell"]
            trial = running.pop(told["id"])
            for i, value in enumerate(told["constraints"]):
                trial.set_constraint(str(i), value)
            study.tell(trial, told["objectives"])
            answer = {}
        print(json.dumps(answer), flush=True)


main()
