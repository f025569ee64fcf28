import assert from "node:assert/strict";
import { test } from "node:test";
import { namesInWord, resolveCommand } from "./command.js";
import { lookUpIn } from "./plan-findings.js";

const values = { rate: 1e-7, units: 64, activation: "relu", bias: true, $: "no name" };

test("replaces references inside words by the values as programs read them", () => {
  const words = ["train", "--rate=${rate}", "${units}x${units}", "${activation},${bias}"];
  assert.deepEqual(resolveCommand(words, lookUpIn(values)), ["train", "--rate=1e-7", "64x64", "relu,true"]);
});

test("leaves out words of inactive parameters, and inherited names are none", () => {
  const words = ["train", "--depth=${depth}", "${toString}", "--units=${units}"];
  assert.deepEqual(resolveCommand(words, lookUpIn(values)), ["train", "--units=64"]);
});

test("keeps every other dollar sign, and writes an escaped reference as it stands", () => {
  const words = ["$HOME", "$units", "cost: 5$", "$${units}", "$$${units}", "${", "a$$b"];
  assert.deepEqual(resolveCommand(words, lookUpIn(values)), [
    "$HOME",
    "$units",
    "cost: 5$",
    "${units}",
    "$${units}",
    "${",
    "a$$b",
  ]);
});

test("a value is not substituted again, and has no special characters", () => {
  assert.deepEqual(resolveCommand(["${text}"], lookUpIn({ text: "${rate}$&", rate: 1 })), ["${rate}$&"]);
});

test("names what a word refers to", () => {
  assert.deepEqual(namesInWord("${a}${b}-$${c}-${}"), ["a", "b", ""]);
});
