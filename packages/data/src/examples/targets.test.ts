import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readTable, temporaryFolder } from "../fixture/files.fixture.js";
import { classesOf, classTargets } from "./targets.js";

async function labelsOf(t: TestContext, values: readonly string[]) {
  const path = join(await temporaryFolder(t), "x.csv");
  await writeFile(path, `a,y\n${values.map((value) => `0,${value}`).join("\n")}\n`);
  const table = await readTable(path, "x.csv");
  const rows = Uint32Array.from(values, (_, row) => row);
  const classes = classesOf("y", table, rows);
  const targets = classTargets(classes, table, rows);
  return { names: classes.names, labels: targets.kind === "classes" ? [...targets.labels] : [] };
}

test("numbers classes in numeric order, whatever their numbers, and texts by their code units", async (t) => {
  assert.deepEqual(await labelsOf(t, ["1", "0", "1"]), { names: ["0", "1"], labels: [1, 0, 1] });
  assert.deepEqual(await labelsOf(t, ["10", "9", "-0", "0"]), { names: ["0", "9", "10"], labels: [2, 1, 0, 0] });
  assert.deepEqual(await labelsOf(t, ["7", "-3", "70000", "7"]), { names: ["-3", "7", "70000"], labels: [1, 0, 2, 1] });
  assert.deepEqual(await labelsOf(t, ["red", "blue", "Red"]), { names: ["Red", "blue", "red"], labels: [2, 1, 0] });
});
