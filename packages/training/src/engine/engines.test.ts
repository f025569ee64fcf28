import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EngineUnavailableError, UnknownEngineError } from "./contract/engine-error.js";
import { parseEngineName, startEngine } from "./engines.js";

function failingImport(message: string, code?: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(message), code === undefined ? {} : { code }));
}

describe("parseEngineName", () => {
  it("parses the four names", () => {
    assert.deepEqual(["onnx", "tfjs-node-gpu", "tfjs-node", "tfjs"].map(parseEngineName).length, 4);
  });

  it("lists the names when it refuses one", () => {
    assert.throws(
      () => parseEngineName("torch"),
      (error) => {
        assert.ok(error instanceof UnknownEngineError);
        assert.match(error.message, /"torch".*onnx, tfjs-node-gpu, tfjs-node, tfjs/);
        return true;
      },
    );
  });
});

describe("startEngine", () => {
  it("names the engine and says to install a package that is absent", async () => {
    const message = "Cannot find package '@tensorflow/tfjs-node-gpu' imported from /app/start.js";
    const importModule = failingImport(message, "ERR_MODULE_NOT_FOUND");
    await assert.rejects(startEngine("tfjs-node-gpu", { importModule }), (error) => {
      assert.ok(error instanceof EngineUnavailableError);
      assert.equal(error.engine, "tfjs-node-gpu");
      assert.equal(error.reason, "the package @tensorflow/tfjs-node-gpu is not installed");
      assert.match(error.advice, /npm install @tensorflow\/tfjs-node-gpu/);
      return true;
    });
  });

  it("tells how to build the missing native part of an installed package", async () => {
    const importModule = failingImport(
      "The Node.js native addon module (tfjs_binding.node) can not be found at path: " +
        "/x/tfjs_binding.node. \nPlease run",
    );
    await assert.rejects(startEngine("tfjs-node", { importModule }), (error) => {
      assert.ok(error instanceof EngineUnavailableError);
      assert.match(error.reason, /without its native part/);
      assert.equal(error.advice, "build it: ./scripts/build-tfjs-native");
      return true;
    });
  });

  it("reports the first line of any other error of the import", async () => {
    const importModule = failingImport("libtensorflow.so.2: cannot open shared object file\nmore", "ERR_DLOPEN_FAILED");
    await assert.rejects(startEngine("tfjs-node", { importModule }), (error) => {
      assert.ok(error instanceof EngineUnavailableError);
      assert.match(error.message, /did not load \(libtensorflow\.so\.2: cannot open shared object file\)/);
      return true;
    });
  });

  it("distinguishes a missing dependency from a missing package", async () => {
    const importModule = failingImport("Cannot find package 'long' imported from tfjs", "ERR_MODULE_NOT_FOUND");
    await assert.rejects(startEngine("tfjs", { importModule }), /did not load \(Cannot find package 'long'/);
  });

  it("refuses the GPU engine if TensorFlow computes on the CPU", async () => {
    const importModule = () => Promise.resolve(fakeTensorFlow({ isUsingGpuDevice: false }));
    await assert.rejects(startEngine("tfjs-node-gpu", { importModule }), (error) => {
      assert.ok(error instanceof EngineUnavailableError);
      assert.match(error.reason, /no GPU/);
      return true;
    });
  });

  it("refuses the CPU engine if TensorFlow computes on a GPU", async () => {
    const importModule = () => Promise.resolve(fakeTensorFlow({ isUsingGpuDevice: true }));
    await assert.rejects(startEngine("tfjs-node", { importModule }), /computes on a GPU in this process/);
  });

  it("starts the GPU engine if TensorFlow computes on a GPU", async () => {
    const importModule = (specifier: string) => {
      assert.equal(specifier, "@tensorflow/tfjs-node-gpu");
      return Promise.resolve(fakeTensorFlow({ isUsingGpuDevice: true }));
    };
    const engine = await startEngine("tfjs-node-gpu", { importModule });
    assert.equal(engine.description, "@tensorflow/tfjs-node-gpu 4.22.0, gpu");
  });

  it("refuses a package that computes with another backend", async () => {
    const importModule = () => Promise.resolve({ ...fakeTensorFlow({}), getBackend: () => "cpu" });
    await assert.rejects(startEngine("tfjs-node", { importModule }), /backend cpu instead of tensorflow/);
  });

  it("describes the engine by version, device and threads", async () => {
    assert.match((await startEngine("onnx")).description, /^onnxruntime-node \d+\.\d+\.\d+, cpu, 1 thread$/);
    assert.match((await startEngine("onnx", { threads: 2 })).description, /cpu, 2 threads$/);
    assert.match((await startEngine("tfjs")).description, /^@tensorflow\/tfjs \d+\.\d+\.\d+, cpu$/);
  });
});

/** Returns the part of tfjs that the start of an engine needs. */
function fakeTensorFlow(backend: object) {
  return {
    version: { tfjs: "4.22.0" },
    enableProdMode: () => undefined,
    setBackend: () => Promise.resolve(true),
    getBackend: () => "tensorflow",
    backend: () => backend,
  };
}
