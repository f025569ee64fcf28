import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { anchorsOf, namedPaths, pages, ROOT, relativeLinks } from "./pages.js";

/** Folders that a build or a run makes; a page may name what will be in them. */
const MADE = /(^|\/)(dist|node_modules|runs)(\/|$)/;

for (const page of pages()) {
  test(`every relative link of ${page.path} leads to a file and a heading that exist`, () => {
    for (const link of relativeLinks(page)) {
      const [path = "", anchor] = link.split("#");
      assert.ok(existsSync(join(ROOT, path)), link);
      if (anchor === undefined) continue;
      assert.ok(anchorsOf(readFileSync(join(ROOT, path), "utf8")).includes(anchor), link);
    }
  });

  test(`every path of the repository that ${page.path} names exists`, () => {
    const missing = namedPaths(page).filter((path) => !MADE.test(path) && !existsSync(join(ROOT, path)));
    assert.deepEqual(missing, []);
  });
}
