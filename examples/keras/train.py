"""The standard deviation of an MLP's initial weights on MNIST.

Three lines make a study's trial of a Keras program: the import, the values, the callbacks. Two more are optional.
"""

import keras
import sintonia

stddev = sintonia.values({"stddev": 0.05})["stddev"]
keras.utils.set_random_seed(sintonia.seed())  # optional: a seed of its own for each execution

(x, y), _ = keras.datasets.mnist.load_data()
x = x.reshape(-1, 784).astype("float32") / 255

model = keras.Sequential([
    keras.Input((784,)),
    keras.layers.Dense(64, activation="relu", kernel_initializer=keras.initializers.RandomNormal(stddev=stddev)),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    x[:50000], y[:50000], batch_size=256, epochs=10, verbose=2,
    validation_data=(x[50000:], y[50000:]),
    callbacks=[keras.callbacks.BackupAndRestore(str(sintonia.checkpoint())), sintonia.keras_callback(checkpoint=True)],
)
model.save(sintonia.artifacts() / "model.keras")  # optional: keeps the model of the best trial
