// Imports a tfjs package and executes one step of gradient descent. Runs in its own process. Prints
// the device in its last line. Argument: the name of the package.

import { DEFAULT_GPU_SETTINGS } from "@sintonia/training/engine/contract/engine-settings";
import { prepareEnvironment } from "@sintonia/training/engine/tfjs/tensorflow/environment";
import type * as Tf from "@tensorflow/tfjs";

prepareEnvironment({ threads: 1, gpu: DEFAULT_GPU_SETTINGS });
const { default: tf } = (await import(process.argv[2] as string)) as { readonly default: typeof Tf };
if (tf.getBackend() !== "tensorflow") throw new Error(`it computes with the backend ${tf.getBackend()}`);

// Minimises |x w - y|^2 / 2 with learning rate 1/2. The gradient is x' (x w - y). All numbers are
// exact in float32.
const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const w = tf.tensor2d([0.5, -0.5], [2, 1]);
const y = tf.tensor2d([1, 0], [2, 1]);
const next = w.sub(x.transpose().matMul(x.matMul(w).sub(y)).mul(0.5));
const weights = Array.from(await next.data());
if (String(weights) !== String([2, 2])) throw new Error(`a training step gave ${weights.join(", ")}`);

const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: boolean };
process.stdout.write(`${isUsingGpuDevice === true ? "GPU" : "CPU"}\n`);
