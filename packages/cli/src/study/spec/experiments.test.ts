import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { experimentNames } from "../../system/experiments.js";
import { UsageError } from "../../system/usage-error.js";
import { loadOracleSpec, loadSpec, withOverrides } from "./experiments.js";

function specFile(context: TestContext, text: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-spec-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "spec.yaml"), text);
  return join(folder, "spec.yaml");
}

test("an experiment is found by its name", () => {
  assert.ok(experimentNames().includes("mnist-init"));
  assert.equal(loadSpec("mnist-init").name, "mnist-init");
});

test("the error of an unknown experiment lists the known ones", () => {
  assert.throws(
    () => loadSpec("nope"),
    (error: unknown) => error instanceof UsageError && /mnist-init/.test(error.message),
  );
});

test("a device without an end is read up to the limit", { skip: !existsSync("/dev/zero") && "no /dev/zero" }, () => {
  assert.throws(() => loadSpec("/dev/zero"), /\/dev\/zero: cannot be read: it has more than 262144 bytes$/);
});

test("a spec that is too large is refused", (context) => {
  const path = specFile(context, "#".repeat(10 * 1024 * 1024));
  assert.throws(() => loadSpec(path), /10485760 bytes/);
});

test("a spec in another encoding is refused, with the line", (context) => {
  const path = specFile(context, Buffer.from("name: a\ndescription: se\xf1al\n", "latin1"));
  for (const load of [loadSpec, loadOracleSpec]) {
    assert.throws(
      () => load(path),
      (error: unknown) => error instanceof UsageError && /: line 2 is not UTF-8/.test(error.message),
    );
  }
});

test("every problem of a spec is listed", (context) => {
  const path = specFile(context, "name: BAD NAME\nbudget: { maxTrials: -1 }\n");
  assert.throws(
    () => loadSpec(path),
    (error: unknown) =>
      error instanceof UsageError && /name: /.test(error.message) && /budget.maxTrials: /.test(error.message),
  );
});

test("quick makes few short trials, and explicit overrides win over it", () => {
  const spec = loadSpec("mnist-init");
  const epochs = ({ training }: typeof spec): unknown => (training as { maxEpochs: unknown }).maxEpochs;
  const quick = withOverrides(spec, {}, true);
  assert.deepEqual([quick.budget.maxTrials, epochs(quick)], [6, 4]);
  const mixed = withOverrides(spec, { maxTrials: 3, seed: 7 }, true);
  assert.deepEqual([mixed.budget.maxTrials, epochs(mixed), mixed.seed], [3, 4, 7]);
});

test("a spec without overrides is unchanged", () => {
  const spec = loadSpec("mnist-init");
  assert.equal(withOverrides(spec, {}, false), spec);
});

test("a folder, an empty name and a name of both an experiment and a file are refused in one line", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-names-"));
  const before = process.cwd();
  process.chdir(folder);
  context.after(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });
  const message = (name: string): string => {
    try {
      loadSpec(name);
    } catch (error) {
      if (error instanceof UsageError) return error.message;
    }
    return assert.fail(`${name} is accepted`);
  };
  assert.match(message(folder), /: cannot be read: it is a folder; name the file of a spec$/);
  assert.match(message(""), /^no experiment and no file is called ""; /);
  mkdirSync(join(folder, "mnist-mlp"));
  assert.equal(loadSpec("mnist-mlp").name, "mnist-mlp", "a folder of this name is no spec");
  writeFileSync(join(folder, "mnist-init"), "name: mine\n");
  assert.match(
    message("mnist-init"),
    /both called mnist-init; write \.\/mnist-init for the file, or .*mnist-init\.yaml/,
  );
});
