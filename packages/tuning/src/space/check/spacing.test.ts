import assert from "node:assert/strict";
import { test } from "node:test";
import { cardinality, discreteValue } from "../discrete.js";
import type { Parameter } from "../parameter.js";
import { parameterSchema } from "./parameter-schema.js";
import { checkValues } from "./values.js";

const refusal = (declared: object) => {
  const result = parameterSchema.safeParse(declared);
  return result.success ? undefined : result.error.issues.map(({ message }) => message).join("; ");
};

test("refuses steps and powers whose values double precision does not keep apart", () => {
  const declared = [
    { type: "double", min: 0.001, max: 1e17, factor: 10, scale: "reverse-log" },
    { type: "double", min: 1e16, max: 1e16 + 32, step: 1 },
    { type: "double", min: 1, max: 1.000000000000004, factor: 1.000000000000002, scale: "log" },
  ];
  for (const parameter of declared) assert.match(refusal(parameter) ?? "accepted", /told apart/);
});

test("names the number of values of a range with too many of them", () => {
  const declared = { type: "integer", min: 1, max: 4294967295, scale: "log" };
  assert.match(refusal(declared) ?? "accepted", /at most 1,000,000,000 values, this one has 4,294,967,295/);
  assert.equal(refusal({ type: "integer", min: 1, max: 1_000_000_000 }), undefined);
});

test("refuses a maximum between two steps, but not the rounding of computed steps", () => {
  assert.match(refusal({ type: "double", min: 0, max: 1, step: 0.3333333333 }) ?? "accepted", /whole number of steps/);
  assert.equal(refusal({ type: "double", min: 0, max: 1, step: 1 / 3 }), undefined);
  assert.equal(refusal({ type: "double", min: 0, max: 0.9, step: 0.1 + 0.2 }), undefined);
});

const ACCEPTED: Readonly<Record<string, object>> = {
  "decimal steps": { type: "double", min: -0.7, max: 0.7, step: 0.1 },
  "tiny steps": { type: "double", min: 1e-20, max: 3e-20, step: 1e-22 },
  "large steps": { type: "double", min: 1e15, max: 1e15 + 10, step: 1 },
  "many digits": { type: "double", min: 123456.789012345, max: 123456.789012445, step: 1e-9 },
  "a factor": { type: "double", min: 0.001, max: 1e17, factor: 10, scale: "log" },
  "a reverse factor": { type: "double", min: 0.001, max: 1e9, factor: 10, scale: "reverse-log" },
  "a reverse factor of whole numbers": { type: "integer", min: 1, max: 2 ** 40, factor: 2, scale: "reverse-log" },
  "fine powers": { type: "double", min: 1, max: 1.1 ** 20, factor: 1.1, scale: "log" },
};

for (const [name, declared] of Object.entries(ACCEPTED)) {
  test(`has different values, each of which can be told back: ${name}`, () => {
    const parameter: Parameter = parameterSchema.parse(declared);
    const values = Array.from({ length: cardinality(parameter) }, (_, i) => discreteValue(parameter, i));
    assert.equal(new Set(values).size, values.length);
    for (const value of values) {
      const checked = checkValues({ p: parameter }, { p: value });
      assert.ok(checked.ok && checked.values["p"] === value, `${value}`);
    }
  });
}

test("has the decimals that a person would write", () => {
  const parameter: Parameter = parameterSchema.parse({ type: "double", min: -0.7, max: 0.7, step: 0.1 });
  const values = Array.from({ length: 15 }, (_, i) => String(discreteValue(parameter, i)));
  assert.deepEqual(values.slice(0, 8), ["-0.7", "-0.6", "-0.5", "-0.4", "-0.3", "-0.2", "-0.1", "0"]);
});
