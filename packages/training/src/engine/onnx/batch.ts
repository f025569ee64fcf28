import type { Examples, Targets } from "../../dataset/examples.js";
import { INPUTS, TARGETS, WEIGHTS } from "./graph/model-graphs.js";
import type { OnnxRuntime, Tensors } from "./runtime.js";

/** The numbers of a batch in the element types of a graph's inputs. */
export interface BatchValues {
  readonly rows: number;
  /** Shape (rows, features). */
  readonly inputs: Float32Array;
  /** Labels, shape (rows, 1); or values, shape (rows, width). */
  readonly targets: Int32Array | Float32Array;
  /** Shape (rows, 1). */
  readonly weights?: Float32Array;
}

/** Creates the tensors of a batch over the caller's memory, by the names of a graph's inputs. */
export function batchTensors(runtime: OnnxRuntime, { rows, inputs, targets, weights }: BatchValues): Tensors {
  const columns = (values: ArrayLike<number>) => (rows === 0 ? 0 : values.length / rows);
  const shape = [rows, columns(targets)];
  return {
    [INPUTS]: new runtime.Tensor("float32", inputs, [rows, columns(inputs)]),
    [TARGETS]:
      targets instanceof Int32Array
        ? new runtime.Tensor("int32", targets, shape)
        : new runtime.Tensor("float32", targets, shape),
    ...(weights === undefined ? {} : { [WEIGHTS]: new runtime.Tensor("float32", weights, [rows, 1]) }),
  };
}

/** The rows of the present batch, in memory that all batches share. */
export class Batch {
  #memory = new ArrayBuffer(0);
  #values: BatchValues = { rows: 0, inputs: new Float32Array(0), targets: new Int32Array(0) };

  /** The same object for all batches of one size in a row. */
  get values(): BatchValues {
    return this.#values;
  }

  /**
   * Replaces the batch by the given rows of `examples`, which are of one form for all batches.
   *
   * @throws {RangeError} if a row is outside `examples`; the batch is then unchanged
   */
  load(examples: Examples, rows: Uint32Array): void {
    for (const row of rows) {
      if (row >= examples.count) throw new RangeError(`row ${row} is outside ${examples.count} examples`);
    }
    if (rows.length !== this.#values.rows) this.#resize(examples, rows.length);
    const { inputs, targets, weights } = this.#values;
    copyRows(inputs, examples.inputs, { rows, width: examples.features });
    copyRows(targets, numbersOf(examples.targets), { rows, width: widthOf(examples.targets) });
    if (weights !== undefined && examples.weights !== undefined) {
      copyRows(weights, examples.weights, { rows, width: 1 });
    }
  }

  #resize({ features, targets, weights }: Examples, rows: number): void {
    const bytes = rows * features * Float32Array.BYTES_PER_ELEMENT;
    if (bytes > this.#memory.byteLength) this.#memory = new ArrayBuffer(bytes);
    const size = rows * widthOf(targets);
    this.#values = {
      rows,
      inputs: new Float32Array(this.#memory, 0, rows * features),
      targets: targets.kind === "classes" ? new Int32Array(size) : new Float32Array(size),
      ...(weights === undefined ? {} : { weights: new Float32Array(rows) }),
    };
  }
}

/** Returns the consecutive rows [start, end) of examples. Inputs are not copied. */
export function consecutiveRows(
  { features, inputs, targets, weights }: Examples,
  [start, end]: readonly [start: number, end: number],
): BatchValues {
  const width = widthOf(targets);
  const numbers = numbersOf(targets).subarray(start * width, end * width);
  return {
    rows: end - start,
    inputs: inputs.subarray(start * features, end * features),
    targets: numbers instanceof Float32Array ? numbers : Int32Array.from(numbers),
    ...(weights === undefined ? {} : { weights: weights.subarray(start, end) }),
  };
}

type Numbers = Float32Array | Uint8Array | Uint16Array;

function copyRows(
  to: Int32Array | Float32Array,
  from: Numbers,
  { rows, width }: { readonly rows: Uint32Array; readonly width: number },
): void {
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    if (width === 1) to[index] = from[row] as number;
    else to.set(from.subarray(row * width, (row + 1) * width), index * width);
  }
}

function numbersOf(targets: Targets): Numbers {
  return targets.kind === "classes" ? targets.labels : targets.values;
}

function widthOf(targets: Targets): number {
  return targets.kind === "classes" ? 1 : targets.width;
}
