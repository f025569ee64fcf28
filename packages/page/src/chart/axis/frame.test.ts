import assert from "node:assert/strict";
import { test } from "node:test";
import { readerOf } from "../../text/reader.js";
import type { TextMark } from "../scene/scene.js";
import { withoutOverlaps } from "./axis.js";
import { categoryAxis } from "./category-axis.js";
import { frame } from "./frame.js";
import { numberAxis } from "./number-axis.js";
import { fitted, textWidth } from "./text-width.js";
import { timeAxis } from "./time-axis.js";

const reader = readerOf("en", "UTC");
const legend = ["completed", "running", "failed", "best so far"].map((text) => {
  return { text, sign: { shape: "circle", fill: "completed" } } as const;
});

for (const width of [240, 360, 800, 1400]) {
  test(`all labels of a chart of ${width} pixels are inside it`, () => {
    const framed = frame({
      size: { width, height: 280 },
      x: numberAxis({ label: "trial", domain: { low: 0, high: 99_999 }, reader }),
      y: numberAxis({ label: "val_accuracy", domain: { low: 0.98, high: 0.99 }, reader }),
      legend,
    });
    const texts = framed.marks.filter((mark): mark is TextMark => mark.kind === "text");
    assert.ok(texts.length > 6);
    for (const { text, x, y, anchor = "start", size } of texts) {
      const length = textWidth(text, size);
      const left = x - (anchor === "end" ? length : anchor === "middle" ? length / 2 : 0);
      assert.ok(left >= -0.01 && left + length <= width + 0.01, `${text} from ${left} to ${left + length}`);
      assert.ok(y >= 0 && y <= 280, text);
    }
    assert.ok(framed.plot.width > width * 0.6 && framed.plot.height > 100);
  });
}

test("labels that would overlap disappear, and the first one stays", () => {
  const ticks = Array.from({ length: 20 }, (_, index) => ({ position: index * 12, text: "100,000" }));
  const shown = withoutOverlaps(ticks).filter(({ text }) => text !== "");
  assert.ok(shown.length > 2 && shown.length < 6);
  assert.equal(shown[0]?.position, 0);
  assert.equal(withoutOverlaps(ticks).length, ticks.length);
});

test("a long text is shortened until it fits", () => {
  assert.equal(fitted("adam", 100), "adam");
  const short = fitted("a very long name of an optimizer", 60);
  assert.ok(short.endsWith("…") && textWidth(short) <= 60);
});

test("a category axis puts words into the middle of equal rooms", () => {
  const axis = categoryAxis({ label: "optimizer", values: ["sgd", "adam"] })(0, 200);
  assert.deepEqual([axis.at("sgd"), axis.at("adam")], [50, 150]);
  assert.ok(Number.isNaN(axis.at("lion")));
  assert.deepEqual([-10, 10, 99, 101, 900].map(axis.invert), ["sgd", "sgd", "sgd", "adam", "adam"]);
});

test("a time axis has ticks in the reader's clock, with seconds only for minutes", () => {
  const low = Date.UTC(2026, 0, 1, 12);
  const texts = (high: number) =>
    timeAxis({ label: "time", domain: { low, high }, reader })(0, 500).ticks.map(({ text }) => text);
  assert.match(texts(low + 60_000)[0] ?? "", /^12:00:00/);
  assert.doesNotMatch(texts(low + 7_200_000)[0] ?? "", /:\d\d:\d\d/);
  assert.match(texts(low + 10 * 86_400_000)[1] ?? "", /Jan/);
});
