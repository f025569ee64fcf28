import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Caller, isCallerName, mayActAs } from "./caller.js";

const trainer = (name: string): Caller => ({ name, role: "trainer" });

describe("a caller", () => {
  it("acts as the trainer of its name after each start", () => {
    assert.ok(mayActAs(trainer("gpu-1"), "gpu-1"));
    assert.ok(mayActAs(trainer("gpu-1"), "gpu-1-0a1b2c"));
  });

  it("acts as no trainer whose name only begins alike", () => {
    for (const id of ["gpu-10-0a1b2c", "gpu-1-2-0a1b2c", "gpu-1-zzzzzz", "gpu-1-0a1b2c3", "gpu", ""]) {
      assert.ok(!mayActAs(trainer("gpu-1"), id), id);
    }
  });

  it("acts as every trainer of a beginning if its name ends with an asterisk", () => {
    assert.ok(mayActAs(trainer("gpu-*"), "gpu-1-0a1b2c"));
    assert.ok(mayActAs(trainer("*"), "anything"));
    assert.ok(!mayActAs(trainer("gpu-*"), "cpu-1-0a1b2c"));
  });

  it("acts as any trainer if it is an operator, and as none if it is a viewer", () => {
    assert.ok(mayActAs({ name: "ada", role: "operator" }, "gpu-1-0a1b2c"));
    assert.ok(!mayActAs({ name: "*", role: "viewer" }, "gpu-1-0a1b2c"));
  });

  it("has a name without spaces, colons, paths and control characters", () => {
    for (const name of ["gpu-1", "a", "*", "trainers-*", "A.b_c"]) assert.ok(isCallerName(name), name);
    for (const name of ["", "a b", "a:b", "../a", "a*b", "-a", "a\n", "__proto__", "x".repeat(101)]) {
      assert.ok(!isCallerName(name), name);
    }
  });
});
