import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { runProgram } from "../../program.js";
import { loadStudy } from "../../study/spec/experiments.js";
import { starterFiles, starterNames } from "../../system/starters.js";

function start(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-init-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const stderr = new PassThrough();
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr, env: {} };
  const init = async (...args: string[]) => ({
    code: await runProgram(["init", ...args], streams),
    stderr: String(stderr.read() ?? ""),
  });
  return { folder, init };
}

for (const name of starterNames()) {
  test(`writes the example ${name}, whose spec is accepted`, async (context) => {
    const { folder, init } = start(context);
    const target = join(folder, "new", name);
    assert.deepEqual(await init(name, target), { code: 0, stderr: "" });
    assert.deepEqual(
      readdirSync(target).sort(),
      starterFiles(name).map((file) => file.name),
    );
    await assert.doesNotReject(loadStudy(join(target, "study.yaml")));
  });
}

test("keeps scripts executable", async (context) => {
  const { folder, init } = start(context);
  await init("shell", folder);
  assert.equal(statSync(join(folder, "train.sh")).mode & 0o100, 0o100);
});

test("replaces no file, and writes none then", async (context) => {
  const { folder, init } = start(context);
  writeFileSync(join(folder, "train.sh"), "mine");
  const { code, stderr } = await init("shell", folder);
  assert.deepEqual([code, readdirSync(folder)], [2, ["train.sh"]]);
  assert.match(stderr, /train\.sh: there is such a file already; name another folder/);
});

test("proposes the nearest name for an unknown example", async (context) => {
  const { init } = start(context);
  const { code, stderr } = await init("shel");
  assert.equal(code, 2);
  assert.match(stderr, /no example is called shel; did you mean shell\?/);
});
