"""Client of Sintonia for training programs in Python. One file without dependencies: copy it beside your program.

    import sintonia

    values = sintonia.values({"rate": 0.01})
    for epoch in range(10):
        ...
        if not sintonia.report(val_accuracy=accuracy):
            break

Without Sintonia the same program runs by itself: values() returns the given defaults, and report() prints.
"""

import json
import os
import pathlib
import select
import sys
import threading
import time

__all__ = [
    "values", "report", "infeasible", "retry", "checkpoint", "artifacts",
    "seed", "execution", "study", "trial", "attempt", "threads", "keras_callback",
]

_lock = threading.Lock()
_channel = None
# Reports that may wait for their answers while the program goes on: they are stored one after the other.
_UNANSWERED_MAX = 512


def values(defaults=None):
    """Returns the values of this trial by parameter; the defaults where the program runs by itself."""
    text = os.environ.get("SINTONIA_VALUES")
    return dict(defaults or {}) if text is None else json.loads(text)


def report(metrics=None, *, epoch=None, checkpoint=False, **named):
    """Reports the metrics of an epoch, which are stored also if the program ends at once.

    metrics, named -- numbers by name; the study's objective is among them
    epoch          -- number from 0; by default the one after the last report
    checkpoint     -- True if the folder of checkpoint() holds the state after this epoch

    Returns True to go on, False to stop: the program should then end with exit code 0. Waits for the answer for at
    most a hundredth of the time since the last report, so that short epochs lose no time; a later answer is that
    of the next report. With checkpoint=True it waits until the checkpoint is copied.
    """
    numbers = {name: float(value) for name, value in {**(metrics or {}), **named}.items()}
    line = {"metrics": numbers}
    if epoch is not None:
        line["epoch"] = int(epoch)
    if checkpoint:
        line["checkpoint"] = True
    return _send(line)


def infeasible(reason):
    """Reports that these values cannot be trained, and ends the program. The oracle learns from it."""
    _send({"infeasible": str(reason)})
    raise SystemExit(0)


def retry():
    """Ends the program and asks for another attempt, which does not count: the fault is this machine's."""
    raise SystemExit(75)


def checkpoint():
    """Returns the folder whose files the next attempt finds again, once report(checkpoint=True) named them."""
    return _folder("SINTONIA_CHECKPOINT_DIR", "checkpoint")


def artifacts():
    """Returns the folder for the files of this trial that are kept, such as the model. In a test it has them."""
    return _folder("SINTONIA_ARTIFACT_DIR", "artifacts")


def seed():
    """Returns the seed of this execution, an unsigned 32-bit integer."""
    return int(os.environ.get("SINTONIA_SEED", "0"))


def execution():
    """Returns the number of this execution within its trial, from 0."""
    return int(os.environ.get("SINTONIA_EXECUTION", "0"))


def study():
    """Returns the id of the study; None where the program runs by itself."""
    return os.environ.get("SINTONIA_STUDY")


def trial():
    """Returns the id of the trial; None where the program runs by itself."""
    return os.environ.get("SINTONIA_TRIAL")


def attempt():
    """Returns the number of this attempt of the trial, from 1."""
    return int(os.environ.get("SINTONIA_ATTEMPT", "1"))


def threads():
    """Returns the number of threads that this program should use."""
    return int(os.environ.get("SINTONIA_THREADS", str(os.cpu_count() or 1)))


def keras_callback(checkpoint=False):
    """Returns a Keras callback that reports every epoch and stops the training when it should end.

    checkpoint -- True if another callback has saved the epoch's state into the folder of checkpoint() before, as
                  keras.callbacks.BackupAndRestore(str(sintonia.checkpoint())) does
    """
    import keras

    class Report(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            numbers = {name: float(value) for name, value in (logs or {}).items()}
            if not report(numbers, epoch=epoch, checkpoint=checkpoint):
                self.model.stop_training = True

    return Report()


def _folder(variable, name):
    path = pathlib.Path(os.environ.get(variable, name))
    path.mkdir(parents=True, exist_ok=True)
    return path


def _send(line):
    with _lock:
        text = json.dumps(line)
        if "SINTONIA_REPORT_FD" in os.environ:
            return _ask(text, line.get("checkpoint", False))
        path = os.environ.get("SINTONIA_REPORT_FILE")
        if path is None:
            print(text, flush=True)
        else:
            with open(path, "a", encoding="utf-8") as file:
                file.write(text + "\n")
        return True


def _ask(text, must_wait):
    """Writes a report. Waits for its answer, but where it may, not longer than a hundredth of the epoch's time."""
    global _channel
    if _channel is None:
        _channel = _Channel(int(os.environ["SINTONIA_REPORT_FD"]), int(os.environ["SINTONIA_DIRECTIVE_FD"]))
    return _channel.send(text, must_wait)


class _Channel:
    """Reports and their answers. An answer that is late is read with a later report."""

    def __init__(self, reports, directives):
        self.reports = reports
        self.directives = directives
        self.rest = b""
        self.unanswered = 0
        self.goes_on = True
        self.sent = time.monotonic()

    def send(self, text, must_wait):
        patience = 0.01 * (time.monotonic() - self.sent)
        if patience < 0.001:
            patience = 0  # A shorter sleep takes longer than it says.
        try:
            data = (text + "\n").encode()
            while data:
                data = data[os.write(self.reports, data):]
        except BrokenPipeError:
            return False
        self.unanswered += 1
        while self.unanswered > 0 and self.goes_on:
            # Unread answers are few, so that the trainer holds no more than these reports back.
            is_patient = must_wait or self.unanswered > _UNANSWERED_MAX
            if not select.select([self.directives], [], [], None if is_patient else patience)[0]:
                break
            self.read()
        self.sent = time.monotonic()
        return self.goes_on

    def read(self):
        data = os.read(self.directives, 4096)
        # Without an answer the trainer is gone or has decided the end.
        if data == b"":
            self.goes_on = False
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.unanswered -= 1
            self.goes_on = self.goes_on and json.loads(line).get("directive") == "continue"


if __name__ == "__main__":
    sys.exit(__doc__)
