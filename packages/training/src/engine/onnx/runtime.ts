import type * as Onnx from "onnxruntime-node";
import type { NamedTensor } from "../../model/tensor.js";

export type OnnxRuntime = typeof Onnx;
export type InferenceSession = Onnx.InferenceSession;
export type Tensor = Onnx.Tensor;
/** Tensors by the names of a graph's inputs or outputs. */
export type Tensors = Record<string, Tensor>;

/**
 * Compiles a model for the CPU.
 *
 * Subnormal numbers count as zero: the moments of weights that get no gradient decay into them, where arithmetic is up
 * to a hundred times slower. ONNX Runtime takes this setting from the first session of the process and applies it to
 * the calling thread, JavaScript included, so that every session has to ask for the same.
 *
 * @param threads - at least 1; with 1 the calling thread computes and the same inputs give the same bits
 */
export function createSession(
  runtime: OnnxRuntime,
  model: Uint8Array,
  { threads }: { readonly threads: number },
): Promise<InferenceSession> {
  return runtime.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: "1" } },
  });
}

/** A float32 tensor over memory that the caller keeps: writing to `data` changes the tensor. */
export function floatTensor(runtime: OnnxRuntime, data: Float32Array, dims: readonly number[]): Tensor {
  return new runtime.Tensor("float32", data, dims);
}

/** Tensors over named values that the caller keeps, by their names. */
export function tensorsOver(runtime: OnnxRuntime, tensors: readonly NamedTensor[]): Tensors {
  return Object.fromEntries(tensors.map(({ name, values, shape }) => [name, floatTensor(runtime, values, shape)]));
}

/** The two tensors of a batch, over memory that the caller keeps. */
export function batchTensors(
  runtime: OnnxRuntime,
  { inputs, labels }: { readonly inputs: Float32Array; readonly labels: Uint8Array },
): { readonly inputs: Tensor; readonly labels: Tensor } {
  const rows = labels.length;
  return {
    inputs: new runtime.Tensor("float32", inputs, [rows, rows === 0 ? 0 : inputs.length / rows]),
    labels: new runtime.Tensor("uint8", labels, [rows, 1]),
  };
}

/** A float32 scalar that JavaScript reads and writes and a graph writes and reads. */
export interface Scalar {
  value: number;
  readonly tensor: Tensor;
}

export function scalar(runtime: OnnxRuntime): Scalar {
  const memory = new Float32Array(1);
  return {
    tensor: floatTensor(runtime, memory, []),
    get value() {
      return memory[0] as number;
    },
    set value(value: number) {
      memory[0] = value;
    },
  };
}
