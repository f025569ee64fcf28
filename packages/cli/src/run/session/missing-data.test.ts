import assert from "node:assert/strict";
import { test } from "node:test";
import { DataSetError } from "@sintonia/training/dataset/data-set-error";
import { CommandError } from "../../system/usage-error.js";
import { withDataAdvice } from "./missing-data.js";

const OFFLINE = new DataSetError("unreachable", "https://x/train.gz: cannot be downloaded: ENOTFOUND.");

function messageOf(...given: Parameters<typeof withDataAdvice>): string {
  const error = withDataAdvice(...given);
  assert.ok(error instanceof CommandError);
  return error.message;
}

test("names the options that help on a machine without network", () => {
  const message = messageOf(OFFLINE, "fashion-mnist", { dataDir: undefined, mayInstall: false });
  assert.match(
    message,
    /fashion-mnist was not found: .*ENOTFOUND\. .*--install-missing.*dataset-fashion-mnist.*--data-dir DIR/,
  );
});

test("does not propose an installation that was tried or is not possible", () => {
  const tried = messageOf(OFFLINE, "fashion-mnist", { dataDir: undefined, mayInstall: true });
  assert.doesNotMatch(tried, /--install-missing/);
  const none = messageOf(OFFLINE, "mnist", { dataDir: undefined, mayInstall: false });
  assert.match(none, /^(?!.*--install-missing).*--data-dir DIR/);
});

test("says that a named folder was the only one to be searched", () => {
  const missing = new DataSetError("missing", "data: no train-images-idx3-ubyte (plain or .gz), needed for mnist.");
  const message = messageOf(missing, "mnist", { dataDir: "data", mayInstall: false });
  assert.match(message, /Only data was searched, because --data-dir names it\.$/);
});

test("leaves other errors unchanged", () => {
  const corrupt = new DataSetError("corrupt", "x");
  assert.equal(withDataAdvice(corrupt, "mnist", { dataDir: undefined, mayInstall: false }), corrupt);
});
