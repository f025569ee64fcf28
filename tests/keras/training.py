"""Records the training of small Keras models, batch by batch, for each feature of a plan."""

import keras
import numpy as np

from numbers32 import f32, f32s
from plan import CLASSES, build_model, is_sparse

FEATURES = 8
TRAINING_ROWS = 43
VALIDATION_ROWS = 19
BATCH_SIZE = 8
EPOCHS = 3

DATASET = {"name": "mnist", "split": {"train": [0, TRAINING_ROWS], "validation": [50_000, 50_000 + VALIDATION_ROWS]}}


def example_sets():
    """Generates grey values like those of images, and classes that partly depend on them."""
    return {"train": examples(1, TRAINING_ROWS), "validation": examples(2, VALIDATION_ROWS)}


def examples(seed, count):
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (count, FEATURES))
    labels = (pixels[:, 0] * 0.7 + random.integers(0, 256, count) * 0.3) * CLASSES // 256
    return {"features": FEATURES, "pixels": pixels.ravel().tolist(), "labels": labels.astype(int).tolist()}


def training_traces():
    data = {name: arrays(part) for name, part in example_sets().items()}
    for index, (name, parts) in enumerate(PLANS.items()):
        keras.utils.set_random_seed(100 + index)
        yield name, trace(plan_of(**parts), data, order_seed=200 + index)
    for index, (name, (form, parts)) in enumerate(FORM_PLANS.items()):
        keras.utils.set_random_seed(300 + index)
        plan = {**plan_of(**parts), "dataset": dataset_of(form), "objective": {"metric": "val_loss", "goal": "minimize"}}
        recorded = trace(plan, data, order_seed=400 + index, form=form)
        yield name, {"form": form, **(recorded if "classes" in form else without_accuracy(recorded))}


def dataset_of(form):
    task = "classification" if "classes" in form else "regression"
    return {"path": "form.csv", "target": ["a", "b"] if "two values" in form else "a", "task": task}


def without_accuracy(recorded):
    """Replaces what Keras calls the accuracy of values by 0."""
    evaluations = [{**each, "accuracy": 0.0} for each in recorded["evaluations"]]
    return {**recorded, "correct": [0] * len(recorded["correct"]), "evaluations": evaluations}


def arrays(part):
    inputs = np.asarray(part["pixels"], dtype=np.float32).reshape(-1, part["features"]) / np.float32(255)
    return inputs, np.asarray(part["labels"])


def plan_of(layers, optimizer, loss):
    return {
        "dataset": DATASET,
        "objective": {"metric": "val_accuracy", "goal": "maximize"},
        "model": {"layers": layers},
        "training": {"optimizer": optimizer, "loss": loss, "batchSize": BATCH_SIZE, "maxEpochs": EPOCHS},
        "seeds": [1],
    }


def trace(plan, data, order_seed, form="classes"):
    model = build_model(plan, FEATURES)
    initial = weights_of(model)
    inputs, labels = data["train"]
    targets = targets_of(plan, labels, form)
    weights = row_weights(labels) if form.startswith("weighted") else None
    random = np.random.default_rng(order_seed)
    orders, steps, evaluations = [], [], []
    for _ in range(EPOCHS):
        order = random.permutation(TRAINING_ROWS)
        orders.append(order.tolist())
        for start in range(0, TRAINING_ROWS, BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            steps.append(train_step(model, inputs[rows], targets[rows], None if weights is None else weights[rows]))
        evaluations.append(evaluation(model, plan, data["validation"], form))
    rates, losses, accuracies = zip(*steps)
    return {
        "plan": plan,
        "orders": orders,
        "learningRates": f32s(rates),
        "losses": f32s(losses),
        "correct": [round(accuracy) for accuracy in accuracies],
        "evaluations": evaluations,
        "initialWeights": initial,
        "finalWeights": weights_of(model),
    }


def train_step(model, inputs, targets, weights):
    rate = float(model.optimizer.learning_rate)
    model.reset_metrics()
    logs = model.train_on_batch(inputs, targets, sample_weight=weights, return_dict=True)
    return rate, float(logs["loss"]), float(logs["accuracy"]) * len(inputs)


def evaluation(model, plan, examples, form):
    inputs, labels = examples
    logs = model.evaluate(inputs, targets_of(plan, labels, form), batch_size=BATCH_SIZE, verbose=0, return_dict=True)
    return {"loss": f32(logs["loss"]), "accuracy": f32(logs["accuracy"])}


def targets_of(plan, labels, form):
    """Returns the targets of a form: classes, two classes for one output, or one or two values of each row."""
    form = form.removeprefix("weighted ")
    if form == "two classes":
        return (labels >= 5).astype(np.float32).reshape(-1, 1)
    if form == "one value":
        return (labels.astype(np.float32) / np.float32(4) - np.float32(1)).reshape(-1, 1)
    if form == "two values":
        return np.stack([labels % 3, 2 - labels / np.float32(8)], axis=1).astype(np.float32)
    return labels if is_sparse(plan) else keras.utils.to_categorical(labels, CLASSES)


def row_weights(labels):
    """Returns weights that depend on the class of a row, as class weights do."""
    return (0.25 * (1 + labels % 4)).astype(np.float32)


def weights_of(model):
    return [
        {"name": variable.path.removeprefix("sequential/"), "shape": list(variable.shape), "values": f32s(variable)}
        for variable in model.weights
    ]


def dense(units, activation, **more):
    return {"type": "Dense", "units": units, "activation": activation, **more}


def normalization(**arguments):
    return {"type": "BatchNormalization", **arguments}


SOFTMAX = dense(CLASSES, "softmax")
CROSS_ENTROPY = {"type": "categorical_crossentropy"}
ADAM = {"type": "adam", "learningRate": 0.003}
SGD = {"type": "sgd", "learningRate": 0.05}
RMSPROP = {"type": "rmsprop", "learningRate": 0.002}


def with_layers(*layers, optimizer=ADAM, loss=CROSS_ENTROPY):
    return {"layers": list(layers), "optimizer": optimizer, "loss": loss}


def with_optimizer(optimizer):
    return with_layers(dense(6, "relu"), SOFTMAX, optimizer=optimizer)


def with_loss(activation, loss):
    return with_layers(dense(6, "tanh"), dense(CLASSES, activation), loss=loss)


# If a batch normalization follows a unit that is linear over the whole batch, the gradient of the
# unit's bias is 0 up to rounding. Adam and RMSprop scale the rounding error to full steps, which
# differ between programs. Such plans use SGD or no bias.
PLANS = {
    "lab-sheet": with_layers(
        dense(8, "relu", kernelInitializer={"type": "RandomNormal", "stddev": 0.05}),
        SOFTMAX,
        optimizer={"type": "adam", "learningRate": 0.00168},
    ),
    "no-hidden-layer": with_layers(SOFTMAX),
    "four-hidden-layers": with_layers(dense(7, "relu"), dense(6, "linear"), dense(5, "relu"), dense(6, "tanh"), SOFTMAX),
    "no-bias": with_layers(dense(6, "relu", useBias=False), {**SOFTMAX, "useBias": False}),
    "initial-biases": with_layers(
        dense(6, "relu", biasInitializer={"type": "RandomUniform", "minval": -0.5, "maxval": 0.5}),
        {**SOFTMAX, "biasInitializer": {"type": "Constant", "value": -0.1}},
    ),
    "activations-leaky-relu-elu": with_layers(dense(6, "leaky_relu"), dense(6, "elu"), SOFTMAX),
    "activations-selu-gelu": with_layers(
        dense(6, "selu", kernelInitializer={"type": "LecunNormal"}), dense(6, "gelu"), SOFTMAX
    ),
    "activations-sigmoid-tanh": with_layers(dense(6, "sigmoid"), dense(6, "tanh"), SOFTMAX),
    "activations-silu-softmax": with_layers(dense(6, "silu"), dense(6, "softmax"), SOFTMAX),
    "adam-defaults": with_optimizer({"type": "adam"}),
    "adam-arguments": with_optimizer({**ADAM, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3}),
    "adamw-defaults": with_optimizer({"type": "adamw"}),
    "adamw-decay": with_optimizer({"type": "adamw", "learningRate": 0.003, "weightDecay": 2.0}),
    "sgd-defaults": with_optimizer({"type": "sgd"}),
    "sgd-momentum": with_optimizer({**SGD, "momentum": 0.9}),
    "sgd-nesterov": with_optimizer({**SGD, "momentum": 0.8, "nesterov": True}),
    "rmsprop-defaults": with_optimizer({"type": "rmsprop"}),
    "rmsprop-momentum": with_optimizer({**RMSPROP, "rho": 0.8, "momentum": 0.5, "epsilon": 1e-4}),
    "rmsprop-centered": with_optimizer({**RMSPROP, "centered": True, "epsilon": 1e-3}),
    "clip-norm": with_optimizer({**SGD, "clipNorm": 0.1}),
    "clip-norm-adam": with_optimizer({**ADAM, "epsilon": 1e-2, "clipNorm": 0.05}),
    "global-clip-norm": with_optimizer({**SGD, "momentum": 0.9, "globalClipNorm": 0.2}),
    "penalties": with_layers(
        dense(6, "relu", kernelRegularizer={"l1": 0.01, "l2": 0.02}),
        {**SOFTMAX, "kernelRegularizer": {"l1": 0.0, "l2": 0.05}},
        optimizer=SGD,
    ),
    "penalties-clipped-adamw": with_layers(
        dense(6, "gelu", kernelRegularizer={"l1": 0.003, "l2": 0.0}),
        SOFTMAX,
        optimizer={"type": "adamw", "learningRate": 0.003, "epsilon": 1e-3, "globalClipNorm": 0.3},
    ),
    "batch-normalization-defaults": with_layers(dense(6, "relu"), normalization(), SOFTMAX, optimizer=SGD),
    "batch-normalization-before-activation": with_layers(
        dense(6, "linear", useBias=False),
        normalization(momentum=0.8, epsilon=1e-2),
        dense(6, "silu"),
        SOFTMAX,
        optimizer={**SGD, "momentum": 0.9},
    ),
    "batch-normalization-of-inputs": with_layers(normalization(momentum=0.5, scale=False), dense(6, "tanh"), SOFTMAX),
    "batch-normalization-untrained": with_layers(
        dense(6, "tanh"), normalization(momentum=0.9, center=False, scale=False), SOFTMAX, optimizer=RMSPROP
    ),
    "sparse-crossentropy": with_loss("softmax", {"type": "sparse_categorical_crossentropy"}),
    "crossentropy-smoothed": with_loss("softmax", {**CROSS_ENTROPY, "labelSmoothing": 0.1}),
    "binary-crossentropy": with_loss("sigmoid", {"type": "binary_crossentropy"}),
    "binary-crossentropy-smoothed": with_loss("sigmoid", {"type": "binary_crossentropy", "labelSmoothing": 0.2}),
    "mean-squared-error-linear": with_loss("linear", {"type": "mean_squared_error"}),
    "mean-squared-error-softmax": with_loss("softmax", {"type": "mean_squared_error"}),
    "mean-absolute-error-linear": with_loss("linear", {"type": "mean_absolute_error"}),
    "mean-absolute-error-sigmoid": with_loss("sigmoid", {"type": "mean_absolute_error"}),
    "cosine-decay-with-warm-up": with_optimizer(
        {
            "type": "adam",
            "learningRate": {
                "type": "CosineDecay",
                "initialLearningRate": 0.0005,
                "decaySteps": 10,
                "alpha": 0.1,
                "warmupTarget": 0.004,
                "warmupSteps": 5,
            },
        }
    ),
    "exponential-decay-sgd": with_optimizer(
        {
            **SGD,
            "momentum": 0.9,
            "learningRate": {
                "type": "ExponentialDecay",
                "initialLearningRate": 0.05,
                "decaySteps": 7,
                "decayRate": 0.6,
            },
        }
    ),
    "piecewise-decay-adamw": with_optimizer(
        {
            "type": "adamw",
            "weightDecay": 1.0,
            "learningRate": {
                "type": "PiecewiseConstantDecay",
                "boundaries": [4, 11],
                "values": [0.004, 0.002, 0.0005],
            },
        }
    ),
    "huber-linear": with_loss("linear", {"type": "huber"}),
    "huber-small-delta": with_loss("tanh", {"type": "huber", "delta": 0.2}),
}


def for_form(form, activation, units, loss):
    return form, with_layers(dense(6, "tanh"), dense(units, activation), optimizer=SGD, loss={"type": loss})


# Targets of other forms than one of ten classes, and rows with weights.
FORM_PLANS = {
    "form-two-classes": for_form("two classes", "sigmoid", 1, "binary_crossentropy"),
    "form-two-classes-weighted": for_form("weighted two classes", "sigmoid", 1, "binary_crossentropy"),
    "form-classes-weighted": for_form("weighted classes", "softmax", CLASSES, "categorical_crossentropy"),
    "form-one-value": for_form("one value", "linear", 1, "mean_squared_error"),
    "form-one-value-weighted": for_form("weighted one value", "linear", 1, "mean_absolute_error"),
    "form-two-values": for_form("two values", "linear", 2, "mean_absolute_error"),
    "form-two-values-weighted": for_form("weighted two values", "linear", 2, "mean_squared_error"),
    "form-two-values-huber": for_form("weighted two values", "linear", 2, "huber"),
}
