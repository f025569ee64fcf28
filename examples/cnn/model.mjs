// A convolutional network of the size of LeNet-5. Guide: docs/modules.md.

/** The search space: `study.yaml` has no parameters of its own. */
export const parameters = {
  rate: { type: "double", min: 0.0005, max: 0.005, scale: "log", default: 0.002 },
  filters: { type: "integer", min: 8, max: 24, step: 8, default: 16 },
  units: { type: "integer", min: 32, max: 128, step: 32, default: 64 },
  dropout: { type: "double", min: 0, max: 0.5, default: 0.2 },
};

/** @type {import("@sintonia/module").Build} */
export function build({ tf, values, dataset }) {
  const { filters, units, dropout } = values;
  const convolution = { kernelSize: 5, activation: "relu", kernelInitializer: "heNormal" };
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ ...convolution, inputShape: dataset.inputShape, filters }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.conv2d({ ...convolution, filters: 2 * filters }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units, activation: "relu", kernelInitializer: "heNormal" }));
  model.add(tf.layers.dropout({ rate: dropout }));
  model.add(tf.layers.dense({ units: dataset.classes, activation: "softmax" }));
  return model;
}
