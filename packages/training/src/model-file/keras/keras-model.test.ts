import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { denseLayer, planOf, seededTensors, seededWeights } from "../../engine/contract/problem.fixture.js";
import { ModelShapeError } from "../../model/model-shape.js";
import { encodeHdf5 } from "./hdf5-file.js";
import { encodeKerasModel } from "./keras-model.js";
import { encodeZip } from "./zip-file.js";

/** Reads the stored files of a zip archive by its directory. */
function unzip(bytes: Uint8Array): Map<string, Buffer> {
  const archive = Buffer.from(bytes);
  const files = new Map<string, Buffer>();
  let entry = archive.readUInt32LE(archive.length - 6);
  for (let left = archive.readUInt16LE(archive.length - 12); left > 0; left -= 1) {
    const size = archive.readUInt32LE(entry + 24);
    const nameLength = archive.readUInt16LE(entry + 28);
    const name = archive.toString("latin1", entry + 46, entry + 46 + nameLength);
    const data = archive.readUInt32LE(entry + 42) + 30 + nameLength;
    files.set(name, archive.subarray(data, data + size));
    assert.equal(archive.readUInt32LE(entry + 16), crc32(archive.subarray(data, data + size)), name);
    entry += 46 + nameLength;
  }
  return files;
}

/** Reads the data sets of an HDF5 file by path: through the B-tree and the heap of each group. */
function dataSets(file: Buffer): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const address = (at: number): number => Number(file.readBigUInt64LE(at));
  const visit = (header: number, path: string): void => {
    if (file.readUInt16LE(header + 16) !== 0x11) return void found.set(path, values(file, header));
    const [tree, heap] = [address(header + 24), address(header + 32)];
    const [node, names] = [address(tree + 32), address(heap + 24)];
    for (let i = 0; i < file.readUInt16LE(node + 6); i += 1) {
      const name = names + address(node + 8 + 40 * i);
      visit(address(node + 16 + 40 * i), `${path}/${file.toString("latin1", name, file.indexOf(0, name))}`);
    }
  };
  visit(address(64), "");
  return found;
}

/** Returns the shape of a data set and then its values. */
function values(file: Buffer, header: number): number[] {
  const rank = file.readUInt8(header + 25);
  const shape = Array.from({ length: rank }, (_, i) => Number(file.readBigUInt64LE(header + 32 + 8 * i)));
  let message = header + 16;
  while (file.readUInt16LE(message) !== 0x08) message += 8 + file.readUInt16LE(message + 2);
  const start = Number(file.readBigUInt64LE(message + 10));
  const count = Number(file.readBigUInt64LE(message + 18)) / 4;
  return [...shape, ...Array.from({ length: count }, (_, i) => file.readFloatLE(start + 4 * i))];
}

const LAYERS = [
  denseLayer(3, "leaky_relu"),
  { type: "BatchNormalization", momentum: 0.9, epsilon: 0.002, center: true, scale: false },
  { type: "Dropout", rate: 0.25 },
  { ...denseLayer(4, "silu"), useBias: false },
  denseLayer(2, "softmax"),
] as const;
const WEIGHTS = seededTensors(LAYERS, 5);

test("a .keras file has Keras' three files, and each tensor under the path that Keras reads", () => {
  const files = unzip(encodeKerasModel(WEIGHTS, LAYERS));
  assert.deepEqual([...files.keys()], ["metadata.json", "config.json", "model.weights.h5"]);
  const found = dataSets(files.get("model.weights.h5") as Buffer);
  const paths = ["dense/vars/0", "dense/vars/1", "batch_normalization/vars/0", "batch_normalization/vars/1"];
  paths.push("batch_normalization/vars/2", "dense_1/vars/0", "dense_2/vars/0", "dense_2/vars/1");
  assert.equal(found.size, paths.length);
  for (const [i, { shape, values }] of WEIGHTS.entries()) {
    assert.deepEqual(found.get(`/layers/${paths[i]}`), [...shape, ...values], paths[i]);
  }
});

test("a .keras file describes each layer with Keras' class and arguments", () => {
  const files = unzip(encodeKerasModel(WEIGHTS, LAYERS));
  const { config } = JSON.parse(String(files.get("config.json")));
  const layers = config.layers.map((layer: { class_name: string; config: object }) => ({
    type: layer.class_name,
    ...layer.config,
  }));
  assert.deepEqual(layers[0], { type: "InputLayer", batch_shape: [null, 5], dtype: "float32", name: "input_layer" });
  assert.equal(layers[1].activation, "leaky_relu");
  assert.deepEqual([layers[2].epsilon, layers[2].center, layers[2].scale], [0.002, true, false]);
  assert.equal(layers[3].rate, 0.25);
  assert.deepEqual([layers[4].units, layers[4].use_bias, layers[4].name], [4, false, "dense_1"]);
});

test("a .keras file has the bytes that Keras 3.0.5 and 3.15.1 were seen to open with equal predictions", () => {
  const bytes = encodeKerasModel(seededWeights([40, 20, 15, 12, 10]), planOf([20, 15, 12, 10]).model.layers);
  assert.equal(
    createHash("sha256").update(bytes).digest("hex"),
    "b09389a678b0ec18bce19510f327a3244582c373b2c62560b40d40407214f23b",
  );
});

test("groups with one, eight and many members can be read", () => {
  for (const count of [1, 8, 9, 500]) {
    const group = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`n${i}`, { shape: [1], values: Float32Array.of(i) }]),
    );
    const found = dataSets(Buffer.from(encodeHdf5({ group, empty: {} })));
    assert.equal(found.size, count);
    for (let i = 0; i < count; i += 1) assert.deepEqual(found.get(`/group/n${i}`), [1, i]);
  }
});

test("an archive without files has an empty directory", () => {
  assert.equal(encodeZip([]).length, 22);
});

test("refuses weights that do not fit the layers", () => {
  assert.throws(() => encodeKerasModel(seededWeights([6, 5, 3]), planOf([4, 3]).model.layers), ModelShapeError);
});
