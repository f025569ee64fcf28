import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "../system/usage-error.js";
import { findStudy } from "./lookup.js";

const STUDIES = [
  { id: "mnist-init", name: "mnist-init" },
  { id: "mnist-init-a5f11c", name: "mnist-init" },
  { id: "wide-b00c1d", name: "wide" },
  { id: "deep-1", name: "deep" },
  { id: "deep-2", name: "deep" },
];

function idOf(text: string | undefined, studies = STUDIES): string {
  return findStudy(studies, text).id;
}

function refusal(code: string, message: RegExp) {
  return (error: unknown): boolean =>
    error instanceof CommandError && error.code === code && message.test(error.message);
}

test("a study is found by its id, by a name that only it has, and by the first letters of its id", () => {
  assert.equal(idOf("mnist-init"), "mnist-init", "an id comes before a name");
  assert.equal(idOf("wide"), "wide-b00c1d");
  assert.equal(idOf("mnist-init-a"), "mnist-init-a5f11c");
  assert.equal(idOf("w"), "wide-b00c1d");
});

test("without a name, the only study is meant", () => {
  assert.equal(idOf(undefined, STUDIES.slice(0, 1)), "mnist-init");
  assert.throws(() => idOf(undefined, []), refusal("UNKNOWN_STUDY", /no studies yet/));
  assert.throws(
    () => idOf(undefined),
    refusal("AMBIGUOUS_STUDY", /several studies; name one by its id: deep-2, deep-1/),
  );
});

test("an ambiguous name lists the ids", () => {
  assert.throws(
    () => idOf("deep"),
    refusal("AMBIGUOUS_STUDY", /called deep, or .* begins so; name one by its id: deep-2, deep-1$/),
  );
  assert.throws(() => idOf("mnist-init-a5f11c-x"), refusal("UNKNOWN_STUDY", /did you mean mnist-init-a5f11c\?/));
});

test("an unknown name lists the studies and the nearest name", () => {
  assert.throws(
    () => idOf("wied"),
    refusal("UNKNOWN_STUDY", /name wied; did you mean wide\? The studies are deep-2, /),
  );
  assert.throws(() => idOf(""), refusal("UNKNOWN_STUDY", /the studies are/));
  for (const name of ["__proto__", "constructor", "toString"]) {
    assert.throws(() => idOf(name), refusal("UNKNOWN_STUDY", /the studies are/), name);
  }
  const many = Array.from({ length: 20 }, (_, i) => ({ id: `s-${i}`, name: "s" }));
  assert.throws(() => idOf("none", many), refusal("UNKNOWN_STUDY", /s-19, .* and 12 older ones/));
});
