import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN_LAYOUT } from "../display/format/layout.js";
import { comparisonLines, comparisonMarkdown } from "./comparison-table.js";
import { aComparison, aDocument, anEntry } from "./reproduction.fixture.js";

test("the table has our figures above the published ones", () => {
  assert.deepEqual(comparisonLines(aDocument()), [
    "",
    "Published figures beside ours",
    "",
    "EXPERIMENT             VAL                  TEST                 REFIT                " +
      "FOUND           EPOCHS  TIME",
    "mnist-init  here       98.36 (98.09-98.59)  98.36 (98.09-98.59)  98.36 (98.09-98.59)  " +
      "stddev 0.08938  1,540   17m 00s",
    "            published  98.51                98.45                -                    stddev 0.03697",
    "",
    "Accuracies in %, ours with 95 % Wilson intervals. VAL: of the selected trial. TEST: of its model. " +
      "REFIT: of the model trained again on training and validation rows.",
    '"0.10 above": the published figure is 0.10 percentage points above our interval.',
    "EPOCHS: sum over all trials. TIME: study and refit, without interruptions.",
    "Sintonia 0.1.0, 1 trainer with the engine onnx, on 2 cores of AMD EPYC (linux x64), Node 20.20.2.",
  ]);
});

test("a published figure outside our interval is printed with its distance, never 0.00", () => {
  const validation = aComparison({ published: 0.99, outsideBy: 0.4091 });
  const test = aComparison({ published: 0.98, outsideBy: -0.0001 });
  const published = comparisonLines(aDocument({ experiments: [anEntry({ validation, test })] }))[5];
  assert.match(published ?? "", /published {2}99\.0, 0\.41 above +98\.0, 0\.01 below +-/);
});

test("quick figures are marked in every row and in a note", () => {
  const lines = comparisonLines(aDocument({ quick: true }));
  assert.match(lines[4] ?? "", /^mnist-init {2}here, quick /);
  assert.ok(lines.some((line) => /--quick.*are not comparable with the published ones/.test(line)));
});

test("an experiment without parameters prints no values, and a failed one prints the reason", () => {
  const plain = anEntry({ found: {}, publishedValues: null, message: null });
  const missing = { here: null, published: null, outsideBy: null };
  const failed = anEntry({
    name: "mnist-mlp",
    found: null,
    message: "3 trials failed in a row",
    validation: missing,
    test: missing,
    refit: { ...missing, epochs: null },
  });
  const lines = comparisonLines(aDocument({ experiments: [plain, failed] }));
  assert.match(lines[4] ?? "", /\) {2}- +1,540/);
  assert.match(lines[6] ?? "", /^mnist-mlp +here +- +- +- +3 trials failed in a row/);
});

test("a narrow terminal gets the test figures, and the names of the columns that are left out", () => {
  const lines = comparisonLines(aDocument(), { ...PLAIN_LAYOUT, columns: 60 });
  assert.deepEqual(lines.slice(3, 8), [
    "EXPERIMENT             TEST",
    "mnist-init  here       98.36 (98.09-98.59)",
    "            published  98.45",
    "Left out at this width: VAL, REFIT, FOUND, EPOCHS, TIME",
    "",
  ]);
});

test("the time leaves out the interruptions that the coordinator counted", () => {
  const lines = comparisonLines(aDocument({ experiments: [anEntry({ wallSeconds: 90_000, activeSeconds: 600 })] }));
  assert.match(lines[4] ?? "", / 10m 00s$/);
});

test("prints the same table as Markdown", () => {
  const lines = comparisonMarkdown(aDocument()).split("\n");
  assert.deepEqual(lines.slice(0, 6), [
    "# Published figures beside ours",
    "",
    "| experiment |  | val | test | refit | found | epochs | time |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    "| mnist-init | here | 98.36 (98.09-98.59) | 98.36 (98.09-98.59) | 98.36 (98.09-98.59) " +
      "| stddev 0.08938 | 1,540 | 17m 00s |",
    "|  | published | 98.51 | 98.45 | - | stddev 0.03697 |  |  |",
  ]);
  assert.ok(lines.includes("EPOCHS: sum over all trials. TIME: study and refit, without interruptions."));
});
