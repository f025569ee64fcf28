import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denseLayer, denseWeights, planOf, seededWeights } from "../engine/contract/problem.fixture.js";
import { ModelFileError } from "./model-file-error.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const LAYERS = planOf([5, 4, 3]).model.layers;
const WEIGHTS = seededWeights([6, 5, 4, 3]);
const BYTES = encodeSafetensors(WEIGHTS, LAYERS);

describe("encodeSafetensors", () => {
  it("decodes to the same weights and layers", () => {
    const { weights, layers } = decodeSafetensors(BYTES);
    assert.deepEqual(weights, WEIGHTS);
    assert.deepEqual(layers, LAYERS);
  });

  it("keeps NaN, infinities and negative zero", () => {
    const kernel = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0, 1e-45);
    const weights = denseWeights(0, { inputs: 2, kernel, bias: new Float32Array(2) });
    const bytes = encodeSafetensors(weights, [denseLayer(2, "softmax")]);
    assert.deepEqual(decodeSafetensors(bytes).weights, weights);
  });

  it("uses the names that Keras gives and aligns the values to eight bytes", () => {
    const header = headerOf(BYTES);
    assert.deepEqual(Object.keys(header.content), [
      "__metadata__",
      "dense/kernel",
      "dense/bias",
      "dense_1/kernel",
      "dense_1/bias",
      "dense_2/kernel",
      "dense_2/bias",
    ]);
    assert.deepEqual(header.content["dense_1/kernel"], { dtype: "F32", shape: [5, 4], data_offsets: [140, 220] });
    assert.equal(header.length % 8, 0);
  });

  it("writes the same bytes for the same model", () => {
    assert.deepEqual(encodeSafetensors(structuredClone(WEIGHTS), LAYERS), BYTES);
  });
});

describe("decodeSafetensors", () => {
  it("reads a file that does not start at an aligned address", () => {
    const shifted = new Uint8Array(BYTES.length + 1);
    shifted.set(BYTES, 1);
    assert.deepEqual(decodeSafetensors(shifted.subarray(1)).weights, WEIGHTS);
  });

  it("refuses a file that ends at any earlier byte", () => {
    for (let length = 0; length < BYTES.length; length++) {
      assert.throws(() => decodeSafetensors(BYTES.subarray(0, length)), ModelFileError, `${length} bytes`);
    }
  });

  it("refuses a file with additional bytes at its end", () => {
    assert.throws(() => decodeSafetensors(new Uint8Array([...BYTES, 0])), ModelFileError);
  });

  const damages: readonly [what: string, change: (header: Header) => void, message: RegExp][] = [
    ["another element type", (header) => (tensorOf(header, "dense/bias")["dtype"] = "F16"), /not a float32/],
    [
      "a shape of another size than its bytes",
      (header) => (tensorOf(header, "dense/bias")["shape"] = [6]),
      /cannot have/,
    ],
    ["a negative size", (header) => (tensorOf(header, "dense/bias")["shape"] = [-5]), /no valid shape/],
    ["a gap", (header) => (tensorOf(header, "dense/bias")["data_offsets"] = [121, 141]), /does not start/],
    ["no layers", (header) => (header["__metadata__"] = {}), /layers/],
    ["an unknown activation", (header) => setLayers(header, [{ units: 5, activation: "mish" }]), /unknown layers/],
    ["one layer too few", (header) => setLayers(header, LAYERS.slice(1)), /4 tensors, the weights have 6/],
    ["a tensor of no layer", (header) => rename(header, "dense_1/bias", "other"), /needs dense_1.bias/],
    [
      "layers whose sizes do not match",
      (header) => (tensorOf(header, "dense_1/kernel")["shape"] = [20, 1]),
      /needs dense_1.kernel/,
    ],
  ];
  for (const [what, change, message] of damages) {
    it(`refuses ${what}`, () => {
      const { content, values } = headerOf(BYTES);
      change(content);
      const error = errorOf(() => decodeSafetensors(assembled(content, values)));
      assert.ok(error instanceof ModelFileError, String(error));
      assert.match(error.message, message);
    });
  }

  it("refuses bytes of another format", () => {
    assert.throws(() => decodeSafetensors(new TextEncoder().encode("a model, honestly")), ModelFileError);
    assert.throws(() => decodeSafetensors(assembled(["a list"], new Uint8Array())), /not a JSON object/);
  });
});

type Header = Record<string, unknown>;

function headerOf(bytes: Uint8Array): { length: number; content: Header; values: Uint8Array } {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const content = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Header;
  return { length, content, values: bytes.subarray(8 + length) };
}

function assembled(content: unknown, values: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(content));
  const length = new Uint8Array(BigUint64Array.of(BigInt(json.length)).buffer);
  return new Uint8Array([...length, ...json, ...values]);
}

function tensorOf(header: Header, name: string): Header {
  return header[name] as Header;
}

function setLayers(header: Header, layers: readonly unknown[]): void {
  header["__metadata__"] = { layers: JSON.stringify(layers) };
}

function rename(header: Header, from: string, to: string): void {
  const entries = Object.entries(header).map(([name, value]) => [name === from ? to : name, value] as const);
  for (const name of Object.keys(header)) delete header[name];
  Object.assign(header, Object.fromEntries(entries));
}

function errorOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
