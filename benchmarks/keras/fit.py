"""Trains the lab sheet's model on MNIST with Keras and prints seconds per epoch, with validation, as JSON."""

import argparse
import gzip
import json
import os
import pathlib
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

VALIDATION_ROWS = 10_000


def read_idx(folder: pathlib.Path, name: str, header: int) -> np.ndarray:
    """Reads the content after the header of an IDX file, which may be compressed."""
    plain = folder / name
    data = plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())
    return np.frombuffer(data, np.uint8, offset=header)


class EpochClock(keras.callbacks.Callback):
    """Records the wall time of each epoch, with validation."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with MNIST's IDX files")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=256)
    arguments = parser.parse_args()

    images = read_idx(arguments.data, "train-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255
    labels = keras.utils.to_categorical(read_idx(arguments.data, "train-labels-idx1-ubyte", 8), 10)
    keras.utils.set_random_seed(23)
    model = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(800, "relu"), keras.layers.Dense(10, "softmax")]
    )
    model.compile(keras.optimizers.Adam(0.00168), "categorical_crossentropy", metrics=["accuracy"])
    clock = EpochClock()
    history = model.fit(
        images[:-VALIDATION_ROWS],
        labels[:-VALIDATION_ROWS],
        batch_size=arguments.batch,
        epochs=arguments.epochs,
        validation_data=(images[-VALIDATION_ROWS:], labels[-VALIDATION_ROWS:]),
        callbacks=[clock],
        verbose=0,
    )
    print(
        json.dumps(
            {
                "version": f"Keras {keras.__version__} on TensorFlow {tf.__version__}",
                "epochSeconds": clock.seconds,
                "valAccuracy": history.history["val_accuracy"][-1],
            }
        )
    )


main()
