import assert from "node:assert/strict";
import { test } from "node:test";
import { treeOf } from "../tree.fixture.js";
import { importCycles } from "./import-cycles.js";

test("reports an import cycle between files with the imports that make it", () => {
  const tree = treeOf({ "a.ts": `import './b.js';`, "b.ts": `\nimport type { A } from './a.js';` });
  const [finding, ...others] = importCycles(tree);
  assert.deepEqual(others, []);
  assert.equal(finding?.rule, "file-cycle");
  assert.equal(finding?.path, "w/a.ts");
  assert.match(finding?.advice ?? "", /^a\.ts -> b\.ts -> a\.ts: a\.ts:1 imports b\.ts; b\.ts:2 imports a\.ts\./);
});

test("reports a cycle between a folder and its subfolder whose files form none", () => {
  const tree = treeOf({
    "src/main.ts": `import './part/a.js';`,
    "src/part/a.ts": `import '../base.js';`,
    "src/base.ts": "",
  });
  const [finding, ...others] = importCycles(tree);
  assert.deepEqual(others, []);
  assert.equal(finding?.rule, "folder-cycle");
  assert.match(finding?.advice ?? "", /^src -> src\/part -> src: /);
});

test("reports the shortest cycle of a knot and the size of the knot", () => {
  const tree = treeOf({
    "a.ts": `import './b.js';`,
    "b.ts": `import './c.js';`,
    "c.ts": `import './a.js'; import './d.js';`,
    "d.ts": `import './c.js';`,
  });
  const [finding, ...others] = importCycles(tree);
  assert.deepEqual(others, []);
  assert.match(finding?.advice ?? "", /^c\.ts -> d\.ts -> c\.ts \(shortest cycle of a knot of 4\): /);
});

test("accepts a cycle through a test or a fixture, and folders without one", () => {
  const tree = treeOf({
    "a/a.ts": `import '../b/b.js';`,
    "b/b.ts": "",
    "b/b.test.ts": `import '../a/a.js'; import './b.fixture.js';`,
    "b/b.fixture.ts": `import '../a/a.js';`,
  });
  assert.deepEqual(importCycles(tree), []);
});
