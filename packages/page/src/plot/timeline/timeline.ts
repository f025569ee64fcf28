// The timeline of trainers: a row for each trainer, a bar for each attempt.

import { type Frame, frame, withoutGrid } from "../../chart/axis/frame.js";
import type { LegendItem } from "../../chart/axis/legend.js";
import { domainOf } from "../../chart/axis/number-axis.js";
import { textWidth } from "../../chart/axis/text-width.js";
import { timeAxis } from "../../chart/axis/time-axis.js";
import type { Role } from "../../chart/scene/role.js";
import { type Box, type Mark, type Paint, type Scene, type Target, targetsOf } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import type { Reader } from "../../text/reader.js";
import type { View } from "../data/study-data.js";
import { laneAxis } from "./lane-axis.js";
import { type Lane, lanesOf, type Span, type SpanEnd, spansOf, type TimelineEvent } from "./spans.js";

/** What a timeline shows. */
export interface TimelineInput {
  /** Events of the study by their sequence; reports of epochs are not needed. */
  readonly events: readonly TimelineEvent[];
  /** End of attempts under way, in milliseconds since 1970. */
  readonly now: number;
}

/** Height of a row in pixels. */
const ROW = 26;
const FRAME_HEIGHT = 76;
const BAR = 16;
/** Bars are at least so wide, in pixels, so that attempts of a second in a day remain visible. */
const BAR_MIN = 2;

const ROLES: Readonly<Record<SpanEnd, Role>> = {
  completed: "completed",
  running: "running",
  pruned: "pruned",
  failed: "failed",
  infeasible: "infeasible",
  cancelled: "cancelled",
  returned: "model",
  lost: "failed",
};

/** Returns the height in pixels at which all rows of a timeline are easy to read. */
export function timelineHeight(input: TimelineInput): number {
  return FRAME_HEIGHT + Math.max(1, lanesOf(spansOf(input.events, input.now)).length) * ROW;
}

/** Returns the timeline of a study's trainers. */
export function timelinePlot(input: TimelineInput, view: View): Scene {
  const { size, reader } = view;
  const spans = spansOf(input.events, input.now);
  const lanes = lanesOf(spans);
  const { low, high } = domainOf(spans.flatMap(({ start, end }) => [start, end]));
  const framed = frame({
    size,
    x: timeAxis({ label: reader.words.time, domain: { low, high }, reader }),
    y: laneAxis(lanes, size.width * 0.3),
    legend: legendOf(spans, reader),
  });
  const placed = lanes.flatMap((lane, row) => lane.spans.map((span) => ({ span, box: boxOf(span, row, framed) })));
  return {
    size,
    title: `${reader.words.trainer} · ${reader.words.time}`,
    description: descriptionOf(spans, lanes, reader),
    plot: framed.plot,
    marks: [
      ...withoutGrid(framed.marks),
      ...lanes.map((_, row) => idleMark(row, framed)),
      ...placed.flatMap(({ span, box }) => spanMarks(span, box)),
    ],
    targets: targetsOf(placed.map(({ span, box }) => ({ box, target: targetOf(span, box, reader) }))),
    table: () => timelineTable(spans, reader),
  };
}

function legendOf(spans: readonly Span[], reader: Reader): readonly LegendItem[] {
  const outcomes = [...new Set(spans.map(({ outcome }) => outcome))];
  const idle: LegendItem = { text: stateText("idle", reader), sign: { shape: "line", stroke: "axis" } };
  const items = outcomes.map((outcome): LegendItem => {
    return { text: stateText(outcome, reader), sign: { shape: "area", ...paintOf(outcome) } };
  });
  return spans.length === 0 ? [] : [...items, idle];
}

/** Returns the colours of an outcome. A lost lease is hollow and dashed, so that all see it. */
function paintOf(outcome: SpanEnd): Paint {
  const role = ROLES[outcome];
  if (outcome === "lost") return { fill: "surface", stroke: role, lineWidth: 1.5, dash: [3, 2] };
  if (outcome === "cancelled" || outcome === "returned") return { fill: "surface", stroke: role, lineWidth: 1.5 };
  return { fill: role };
}

function boxOf({ start, end }: Span, row: number, { x, y }: Frame<number, number>): Box {
  const left = x.at(start);
  return { x: left, y: y.at(row) - BAR / 2, width: Math.max(BAR_MIN, x.at(end) - left - 1), height: BAR };
}

function idleMark(row: number, { plot, y }: Frame<number, number>): Mark {
  const at = y.at(row);
  return { kind: "line", points: [plot.x, at, plot.x + plot.width, at], stroke: "axis" };
}

function spanMarks({ trialId, outcome }: Span, box: Box): readonly Mark[] {
  const paint = paintOf(outcome);
  const bar: Mark = { kind: "rect", ...box, radius: 2, ...paint };
  if (textWidth(trialId) + 6 > box.width) return [bar];
  const fill = paint.fill === "surface" ? "ink" : "surface";
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return [bar, { kind: "text", ...middle, text: trialId, fill, anchor: "middle", baseline: "middle" }];
}

function targetOf(span: Span, box: Box, reader: Reader): Target {
  const { words } = reader;
  const seconds = (span.end - span.start) / 1_000;
  return {
    key: span.trialId,
    lines: [
      `${words.trialNumber} ${span.trialId} · ${stateText(span.outcome, reader)}`,
      `${words.trainer} ${span.trainerId}, ${words.attempt} ${span.attempt}`,
      `${reader.time(span.start)}, ${reader.duration(seconds)}`,
      ...(span.reason === "" ? [] : [span.reason]),
    ],
    marks: [{ kind: "rect", ...box, radius: 2, stroke: "ink", lineWidth: 2 }],
  };
}

function stateText(state: string, { words }: Reader): string {
  return words.states[state] ?? state;
}

function descriptionOf(spans: readonly Span[], lanes: readonly Lane[], reader: Reader): string {
  const { words } = reader;
  const trainers = new Set(lanes.map(({ trainerId }) => trainerId)).size;
  const lost = spans.filter(({ outcome }) => outcome === "lost").length;
  const parts = [
    reader.count(trainers, words.trainer, words.trainers),
    reader.count(spans.length, words.attempt, words.attempts),
    ...(lost === 0 ? [] : [`${stateText("lost", reader)}: ${reader.number(lost)}`]),
  ];
  return `${parts.join(", ")}.`;
}

function timelineTable(spans: readonly Span[], reader: Reader): Table {
  const { words } = reader;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    columns: [words.trainer, words.trial, words.attempt, words.start, words.end, words.state],
    rows: spans.map((span) => {
      const state = stateText(span.outcome, reader);
      return [span.trainerId, span.trialId, span.attempt, iso(span.start), iso(span.end), state];
    }),
  };
}
