"""Runs a study of another tool, which asks its caller for the result of every epoch.

The first line of the input names the tool, its seed, the parameters and the epochs of a full training. The program then
writes {"id": "0", "values": {...}, "epoch": 3} for a trial that is to be trained up to an epoch, and reads
{"value": 0.5}: the least loss of the trial up to there. It ends with its input, when the epochs of the study are spent.
"""

import json
import math
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")


def train(trial_id, values, epoch):
    """Returns the least loss of a trial up to an epoch."""
    print(json.dumps({"id": str(trial_id), "values": values, "epoch": epoch}), flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)["value"]


def optuna_hyperband(start):
    """TPESampler with HyperbandPruner; a pruned trial does not go on."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    distributions = {
        p["name"]: (
            optuna.distributions.IntDistribution(p["min"], p["max"], log=p["log"])
            if p["integer"]
            else optuna.distributions.FloatDistribution(p["min"], p["max"], log=p["log"])
        )
        for p in start["parameters"]
    }
    study = optuna.create_study(
        sampler=optuna.samplers.TPESampler(seed=start["seed"]),
        pruner=optuna.pruners.HyperbandPruner(min_resource=1, max_resource=start["maxEpochs"], reduction_factor=3),
    )
    while True:
        trial = study.ask(distributions)
        for epoch in range(1, start["maxEpochs"] + 1):
            value = train(trial.number, trial.params, epoch)
            trial.report(value, epoch)
            if epoch < start["maxEpochs"] and trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                break
        else:
            study.tell(trial, value)


def smac(start, facade):
    """A facade of SMAC; trials are identified by their values, so that a promoted one goes on."""
    from ConfigSpace import ConfigurationSpace, Float, Integer
    from smac import Scenario
    from smac.runhistory import TrialValue

    space = ConfigurationSpace(seed=start["seed"])
    for p in start["parameters"]:
        make = Integer if p["integer"] else Float
        space.add(make(p["name"], (p["min"], p["max"]), log=p["log"]))
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(
            space,
            deterministic=True,
            min_budget=1,
            max_budget=start["maxEpochs"],
            n_trials=100_000,
            seed=start["seed"],
            output_directory=folder,
        )
        optimizer = facade(scenario, lambda config, seed, budget: 0.0, overwrite=True, logging_level=50)
        ids = {}
        while True:
            info = optimizer.ask()
            values = {name: info.config[name] for name in info.config}
            values = {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}
            trial_id = ids.setdefault(json.dumps(values, sort_keys=True), len(ids))
            value = train(trial_id, values, max(1, math.floor(info.budget + 0.5)))
            optimizer.tell(info, TrialValue(cost=value), save=False)


def syne_tune(start, scheduler_class):
    """A scheduler of Syne Tune of the kind that stops trials."""
    import datetime

    from syne_tune.backend.trial_status import Trial
    from syne_tune.config_space import loguniform, lograndint, randint, uniform

    makers = {(True, True): lograndint, (True, False): randint, (False, True): loguniform, (False, False): uniform}
    space = {p["name"]: makers[p["integer"], p["log"]](p["min"], p["max"]) for p in start["parameters"]}
    scheduler = scheduler_class(
        space, metric="loss", time_attr="epoch", max_t=start["maxEpochs"], random_seed=start["seed"]
    )
    number = 0
    while True:
        trial = Trial(number, scheduler.suggest().config, datetime.datetime(2026, 1, 1))
        scheduler.on_trial_add(trial)
        for epoch in range(1, start["maxEpochs"] + 1):
            result = {"loss": train(number, trial.config, epoch), "epoch": epoch}
            if epoch == start["maxEpochs"]:
                scheduler.on_trial_complete(trial, result)
            elif scheduler.on_trial_result(trial, result) == "STOP":
                scheduler.on_trial_remove(trial)
                break
        number += 1


def main():
    start = json.loads(sys.stdin.readline())
    tool = start["tool"]
    if tool == "optuna":
        optuna_hyperband(start)
    elif tool.startswith("smac"):
        from smac import HyperbandFacade, MultiFidelityFacade

        smac(start, HyperbandFacade if tool == "smac-hyperband" else MultiFidelityFacade)
    else:
        from syne_tune.optimizer.baselines import ASHA, BOHB

        syne_tune(start, ASHA if tool == "syne-tune-asha" else BOHB)


main()
