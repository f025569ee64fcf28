import assert from "node:assert/strict";
import { test } from "node:test";
import { EPOCHS_MAX, type Epochs, type LineOutcome, startEpochs, takeEnd, takeLine } from "./epochs.js";
import { METRICS_MAX, type ReportLine } from "./report.js";
import { parseReportLine } from "./report-line.js";
import { scannerOf } from "./scraped-line.js";

const metricsOf = (line: ReportLine | undefined): unknown => (line as { metrics?: unknown } | undefined)?.metrics;

function faultOf(text: string): string {
  const line = parseReportLine(text);
  assert.equal(line?.kind, "fault", text);
  return (line as { message: string }).message;
}

test("a report has metrics, maybe an epoch, maybe a checkpoint", () => {
  assert.deepEqual(parseReportLine('{"metrics":{"a":1,"b":-2e-3},"epoch":3,"checkpoint":true}'), {
    kind: "report",
    metrics: { a: 1, b: -0.002 },
    epoch: 3,
    checkpoint: true,
  });
  assert.equal(parseReportLine("  "), undefined);
  assert.deepEqual(parseReportLine('{"infeasible":"no"}'), { kind: "infeasible", reason: "no" });
});

test("NaN and Infinity of Python are numbers that are not finite, but not inside texts", () => {
  const line = parseReportLine('{"metrics":{"a":NaN,"b":-Infinity,"NaN":1}}');
  assert.deepEqual(metricsOf(line), { a: Infinity, b: Infinity, NaN: 1 });
});

test("what breaks the contract is named", () => {
  assert.match(faultOf("[1]"), /not a JSON object/);
  assert.match(faultOf('{"metrics":[1]}'), /no object of numbers: \[1\]/);
  assert.match(faultOf('{"metrics":{"a":true}}'), /reported a as true/);
  assert.match(faultOf('{"metrics":{"a":1},"epoch":-1}'), /the epoch -1/);
  assert.match(faultOf('{"metrics":{"a":1},"epoch":1.5}'), /the epoch 1\.5/);
  assert.match(faultOf('{"metrics":{"a":1},"checkpoint":"yes"}'), /checkpoint: "yes"/);
  assert.match(faultOf('{"metrics":{"a\\u0007":1}}'), /a metric named/);
  assert.match(faultOf('{"metrics":{"__proto__":1}}'), /a metric named/);
  assert.match(faultOf('{"infeasible":true}'), /without a text/);
  const many = Object.fromEntries(Array.from({ length: METRICS_MAX + 1 }, (_, index) => [`m${index}`, 1]));
  assert.match(faultOf(JSON.stringify({ metrics: many })), /65 metrics at once/);
});

test("name=value lines are read as Katib reads them", () => {
  const scan = scannerOf("name=value", "accuracy");
  assert.deepEqual(metricsOf(scan("epoch 1: loss=0.3 accuracy = 9e-1, val|f1=.5 x=abc")), {
    loss: 0.3,
    accuracy: 0.9,
    "val|f1": 0.5,
  });
  assert.deepEqual(metricsOf(scan("2020 INFO Epoch[0] Validation-accuracy=0.97%")), { "Validation-accuracy": 0.97 });
  assert.deepEqual(metricsOf(scan("loss=nan acc=-inf")), { loss: Number.NaN, acc: Number.NEGATIVE_INFINITY });
  for (const line of ["", "=", "= 1", "a=", "a==1", "no metrics here", "=".repeat(8_000)]) {
    assert.equal(scan(line), undefined, line.slice(0, 20));
  }
});

test("JSON lines are objects of numbers or reports; other lines and other members are ignored", () => {
  const scan = scannerOf("json-lines", "score");
  assert.deepEqual(scan('{"epoch": 3, "score": 0.5, "name": "x"}'), {
    kind: "scraped",
    metrics: { score: 0.5 },
    epoch: 3,
  });
  assert.equal(scan('{"metrics":{"score":1}}')?.kind, "report");
  assert.equal(scan("{ not json"), undefined);
  assert.equal(scan('"text"'), undefined);
  assert.equal(scan('{"score": "0.9"}')?.kind, "fault");
  assert.equal(scan('{"score": null}')?.kind, "fault");
});

test("a regular expression names metric, value and epoch", () => {
  const scan = scannerOf("Epoch (?<epoch>\\d+).*?(?<name>\\w+): (?<value>\\S+)", "loss");
  assert.deepEqual(scan("Epoch 4/10 loss: 0.25 done"), { kind: "scraped", metrics: { loss: 0.25 }, epoch: 4 });
  assert.equal(scan("nothing"), undefined);
  assert.throws(() => scannerOf("(", "loss"), SyntaxError);
  assert.throws(() => scannerOf("loss: (.*)", "loss"), /has no groups \(\?<name>…\) and \(\?<value>…\)/);
});

/** The rules of an execution whose epochs may have any metric. */
const ANY = { objective: undefined };

/** Takes lines one after the other. */
function takeAll(lines: readonly ReportLine[], epochs = startEpochs(0), maxEpochs?: number): LineOutcome[] {
  let current: Epochs = epochs;
  return lines.map((line) => {
    const outcome = takeLine(current, line, { objective: "score", maxEpochs });
    if ("epochs" in outcome) current = outcome.epochs;
    return outcome;
  });
}

const scraped = (metrics: Record<string, number>, epoch?: number): ReportLine =>
  epoch === undefined ? { kind: "scraped", metrics } : { kind: "scraped", metrics, epoch };
const report = (epoch?: number): ReportLine => ({
  kind: "report",
  metrics: { score: 1 },
  checkpoint: false,
  ...(epoch === undefined ? {} : { epoch }),
});

test("reports count from the first epoch of the attempt, in order", () => {
  const kinds = (lines: readonly ReportLine[], next: number): string[] =>
    takeAll(lines, startEpochs(next)).map(({ kind }) => kind);
  assert.deepEqual(kinds([report(), report(5), report(6)], 4), ["epoch", "epoch", "epoch"]);
  assert.deepEqual(kinds([report(4), report(4)], 4), ["epoch", "failed"]);
  assert.deepEqual(kinds([report(6)], 4), ["failed"]);
  assert.deepEqual(kinds([report()], EPOCHS_MAX), ["failed"]);
});

test("scraped metrics wait for the objective, which completes their epoch", () => {
  const [first, second, third] = takeAll([scraped({ loss: 1 }), scraped({ score: 2 }), scraped({ score: 3 })]);
  assert.equal(first?.kind, "nothing");
  assert.deepEqual(second?.kind === "epoch" && second.report.metrics, { loss: 1, score: 2 });
  assert.deepEqual(third?.kind === "epoch" && third.report.metrics, { score: 3 });
});

test("scraped epochs may count from any number, one by one", () => {
  const kinds = (...epochs: number[]) =>
    takeAll(epochs.map((epoch) => scraped({ score: 1 }, epoch))).map(({ kind }) => kind);
  assert.deepEqual(kinds(1, 2, 3), ["epoch", "epoch", "epoch"]);
  assert.deepEqual(kinds(1, 3), ["epoch", "failed"]);
  assert.deepEqual(kinds(2, 1), ["epoch", "failed"]);
});

test("metrics without end leave room for the objective", () => {
  const lines = Array.from({ length: 200 }, (_, index) => scraped({ [`m${index}`]: 1 }));
  const last = takeAll([...lines, scraped({ score: 1 })]).at(-1);
  assert.equal(last?.kind, "epoch");
  const metrics = last?.kind === "epoch" ? last.report.metrics : {};
  assert.equal(Object.keys(metrics).length, METRICS_MAX);
  assert.equal(metrics["score"], 1);
});

test("without an objective every report is an epoch, and the metrics of printed lines are one at the end", () => {
  const first = takeLine(startEpochs(0), { kind: "report", metrics: { auc: 0.9 }, checkpoint: false }, ANY);
  assert.equal(first.kind, "epoch");
  const none = takeLine(startEpochs(0), { kind: "report", metrics: {}, checkpoint: false }, ANY);
  assert.deepEqual(none, { kind: "failed", message: "The program reported no metric in epoch 0." });
  let epochs = startEpochs(0);
  for (const metrics of [{ auc: 0.9 }, { loss: 0.2 }, { auc: 0.8 }]) {
    const outcome = takeLine(epochs, { kind: "scraped", metrics }, ANY);
    assert.ok(outcome.kind === "nothing");
    epochs = outcome.epochs;
  }
  const end = takeEnd(epochs, ANY);
  assert.deepEqual(end.kind === "epoch" && end.report.metrics, { auc: 0.8, loss: 0.2 });
  assert.equal(takeEnd(epochs, { objective: "score" }).kind, "nothing");
  assert.equal(takeEnd(startEpochs(0), ANY).kind, "nothing");
});

test("an epoch beyond the last one completes the execution without it, whatever it has", () => {
  const report = (metrics: Record<string, number>): ReportLine => ({ kind: "report", metrics, checkpoint: false });
  const kinds = (lines: readonly ReportLine[]) => takeAll(lines, startEpochs(0), 2).map(({ kind }) => kind);
  assert.deepEqual(kinds([report({ score: 1 }), report({ score: 2 })]), ["epoch", "epoch"]);
  assert.deepEqual(kinds([report({ score: 1 }), report({ score: 2 }), report({ score: 3 })]).at(-1), "beyond");
  assert.deepEqual(kinds([report({ score: 1 }), report({ score: 2 }), report({ other: 3 })]).at(-1), "beyond");
  const printed = [{ score: 1 }, { score: 2 }, { other: 1 }, { score: 3 }];
  const scraped = kinds(printed.map((metrics) => ({ kind: "scraped", metrics })));
  assert.deepEqual(scraped, ["epoch", "epoch", "nothing", "beyond"]);
});
