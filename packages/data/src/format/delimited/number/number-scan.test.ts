import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_NUMBER } from "./decimal-scan.js";
import { SCAN_AHEAD_BYTES, scanNumber } from "./number-scan.js";

const into = new Float64Array(1);

/** Scans a text with digits behind its end. Returns the position after the number, or NO_NUMBER. */
function scan(text: string, behind = "\n"): number {
  const bytes = Buffer.from(text + behind + "9".repeat(SCAN_AHEAD_BYTES));
  return scanNumber(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, into, 0);
}

function assertScanned(text: string): void {
  assert.equal(scan(text), text.length, text);
  assert.ok(Object.is(into[0], Number(text)), `${text}: ${into[0]} instead of ${Number(text)}`);
}

const EXAMPLES = [
  ...["0", "-0", "-0.0", "7", "007", "1.5", "-2.25", ".5", "-.5", "5.", "1.e2", "123456789", "1234567890.12345"],
  ...["0.000123", "1e3", "1E-3", "-1.5e+2", "4.9e-320", "2e-324", "0e999999", "0.0000000000000000000001234"],
  // Middles of two doubles, and their neighbours.
  ...["9007199254740991", "9007199254740993", "9007199254740993.0000000000000001", "9007199254740992.9999999999999999"],
  ...["1.00000000000000011102230246251565", "1.000000000000000111022302462515654042363166809082031250"],
  ...[
    "1.0000000000000001110223024625156540423631668090820312501",
    "0.500000000000000055511151231257827021181583404541015625",
  ],
  // Examples on which other parsers failed.
  ...["1.7976931348623157e308", "2.2250738585072011e-308", "2.2250738585072014e-308", "9214843084008499"],
  ...["6929495644600919.5", "8.10109172351e-10", "1.5020170e-5", "30078505129381147446200", "0.1e-22", "1e23"],
];

test("gives the double that JavaScript gives, for chosen numbers", () => {
  for (const text of EXAMPLES) assertScanned(text);
});

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });
const sign = fc.constantFrom("", "-");
const exponent = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  fc.tuple(fc.constantFrom("e", "E", "e-", "e+"), fc.integer({ min: 0, max: 60 })).map((parts) => parts.join("")),
);
const decimal = fc.tuple(sign, digits(1, 9), fc.constant("."), digits(0, 25), exponent).map((parts) => parts.join(""));
const whole = fc.tuple(sign, digits(1, 40), exponent).map((parts) => parts.join(""));

test("gives the double that JavaScript gives, for any decimal number", () => {
  fc.assert(fc.property(fc.oneof(decimal, whole), assertScanned), { numRuns: 20_000 });
});

test("gives back every double that JavaScript wrote, however many digits it has", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  const near = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  const places = fc.integer({ min: 0, max: 20 });
  const check = (value: number, places: number) => {
    assertScanned(String(value));
    assertScanned(value.toFixed(places));
    assertScanned(value.toExponential(places));
  };
  fc.assert(
    fc.property(fc.oneof(near, double), places, (value, places) => {
      if (Math.abs(value) < 1e21) check(value, places);
      else assertScanned(String(value));
    }),
    { numRuns: 10_000 },
  );
});

test("rounds correctly next to the middle of two doubles", () => {
  const middle = fc.tuple(fc.bigInt({ min: 2n ** 53n, max: 2n ** 54n }), fc.integer({ min: 0, max: 50 }));
  const property = fc.property(middle, fc.integer({ min: -1, max: 1 }), ([odd, shift], step) => {
    // odd / 2^shift is the middle of two doubles for an odd number; it has `shift` decimal places.
    const scaled = String((odd | 1n) * 5n ** BigInt(shift) * 10n + BigInt(step)).padStart(shift + 2, "0");
    const point = scaled.length - shift - 1;
    assertScanned(`${scaled.slice(0, point)}.${scaled.slice(point)}`);
  });
  fc.assert(property, { numRuns: 5_000 });
});

test("stops behind the number", () => {
  for (const text of ["1", "12", "1234", "12345678", "1.5", "1.2345", "1.23456789", "1.234567890123", "1e5"]) {
    for (const behind of [",", ";", "\t", "\n", "\r", "|", "x", ".", "-", " "]) {
      if (behind === "." && !text.includes(".")) continue;
      assert.equal(scan(text, behind), text.length, text + behind);
    }
  }
});

test("leaves what is no finite number to others", () => {
  for (const text of ["", "-", ".", "-.", "e5", "abc", "+1", "NaN", "inf", "1e400", "-1e999999999999", "--1"]) {
    assert.equal(scan(text), NO_NUMBER, text);
  }
  for (const text of ["1e", "1e+", "1.2.3", "12a", "1-2"]) assert.notEqual(scan(text), text.length, text);
});
