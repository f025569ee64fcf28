import assert from "node:assert/strict";
import { test } from "node:test";
import { programEnvironment, valueVariable } from "./environment.js";

test("a variable's name is that of its parameter in upper case", () => {
  assert.equal(valueVariable("learning rate-2"), "SINTONIA_VALUE_LEARNING_RATE_2");
});

test("a program inherits a short list and cannot replace the contract's variables", () => {
  const inherited = {
    PATH: "/bin",
    LC_ALL: "C",
    https_proxy: "http://proxy",
    CUDA_HOME: "/cuda",
    SINTONIA_NATS_TOKEN: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
    NODE_OPTIONS: "--inspect",
  };
  const facts = { values: {}, seed: 1, execution: 0, study: "s", trial: "1", attempt: 2, threads: 3, gpu: "1" };
  const paths = { valuesFile: "/v", reportFile: "/r", checkpoint: "/c", artifacts: "/a" };
  const environment = programEnvironment(inherited, { SINTONIA_SEED: "9", MINE: "x" }, facts, paths);
  for (const name of ["PATH", "LC_ALL", "https_proxy", "CUDA_HOME"] as const) {
    assert.equal(environment[name], inherited[name]);
  }
  assert.equal(Object.values(environment).includes("secret"), false);
  assert.equal("NODE_OPTIONS" in environment, false);
  const { MINE, SINTONIA_SEED, CUDA_VISIBLE_DEVICES, OMP_NUM_THREADS } = environment;
  assert.deepEqual([MINE, SINTONIA_SEED, CUDA_VISIBLE_DEVICES, OMP_NUM_THREADS], ["x", "1", "1", "3"]);
});
