"""Builds Keras models from training plans."""

import keras

CLASSES = 10


def build_model(plan, features):
    """Returns a compiled model whose layers have the names of a new session."""
    keras.utils.clear_session()
    layers = [build_layer(layer) for layer in plan["model"]["layers"]]
    model = keras.Sequential([keras.Input((features,)), *layers])
    training = plan["training"]
    model.compile(
        optimizer=build_optimizer(training["optimizer"]),
        loss=build_loss(training["loss"]),
        metrics=["accuracy"],
    )
    return model


def is_sparse(plan):
    return plan["training"]["loss"]["type"].startswith("sparse")


def build_layer(layer):
    kind, arguments = split(layer)
    if "kernel_initializer" in arguments:
        arguments["kernel_initializer"] = build_initializer(arguments["kernel_initializer"])
    if "bias_initializer" in arguments:
        arguments["bias_initializer"] = build_initializer(arguments["bias_initializer"])
    if "kernel_regularizer" in arguments:
        arguments["kernel_regularizer"] = keras.regularizers.L1L2(**arguments["kernel_regularizer"])
    return getattr(keras.layers, kind)(**arguments)


def build_initializer(initializer, seed=None):
    kind, arguments = split(initializer)
    if seed is None or kind in ("Zeros", "Ones", "Constant", "Identity"):
        return getattr(keras.initializers, kind)(**arguments)
    return getattr(keras.initializers, kind)(**arguments, seed=seed)


def build_optimizer(optimizer):
    kind, arguments = split(optimizer)
    names = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop"}
    renamed = {"beta1": "beta_1", "beta2": "beta_2", "clip_norm": "clipnorm", "global_clip_norm": "global_clipnorm"}
    arguments = {renamed.get(key, key): value for key, value in arguments.items()}
    if isinstance(arguments.get("learning_rate"), dict):
        arguments["learning_rate"] = build_schedule(arguments["learning_rate"])
    return getattr(keras.optimizers, names[kind])(**arguments)


def build_schedule(schedule):
    kind, arguments = split(schedule)
    return getattr(keras.optimizers.schedules, kind)(**arguments)


def build_loss(loss):
    kind, arguments = split(loss)
    names = {
        "categorical_crossentropy": "CategoricalCrossentropy",
        "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
        "binary_crossentropy": "BinaryCrossentropy",
        "mean_squared_error": "MeanSquaredError",
        "mean_absolute_error": "MeanAbsoluteError",
        "huber": "Huber",
    }
    return getattr(keras.losses, names[kind])(**arguments)


def build_callback(callback):
    kind, arguments = split(callback)
    return getattr(keras.callbacks, kind)(**arguments)


def split(part):
    """Returns the type, and the arguments with their Python names."""
    arguments = {snake(key): value for key, value in part.items() if key != "type"}
    return part["type"], arguments


def snake(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
