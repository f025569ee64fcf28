import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Predictions } from "@sintonia/training/metric/contract/metric";
import { METRICS } from "@sintonia/training/metric/metrics";
import { SCORE_NAMES, type ScoreName } from "@sintonia/tuning/plan/metric";

// The figures that tests/sklearn/record.py recorded from scikit-learn.

/** Relative to values of at least 1: float64 sums of up to 60 terms in another order. */
const TOLERANCE = 1e-12;
/** scikit-learn computes the logarithms of float32 probabilities in float32. */
const LOG_TOLERANCE = 1e-6;

interface RecordedCase {
  readonly name: string;
  readonly labels?: readonly number[];
  readonly classes?: number;
  readonly values?: readonly number[];
  readonly width?: number;
  readonly outputs: readonly number[];
  readonly weights?: readonly number[];
  /** Null where scikit-learn defines no value. */
  readonly figures: Readonly<Partial<Record<ScoreName, number | null>>>;
}

const FILE = new URL("../../sklearn/figures.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(FILE, "utf8")) as { readonly cases: readonly RecordedCase[] };

for (const recorded of cases) {
  describe(`metrics are those of scikit-learn: ${recorded.name}`, () => {
    for (const [name, expected] of Object.entries(recorded.figures) as [ScoreName, number | null][]) {
      it(name, () => assertFigure(recorded, name, expected));
    }
  });
}

it("has a recorded figure of every metric", () => {
  const recorded = new Set(cases.flatMap(({ figures }) => Object.keys(figures)));
  assert.deepEqual([...recorded].sort(), [...SCORE_NAMES].sort());
});

function assertFigure(recorded: RecordedCase, name: ScoreName, expected: number | null): void {
  const predictions = predictionsOf(recorded);
  const rows = predictions.outputs.length / predictions.width;
  const found = METRICS[name](predictions)(recorded.weights ?? new Float64Array(rows).fill(1));
  if (expected === null) assert.equal(found, Number.NaN);
  else {
    const limit = (name === "log_loss" ? LOG_TOLERANCE : TOLERANCE) * Math.max(1, Math.abs(expected));
    assert.ok(Math.abs(found - expected) <= limit, `${found} instead of ${expected}`);
  }
}

function predictionsOf({ labels, classes = 2, values, width = 1, outputs }: RecordedCase): Predictions {
  const row = Float32Array.from(outputs);
  if (labels === undefined) {
    const targets = { kind: "values", values: Float32Array.from(values ?? []), width } as const;
    return { targets, outputs: row, width };
  }
  const targets = { kind: "classes", labels: Uint8Array.from(labels), classes } as const;
  return { targets, outputs: row, width: row.length / labels.length };
}
