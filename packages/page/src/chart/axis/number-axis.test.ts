import assert from "node:assert/strict";
import { test } from "node:test";
import { readerOf } from "../../text/reader.js";
import { type AxisScale, type Domain, domainOf, numberAxis, padded } from "./number-axis.js";

const reader = readerOf("en");

function axisOf(domain: Domain, scale: AxisScale, length = 400) {
  return numberAxis({ label: "x", domain, scale, reader })(0, length);
}

test("a logarithmic axis has powers of ten as ticks, at equal distances", () => {
  const { ticks } = axisOf({ low: 1e-5, high: 1e-1 }, "log");
  assert.deepEqual(
    ticks.map(({ text }) => text),
    ["10⁻⁵", "0.0001", "0.001", "0.01", "0.1"],
  );
  assert.deepEqual(
    ticks.map(({ position }) => Math.round(position)),
    [0, 100, 200, 300, 400],
  );
});

test("a logarithmic axis of less than two decades has ticks between powers of ten", () => {
  const texts = axisOf({ low: 0.4, high: 6 }, "log").ticks.map(({ text }) => text);
  assert.deepEqual(texts, ["0.5", "1", "2", "5"]);
});

test("a logarithmic axis whose domain reaches 0 is linear", () => {
  const axis = axisOf({ low: 0, high: 10 }, "log");
  assert.equal(axis.at(5), 200);
});

test("a reversed logarithmic axis is dense near its end", () => {
  const axis = axisOf({ low: 0.9, high: 0.999 }, "reverse-log");
  assert.ok(axis.at(0.95) > 200 === false && axis.at(0.99) - axis.at(0.95) > 0);
  assert.ok(axis.at(0.999) - axis.at(0.95) > axis.at(0.95) - axis.at(0.9), "the upper half has more room");
});

test("inverting a position gives the value back, within the domain", () => {
  for (const scale of ["linear", "log", "reverse-log"] as const) {
    const axis = axisOf({ low: 0.01, high: 0.9 }, scale);
    for (const value of [0.01, 0.05, 0.4, 0.9]) {
      const back = axis.invert(axis.at(value));
      assert.ok(Math.abs(back - value) < 1e-12, `${scale}: ${value} became ${back}`);
    }
    assert.ok(Math.abs(axis.invert(-50) - 0.01) < 1e-12);
    assert.ok(Math.abs(axis.invert(4_000) - 0.9) < 1e-12);
  }
});

test("an axis of whole numbers has no fractions as ticks", () => {
  const axis = numberAxis({ label: "epoch", domain: { low: 1, high: 3 }, whole: true, reader })(0, 900);
  assert.deepEqual(
    axis.ticks.map(({ text }) => text),
    ["1", "2", "3"],
  );
});

test("ticks have the digits that tell them apart", () => {
  const texts = axisOf({ low: 0.9801, high: 0.9809 }, "linear").ticks.map(({ text }) => text);
  assert.equal(new Set(texts).size, texts.length);
  assert.ok(texts.length >= 3);
});

test("one value and no value still make an axis", () => {
  for (const value of [0, 5, -3]) {
    const axis = axisOf({ low: value, high: value }, "linear");
    assert.equal(axis.at(value), 200);
  }
  assert.deepEqual(domainOf([Number.NaN, Number.POSITIVE_INFINITY]), { low: 0, high: 1 });
});

test("a margin is a share of the length on the scale", () => {
  assert.deepEqual(padded({ low: 0, high: 10 }, 0.1), { low: -1, high: 11 });
  assert.deepEqual(padded({ low: 1, high: 100 }, 0.5, "log"), { low: 0.1, high: 1000 });
});
