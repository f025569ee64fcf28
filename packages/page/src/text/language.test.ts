import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "./en.js";
import { es } from "./es.js";
import { languageOf, localeOf } from "./language.js";

test("the first language of the page among the reader's is chosen, else English", () => {
  assert.deepEqual([languageOf(["de", "es-MX", "en"]), languageOf(["de"]), languageOf([])], ["es", "en", "en"]);
});

test("numbers follow the reader's region", () => {
  assert.deepEqual([localeOf("es", ["en", "es-MX"]), localeOf("es", ["en"])], ["es-MX", "es"]);
});

test("every record of names has the same names in every language", () => {
  const keys = (texts: object): string[] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "object" ? keys(value).map((inner) => `${key}.${inner}`) : key,
    );
  assert.deepEqual(keys(es), keys(en));
});
