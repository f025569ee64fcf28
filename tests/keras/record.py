"""Records runs of Keras for the tests in tests/src/keras, which replay them without Python.

    python3 -m venv /tmp/keras
    /tmp/keras/bin/pip install keras==3.15.1 tensorflow-cpu==2.21.0
    /tmp/keras/bin/python tests/keras/record.py [training] [callbacks] [schedules] [initializers]

Writes tests/keras/traces, all of them or those named, in some minutes. Everything is seeded; another machine may round the last bits of a sum differently. Plans are
those of packages/tuning (training-plan.ts), with what they leave out left to the defaults: Keras' here, ours in the tests.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf

from callbacks import callback_traces
from initializers import initializer_statistics
from schedules import schedule_values
from training import example_sets, training_traces

FOLDER = Path(__file__).parent / "traces"


def main():
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()


def record_training():
    write("examples.json", example_sets())
    for name, trace in training_traces():
        write(f"training/{name}.json", {"name": name, **trace})
        print(name)


PARTS = {
    "training": record_training,
    "callbacks": lambda: write("callbacks.json", {"traces": callback_traces()}),
    "schedules": lambda: write("schedules.json", {"traces": schedule_values()}),
    "initializers": lambda: write("initializers.json", {"statistics": initializer_statistics()}),
}


def write(name, value):
    """Formats JSON with one line for each field, and for each object of a list."""
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    fields = [f"{json.dumps(key)}: {lines(part)}" for key, part in {**versions, **value}.items()]
    path.write_text("{\n" + ",\n".join(fields) + "\n}\n")


def lines(value):
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(compact(entry) for entry in value) + "\n]"
    return compact(value)


def compact(value):
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    main()
