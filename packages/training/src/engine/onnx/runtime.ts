import type * as Onnx from "onnxruntime-node";
import type { NamedTensor } from "../../model/tensor.js";

/** The module onnxruntime-node. */
export type OnnxRuntime = typeof Onnx;
/** A compiled graph. */
export type InferenceSession = Onnx.InferenceSession;
/** A tensor of ONNX Runtime. */
export type Tensor = Onnx.Tensor;
/** Tensors by the names of a graph's inputs or outputs. */
export type Tensors = Record<string, Tensor>;

/**
 * Compiles a model for the CPU.
 *
 * Subnormal numbers are flushed to zero. The moments of weights without gradient decay to
 * subnormal numbers, with which arithmetic is up to a hundred times slower. ONNX Runtime takes
 * this setting from the first session of the process and applies it to the calling thread,
 * JavaScript included; every session must therefore request the same.
 *
 * @param threads - at least 1. With 1, the calling thread computes, and the same inputs give the
 * same bits.
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

/** Creates a float32 tensor over the caller's memory: a change of `data` changes the tensor. */
export function floatTensor(runtime: OnnxRuntime, data: Float32Array, dims: readonly number[]): Tensor {
  return new runtime.Tensor("float32", data, dims);
}

/** Creates tensors over the caller's memory, by their names. */
export function tensorsOver(runtime: OnnxRuntime, tensors: readonly NamedTensor[]): Tensors {
  return Object.fromEntries(tensors.map(({ name, values, shape }) => [name, floatTensor(runtime, values, shape)]));
}

/** A float32 scalar that JavaScript and a graph both read and write. */
export interface Scalar {
  value: number;
  readonly tensor: Tensor;
}

/** Creates a scalar of value 0. */
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
