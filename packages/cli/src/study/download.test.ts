import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ArtifactKind } from "@sintonia/proto/sintonia/v1/study";
import { downloadArtifacts } from "./download.js";

const BYTES = Buffer.from("the bytes of a model");

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-download-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Sends the bytes in chunks of seven. */
async function* sendBytes(): AsyncGenerator<{ chunk: Buffer }> {
  for (let start = 0; start < BYTES.length; start += 7) yield { chunk: BYTES.subarray(start, start + 7) };
}

function request(directory: string, sha256: string): Parameters<typeof downloadArtifacts>[0] {
  const artifacts = [{ kind: ArtifactKind.ONNX_MODEL, sha256, sizeBytes: BYTES.length }];
  return { client: { downloadArtifact: sendBytes }, studyId: "s", artifacts, directory } as never;
}

test("writes an artifact under the name of its kind", async (context) => {
  const folder = temporaryFolder(context);
  const names = await downloadArtifacts(request(folder, createHash("sha256").update(BYTES).digest("hex")));
  assert.deepEqual(names, ["model.onnx"]);
  assert.deepEqual(readFileSync(join(folder, "model.onnx")), BYTES);
});

test("writes no file if the bytes do not match their checksum", async (context) => {
  const folder = temporaryFolder(context);
  await assert.rejects(downloadArtifacts(request(folder, "0".repeat(64))), /do not match their checksum/);
  assert.deepEqual(readdirSync(folder), []);
});
