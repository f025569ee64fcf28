import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresOf } from "./figures.js";
import { treeOf } from "./tree.fixture.js";

test("counts folders, files, lines, knots, casts and the longest of each, without tests", () => {
  const tree = treeOf({
    "src/a.ts": `import './b/c.js';\nfunction f() {\n  return 1;\n}\n`,
    "src/b/c.ts": `import '../a.js';\nconst d = 1 as number;\n`,
    "src/a.test.ts": "const e = 1 as number;\n".repeat(99),
  });
  const [row, all, ...others] = figuresOf(tree);
  assert.deepEqual(others, []);
  assert.deepEqual({ ...row, name: "all" }, all);
  assert.deepEqual(row, {
    name: "w",
    folders: 2,
    files: 2,
    lines: 6,
    knots: [2],
    fileCycles: 1,
    longestFile: { name: "w/src/a.ts", lines: 4 },
    longestFunction: { name: "f w/src/a.ts:2", lines: 3 },
    castsPerThousandLines: 1000 / 6,
    longCommentLines: 0,
  });
});
