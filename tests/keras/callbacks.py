"""Records the decisions of Keras callbacks on sequences of metrics."""

import keras
import numpy as np

from numbers32 import f32
from plan import build_callback

METRICS = ("accuracy", "loss", "val_accuracy", "val_loss")
EPOCHS = 22


def callback_traces():
    return [trace(**case) for case in [*hand_made(), *random_cases()]]


def hand_made():
    plateau = {"type": "ReduceLROnPlateau", "monitor": "val_accuracy", "factor": 0.3787, "patience": 2, "minLr": 1e-5}
    stopping = {"type": "EarlyStopping", "monitor": "val_accuracy", "patience": 4, "minDelta": 1e-5}
    images = [9700, 9750, 9751, 9752, 9753, 9753, 9753, 9754, 9754, 9754, 9754, 9754, 9754]
    falling = [0.9, 0.7, 0.5, 0.45, 0.4, 0.39, 0.4, 0.41, 0.4, 0.42, 0.43, 0.44]
    by_default = {"type": "EarlyStopping"}
    yield case("one image more", [plateau, stopping], 0.00168, val_accuracy=[k / 10_000 for k in images])
    yield case("constant", [plateau, {**stopping, "patience": 10}], 1e-4, val_accuracy=[0.9] * 20)
    yield case("defaults", [{"type": "ReduceLROnPlateau"}, by_default], 0.001, val_loss=falling)
    yield case("default plateau", [{"type": "ReduceLROnPlateau"}], 0.001, val_loss=[0.5] * EPOCHS)
    yield case("two that restore", restoring_twice(), 0.01, val_loss=falling, val_accuracy=[1 - v for v in falling])
    unreached = {**stopping, "baseline": 0.99, "patience": 3, "restoreBestWeights": True}
    yield case("baseline never reached", [unreached], 0.01, val_accuracy=[0.5, 0.6, 0.7, 0.8, 0.9, 0.8, 0.8])
    crossed = {**unreached, "baseline": 0.75}
    yield case("baseline reached", [crossed], 0.01, val_accuracy=[0.5, 0.6, 0.8, 0.7, 0.81, 0.7, 0.7, 0.7, 0.7])
    late = {**by_default, "startFromEpoch": 4, "patience": 2, "restoreBestWeights": True}
    yield case("late start", [late], 0.01, val_loss=[0.1, 0.2, 0.3, 0.9, 0.8, 0.7, 0.7, 0.7, 0.6])
    never = {**late, "startFromEpoch": 50}
    yield case("start after the end", [never], 0.01, val_loss=falling)
    upwards = {**by_default, "mode": "max", "patience": 2}
    yield case("a loss that should rise", [upwards], 0.01, val_loss=[0.1, 0.2, 0.3, 0.3, 0.3, 0.3])


def restoring_twice():
    common = {"type": "EarlyStopping", "restoreBestWeights": True, "patience": 5}
    return [
        {**common, "monitor": "val_accuracy", "minDelta": 0.15},
        {**common, "monitor": "val_loss", "startFromEpoch": 3, "minDelta": 0.02},
    ]


def random_cases():
    random = np.random.default_rng(7)
    for index in range(30):
        accuracy, loss = walk(random, 0.5, 0.01), walk(random, 0.6, -0.02)
        metrics = {
            "accuracy": np.round(accuracy * 50_000) / 50_000,
            "loss": loss,
            "val_accuracy": np.round(accuracy * 10_000) / 10_000,
            "val_loss": loss * 1.1,
        }
        rate = random.choice([0.1, 0.00168, 0.001])
        callbacks = [random_plateau(random), random_stopping(random)]
        watched = {callback["monitor"]: metrics[callback["monitor"]] for callback in callbacks}
        yield case(f"random {index}", callbacks, rate, **watched)


def walk(random, start, drift):
    """Generates metrics with steps of 1/10,000 (one image) as often as large steps."""
    sizes = random.choice([0.0, 1e-4, 2e-4, 0.01], EPOCHS) * random.choice([-1, 1], EPOCHS)
    return np.clip(start + np.cumsum(sizes + drift * (random.random(EPOCHS) < 0.3)), 0, 1)


def random_plateau(random):
    return {
        "type": "ReduceLROnPlateau",
        "monitor": str(random.choice(METRICS)),
        "mode": str(random.choice(["auto", "auto", "min", "max"])),
        "factor": float(random.choice([0.1, 0.3787, 0.5, 0.9])),
        "patience": int(random.integers(0, 4)),
        "minDelta": float(random.choice([0, 1e-5, 1e-4, 0.005])),
        "cooldown": int(random.integers(0, 4)),
        "minLr": float(random.choice([0, 1e-5, 1e-3])),
    }


def random_stopping(random):
    baseline = {"baseline": float(random.choice([0.5, 0.55]))} if random.random() < 0.4 else {}
    return {
        "type": "EarlyStopping",
        "monitor": str(random.choice(METRICS)),
        "mode": str(random.choice(["auto", "auto", "min", "max"])),
        "patience": int(random.integers(0, 12)),
        "minDelta": float(random.choice([0, 1e-5, 1e-4, 0.005])),
        "restoreBestWeights": bool(random.random() < 0.5),
        "startFromEpoch": int(random.choice([0, 0, 3, 6])),
        **baseline,
    }


def case(name, callbacks, learning_rate, **metrics):
    return {"name": name, "callbacks": callbacks, "learning_rate": float(learning_rate), "metrics": metrics}


def trace(name, callbacks, learning_rate, metrics):
    metrics = {key: [f32(value) for value in values] for key, values in metrics.items()}
    model = counting_model(learning_rate)
    running = [build_callback(callback) for callback in callbacks]
    for callback in running:
        callback.set_model(model)
        callback.on_train_begin()
    epochs = []
    for epoch in range(len(next(iter(metrics.values())))):
        model.set_weights([np.full((1, 1), epoch)])
        logs = {key: float(np.float32(values[epoch])) for key, values in metrics.items()}
        for callback in running:
            callback.on_epoch_end(epoch, logs)
        rate = f32(model.optimizer.learning_rate)
        epochs.append({"learningRate": rate, "callbacks": [state_of(callback) for callback in running]})
        if model.stop_training:
            break
    for callback in running:
        callback.on_train_end()
    return {
        "name": name,
        "callbacks": callbacks,
        "learningRate": learning_rate,
        "metrics": metrics,
        "epochs": epochs,
        "stopped": bool(model.stop_training),
        "weightsOfEpoch": int(model.get_weights()[0][0, 0]),
    }


def counting_model(learning_rate):
    """Returns a model with one weight that holds the epoch in which it was set."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse", metrics=["accuracy"])
    # Keras creates metrics at their first use, and callbacks need them to know their direction.
    model.evaluate(np.zeros((1, 1)), np.zeros((1, 1)), verbose=0)
    model.stop_training = False
    return model


def state_of(callback):
    best = None if callback.best is None else f32(callback.best)
    if isinstance(callback, keras.callbacks.EarlyStopping):
        return {"best": best, "wait": callback.wait, "bestEpoch": None if best is None else callback.best_epoch}
    return {"best": best, "wait": callback.wait, "cooldown": callback.cooldown_counter}
