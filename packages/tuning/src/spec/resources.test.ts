import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatProblems } from "../validation/problems.js";
import { parseStudySpec } from "./check/parse.js";
import { memoryBytes, resourceClassesOf, resourceClassOf, resourcesText } from "./resources.js";

/** Parses a spec that asks for resources, in YAML. */
function parsed(resources: string) {
  return parseStudySpec(`
name: example
program: { command: [train] }
objective: { metric: score, goal: maximize }
budget: { maxTrials: 2 }
resources: ${resources}
parameters: { x: { type: integer, min: 0, max: 9 } }
`);
}

describe("the resources of a spec", () => {
  it("are accepted in any part, and kept as they are", () => {
    for (const resources of [{ gpu: 1, flavour: "a100", memory: "8GiB" }, { gpu: 0 }, { flavour: "0-x" }, {}]) {
      const result = parsed(JSON.stringify(resources));
      assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
      assert.deepEqual(result.spec.resources, resources);
    }
  });

  it("are refused with the accepted form", () => {
    for (const [resources, path, expected] of [
      ["{ gpu: 65 }", "resources.gpu", "a whole number from 0 to 64"],
      ["{ gpu: 0.5 }", "resources.gpu", "a whole number from 0 to 64"],
      ["{ flavour: A100 }", "resources.flavour", "a flavour of 1 to 32 lower-case letters"],
      ["{ flavour: gpu }", "resources.flavour", "other than any and gpu"],
      ["{ memory: 8GB }", "resources.memory", "with the unit MiB, GiB or TiB, such as 8GiB"],
      ["{ memory: 8 }", "resources.memory", "with the unit MiB, GiB or TiB, such as 8GiB"],
      ["{ cpu: 8 }", "resources.cpu", "no field of this name"],
    ] as const) {
      const result = parsed(resources);
      assert.ok(!result.ok, resources);
      const [problem, ...others] = result.problems;
      assert.deepEqual(others, [], resources);
      assert.equal(problem?.path, path);
      assert.ok(problem.expected.includes(expected), problem.expected);
    }
  });
});

it("reads memory in bytes", () => {
  assert.deepEqual(["1MiB", "8GiB", "9999TiB", undefined].map(memoryBytes), [2 ** 20, 2 ** 33, 9_999 * 2 ** 40, 0]);
});

it("sorts a study into a class that its trainers take assignments from", () => {
  for (const [asked, has, isServed] of [
    [{}, { gpus: 0 }, true],
    [{ memory: "1GiB" }, { gpus: 0 }, true],
    [{ gpu: 1 }, { gpus: 2, flavour: "a100" }, true],
    [{ gpu: 1 }, { gpus: 0, flavour: "a100" }, false],
    [{ gpu: 1, flavour: "a100" }, { gpus: 1, flavour: "a100" }, true],
    [{ flavour: "a100" }, { gpus: 1 }, false],
  ] as const) {
    const classes = ["any", ...resourceClassesOf(has)];
    assert.equal(classes.includes(resourceClassOf(asked)), isServed, JSON.stringify([asked, has]));
  }
});

it("says what a study asks for", () => {
  assert.equal(resourcesText({ gpu: 2, flavour: "a100", memory: "8GiB" }), "2 GPUs, flavour a100, 8GiB of memory");
  assert.equal(resourcesText({ gpu: 0 }), "");
});
