// Imports a package of tfjs in a process of its own and takes one step of gradient descent with it. Prints the device as
// its last line. Argument: the package's name.

import { DEFAULT_GPU_SETTINGS } from "@sintonia/training/engine/contract/engine-settings";
import { prepareEnvironment } from "@sintonia/training/engine/tfjs/tensorflow/environment";
import type * as Tf from "@tensorflow/tfjs";

prepareEnvironment({ threads: 1, gpu: DEFAULT_GPU_SETTINGS });
const { default: tf } = (await import(process.argv[2] as string)) as { readonly default: typeof Tf };
if (tf.getBackend() !== "tensorflow") throw new Error(`it computes with the backend ${tf.getBackend()}`);

// Of |x w - y|^2 / 2 with the rate 1/2, in numbers that float32 holds exactly: the gradient is x' (x w - y).
const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const w = tf.tensor2d([0.5, -0.5], [2, 1]);
const y = tf.tensor2d([1, 0], [2, 1]);
const next = w.sub(x.transpose().matMul(x.matMul(w).sub(y)).mul(0.5));
const weights = Array.from(await next.data());
if (String(weights) !== String([2, 2])) throw new Error(`a step of training gave ${weights.join(", ")}`);

const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: boolean };
process.stdout.write(`${isUsingGpuDevice === true ? "GPU" : "CPU"}\n`);
