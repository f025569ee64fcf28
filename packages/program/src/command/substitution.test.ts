// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the places of values look so.

import assert from "node:assert/strict";
import { test } from "node:test";
import { programEnvironment, valueVariable } from "./environment.js";
import { namesIn, substitute } from "./substitution.js";

test("values stand in the place of their names, also inside words", () => {
  const words = ["--lr=${rate}", "${layers}x${units}", "plain", "${flag}"];
  assert.deepEqual(substitute(words, { rate: 1e-7, layers: 2, units: 64, flag: true }), [
    "--lr=1e-7",
    "2x64",
    "plain",
    "true",
  ]);
});

test("a doubled dollar gives the shell its own braces", () => {
  assert.deepEqual(substitute(["echo $${HOME} $HOME ${rate}"], { rate: 1 }), ["echo ${HOME} $HOME 1"]);
  assert.deepEqual(namesIn(["$${HOME}", "${rate} ${rate}", "${two words}"]), ["rate", "two words"]);
});

test("the value of an inactive parameter is the empty text, and values are not substituted again", () => {
  assert.deepEqual(substitute(["[${gone}]", "${text}"], { text: "${rate}$&", rate: 1 }), ["[]", "${rate}$&"]);
  assert.deepEqual(substitute(["${toString}"], {}), [""]);
});

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
