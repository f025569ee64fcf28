import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_NUMBER, scanNumber } from "./number-scan.js";

const into = new Float64Array(1);

function scan(text: string): number | undefined {
  const end = scanNumber(Buffer.from(`${text}\n`), 0, into, 0);
  return end === text.length ? into[0] : undefined;
}

test("reads numbers below 2^53 without their point as JavaScript does", () => {
  for (const text of [
    "0",
    "-0",
    "7",
    "007",
    "1.5",
    "-2.25",
    ".5",
    "5.",
    "123456789",
    "1234567890.12345",
    "0.000123",
    "1e3",
    "1E-3",
    "-1.5e+2",
    "9007199254740991",
    "4.9e-320",
    "0e999999",
    "0.0000000000000000000001234",
  ]) {
    assert.ok(Object.is(scan(text), Number(text)), `${text}: ${scan(text)}`);
  }
});

test("reads longer numbers to the last bit but one, and to the same float32", () => {
  let state = 1;
  const digit = () => {
    state = (state * 48271) % 2147483647;
    return state % 10;
  };
  for (let trial = 0; trial < 20_000; trial++) {
    const digits = Array.from({ length: 17 + (trial % 8) }, digit).join("");
    const text = `${trial % 7}.${digits}e${(trial % 40) - 20}`;
    const [value, exact] = [scan(text) as number, Number(text)];
    assert.ok(Math.abs(value - exact) <= 2 ** -51 * Math.abs(exact), text);
    assert.equal(Math.fround(value), Math.fround(exact), text);
  }
});

test("leaves what is no finite number to others", () => {
  for (const text of ["", "-", ".", "e5", "abc", "+1", "NaN", "inf", "1e400", "-1e999999999999"]) {
    assert.equal(scanNumber(Buffer.from(`${text}\n`), 0, into, 0), NO_NUMBER, text);
  }
  for (const text of ["1e", "1e+", "1.2.3", "12a", "1-2", "--1"]) assert.equal(scan(text), undefined, text);
});
