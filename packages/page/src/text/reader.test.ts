import assert from "node:assert/strict";
import { test } from "node:test";
import { readerOf } from "./reader.js";

test("writes numbers with four digits, in the locale's notation", () => {
  assert.equal(readerOf("en").number(0.981234), "0.9812");
  assert.equal(readerOf("es").number(0.981234), "0,9812");
  assert.equal(readerOf("en").number(12_345.6), "12,346");
  assert.equal(readerOf("en").number(0.00001234), "1.234E-5");
  assert.equal(readerOf("en").number(0.0005437), "0.0005437");
  assert.equal(readerOf("en").number(0), "0");
});

test("counts things in the singular and the plural", () => {
  const { count, words } = readerOf("es");
  assert.deepEqual(
    [1, 2, 0].map((each) => count(each, words.trial, words.trials)),
    ["1 ensayo", "2 ensayos", "0 ensayos"],
  );
});

test("writes what is no number without failing", () => {
  const texts = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) =>
    readerOf("en").number(value),
  );
  assert.deepEqual(texts, ["NaN", "∞", "−∞"]);
});

test("writes small powers of ten out, and others with an exponent", () => {
  const { power } = readerOf("en");
  assert.deepEqual([-5, -4, 0, 2, 12].map(power), ["10⁻⁵", "0.0001", "1", "100", "10¹²"]);
});

test("writes durations in their two largest units", () => {
  const { duration } = readerOf("en");
  const seconds = [0, 0.4, 59, 60, 125, 3_600, 7_500, 86_400, 90_061];
  const texts = ["0 s", "0 s", "59 s", "1 min", "2 min 5 s", "1 h", "2 h 5 min", "1 d", "1 d 1 h"];
  assert.deepEqual(seconds.map(duration), texts);
});

test("writes times in the reader's zone and language", () => {
  const ms = Date.UTC(2026, 2, 4, 15, 6, 7);
  assert.equal(readerOf("es-ES", "UTC").clock(ms, true), "15:06:07");
  assert.equal(readerOf("es-ES", "Europe/Madrid").clock(ms, false), "16:06");
  assert.match(readerOf("es-ES", "UTC").day(ms), /4 mar/);
});

test("has Spanish words for Spanish readers and English words for all others", () => {
  assert.equal(readerOf("es-MX").words.trial, "ensayo");
  assert.equal(readerOf("de").words.trial, "trial");
});
