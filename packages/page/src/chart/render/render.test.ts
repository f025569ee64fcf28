import assert from "node:assert/strict";
import { test } from "node:test";
import { type Mark, NO_TARGETS, type Scene } from "../scene/scene.js";
import { drawMarks, partsOf, type Surface } from "./canvas.js";
import { pathText } from "./path.js";
import { svgNode } from "./svg-node.js";
import { svgText } from "./svg-text.js";

const GAP = [Number.NaN, Number.NaN];

function sceneOf(marks: readonly Mark[], title = "history"): Scene {
  const size = { width: 200, height: 100 };
  const plot = { x: 0, y: 0, ...size };
  return {
    size,
    title,
    description: "of a study",
    plot,
    marks,
    targets: NO_TARGETS,
    table: () => ({ columns: [], rows: [] }),
  };
}

test("escapes texts, so that the name of a metric cannot become markup", () => {
  const text = `<script>alert("1 & 2")</script>\u0000`;
  const svg = svgText(sceneOf([{ kind: "text", x: 0, y: 0, text, fill: "ink" }], text));
  assert.ok(!svg.includes("<script"));
  assert.ok(!svg.includes("\u0000"));
  assert.match(svg, /<title>&lt;script&gt;alert\(&quot;1 &amp; 2&quot;\)&lt;\/script&gt;<\/title>/);
});

test("an SVG file names title and description, and needs no style sheet", () => {
  const svg = svgText(sceneOf([{ kind: "rect", x: 1, y: 2, width: 3, height: 4, fill: "best" }]));
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 200 100"/);
  assert.match(svg, /<title>history<\/title><desc>of a study<\/desc>/);
  assert.doesNotMatch(svg, /style|class|var\(/);
});

test("the colours of a mark come from its roles alone", () => {
  const mark: Mark = { kind: "line", points: [0, 0, 9, 9], stroke: "running", lineWidth: 2 };
  const { attributes } = svgNode(mark, (role) => `<${role}>`);
  assert.deepEqual(attributes, {
    d: "M0 0L9 9",
    "stroke-linejoin": "round",
    fill: "none",
    stroke: "<running>",
    "stroke-width": "2",
  });
});

test("a gap in the points ends a line and begins another", () => {
  const points = [0, 0, 10, 10, ...GAP, 20, 20, 30.04, 30.06];
  assert.equal(pathText({ kind: "line", points }), "M0 0L10 10M20 20L30 30.1");
  assert.equal(pathText({ kind: "area", points: [0, 0, 5, 0, 5, 5, ...GAP, 1, 1, 2, 2] }), "M0 0L5 0L5 5ZM1 1L2 2Z");
});

test("every shape has a path of its own, and none for a place that is not a number", () => {
  const shapes = ["circle", "square", "diamond", "triangle", "cross", "plus", "star", "caret"] as const;
  const paths = shapes.map((shape) => pathText({ kind: "symbol", shape, points: [10, 10, ...GAP], radius: 4 }));
  assert.equal(new Set(paths).size, shapes.length);
  assert.ok(paths.every((path) => path.startsWith("M") && !path.includes("NaN")));
});

test("a canvas gets each line as a stroke of its own, and areas as one fill", () => {
  const { surface, calls } = recordingSurface();
  drawMarks(
    [
      { kind: "line", points: [0, 0, 1, 1, ...GAP, 2, 2, 3, 3], stroke: "faint" },
      { kind: "area", points: [0, 0, 1, 0, 1, 1], fill: "field-3", opacity: 0.5 },
      { kind: "text", x: 5, y: 6, text: "03", fill: "ink", halo: true },
    ],
    surface,
    (role) => role,
  );
  assert.deepEqual(calls, [
    "stroke faint 1",
    "stroke faint 1",
    "fill field-3 0.5",
    "strokeText 03 surface",
    "fillText 03 ink",
  ]);
});

test("marks are drawn in parts of about as many points, and in their order", () => {
  const line = (points: number): Mark => ({ kind: "line", points: Array(2 * points).fill(0), stroke: "faint" });
  const marks = [line(6), line(4), line(25), line(3), line(3)];
  const parts = partsOf(marks, 10);
  assert.deepEqual(parts.flat(), marks);
  assert.deepEqual(
    parts.map((part) => part.length),
    [2, 1, 2],
  );
});

/** A canvas that records what it paints. */
function recordingSurface(): { readonly surface: Surface; readonly calls: readonly string[] } {
  const calls: string[] = [];
  const nothing = (): void => undefined;
  const surface: Surface = {
    fillStyle: "",
    strokeStyle: "",
    lineWidth: 1,
    lineJoin: "",
    globalAlpha: 1,
    font: "",
    textAlign: "",
    textBaseline: "",
    beginPath: nothing,
    moveTo: nothing,
    lineTo: nothing,
    closePath: nothing,
    arc: nothing,
    rect: nothing,
    setLineDash: nothing,
    fill: () => calls.push(`fill ${surface.fillStyle} ${surface.globalAlpha}`),
    stroke: () => calls.push(`stroke ${surface.strokeStyle} ${surface.globalAlpha}`),
    fillText: (text) => calls.push(`fillText ${text} ${surface.fillStyle}`),
    strokeText: (text) => calls.push(`strokeText ${text} ${surface.strokeStyle}`),
  };
  return { surface, calls };
}
