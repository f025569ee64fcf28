// A strict reader of Prometheus' text format 0.0.4, for tests. It refuses what `promtool check
// metrics` complains of.

import assert from "node:assert/strict";

/** A family of series with one name. */
export interface Family {
  readonly type: string;
  readonly help: string;
  /** Values by the text of the series: its name and labels. */
  readonly series: ReadonlyMap<string, number>;
}

interface OpenFamily {
  readonly type: string;
  readonly help: string;
  readonly series: Map<string, number>;
}

const METRIC = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${METRIC}) (.+)$`);
const TYPE = new RegExp(`^# TYPE (${METRIC}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(`^(${METRIC})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gy;
// Prometheus reads NaN in any case; prom-client writes "Nan" for a mean of nothing.
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|N[Aa][Nn])$/;

/** Units that are not base units, and words that repeat the type. */
const UNFIT = /_(?:milliseconds|ms|minutes|hours|kilobytes|megabytes|percent|counter|gauge|histogram)(?:_|$)/;

/**
 * Reads an exposition. Fails at the first line that is not valid, and at a name against the
 * conventions.
 */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  assert.ok(text.endsWith("\n"), "the last line ends");
  const families = new Map<string, OpenFamily>();
  let help: { readonly name: string; readonly text: string } | undefined;
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const [, helpName, helpText] = HELP.exec(line) ?? [];
    const [, typeName, type] = TYPE.exec(line) ?? [];
    if (helpName !== undefined && helpText !== undefined) help = { name: helpName, text: helpText };
    else if (typeName !== undefined && type !== undefined) {
      assert.equal(help?.name, typeName, `${typeName} has its help before its type`);
      assert.ok(!families.has(typeName), `${typeName} comes once`);
      families.set(typeName, { type, help: help.text, series: new Map() });
    } else readSample(line, families);
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

function readSample(line: string, families: ReadonlyMap<string, OpenFamily>): void {
  const [, name, labels = "", value] = SAMPLE.exec(line) ?? [];
  assert.ok(name !== undefined && value !== undefined, `not a sample: ${line}`);
  assert.match(value, NUMBER, line);
  const family = familyOf(name, families);
  assert.ok(family !== undefined, `${name} has a type`);
  LABEL.lastIndex = 0;
  const names: string[] = [];
  while (LABEL.lastIndex < labels.length) {
    const match = LABEL.exec(labels);
    assert.ok(match?.[1] !== undefined, `labels of ${line}`);
    names.push(match[1]);
  }
  assert.equal(new Set(names).size, names.length, `each label once: ${line}`);
  const series = `${name}{${labels}}`;
  assert.ok(!family.series.has(series), `each series once: ${line}`);
  family.series.set(series, Number(value.replace("Inf", "Infinity")));
}

/** Returns the family of a sample: that of its name, or of its name without a part's ending. */
function familyOf(name: string, families: ReadonlyMap<string, OpenFamily>): OpenFamily | undefined {
  const whole = families.get(name.replace(/_(?:sum|count|bucket)$/, ""));
  return families.get(name) ?? (whole?.type === "histogram" || whole?.type === "summary" ? whole : undefined);
}

function checkFamily(name: string, { type, series, help }: Family): void {
  assert.ok(help.length > 1, `${name} has a help`);
  assert.ok(type === "counter" || !name.endsWith("_total"), `${name}: only a counter ends with _total`);
  if (name.startsWith("sintonia_")) {
    assert.match(help, /\.$/, `the help of ${name} is a sentence`);
    assert.ok(type !== "counter" || name.endsWith("_total"), `${name}: a counter ends with _total`);
    assert.doesNotMatch(name, UNFIT, `${name} has a base unit`);
  }
  if (type === "counter") for (const [of, value] of series) assert.ok(value >= 0, of);
  if (type === "histogram") checkHistogram(name, series);
}

/** Checks that buckets grow, and that the last one counts all values. */
function checkHistogram(name: string, series: ReadonlyMap<string, number>): void {
  let last = 0;
  for (const [of, value] of series) {
    if (!of.startsWith(`${name}_bucket`)) continue;
    assert.ok(value >= last || last === 0, `${of} is at least the bucket before`);
    last = of.includes('le="+Inf"') ? 0 : value;
  }
  const sumOf = (part: string, fits: (of: string) => boolean) =>
    [...series]
      .filter(([of]) => of.startsWith(`${name}_${part}`) && fits(of))
      .reduce((sum, [, value]) => sum + value, 0);
  assert.equal(
    sumOf("bucket", (of) => of.includes('le="+Inf"')),
    sumOf("count", () => true),
    `${name} counts every value once`,
  );
}
