// Studies whose files come from their source: an https server, and a mounted path.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FileServer, makeCertificate, refOf } from "@sintonia/files/fixture/https-server.fixture";
import { assertAllCompleted, CommandFolder, type Results, resultsOf } from "../support/cli.js";

const TABLE = Buffer.from(
  ["a,b,y", ...Array.from({ length: 80 }, (_, row) => `${row % 7},${row % 5},${row % 2}`)].join("\n"),
);

function specOf(dataset: string): string {
  return `
name: elsewhere
dataset: { ${dataset}, target: y, task: classification }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 2 }
parameters: { rate: { type: double, min: 0.01, max: 0.03 } }
model: { layers: [{ units: 2, activation: softmax }] }
training:
  { optimizer: { type: adam, learningRate: $rate }, loss: categorical_crossentropy, batchSize: 16, maxEpochs: 2 }
`;
}

/** Starts a server whose certificate the runs of the folder trust. */
async function serve(context: TestContext, folder: CommandFolder): Promise<FileServer> {
  const certificate = makeCertificate();
  writeFileSync(join(folder.folder, "ca.pem"), certificate.cert);
  const server = await FileServer.start(certificate);
  context.after(() => server.close());
  return server;
}

async function run(folder: CommandFolder, dataset: string): Promise<{ results: Results; lines: readonly string[] }> {
  writeFileSync(join(folder.folder, "study.yaml"), specOf(dataset));
  const environment = {
    NODE_EXTRA_CA_CERTS: join(folder.folder, "ca.pem"),
    SINTONIA_CACHE_DIR: join(folder.folder, "cache"),
  };
  const ended = await folder.runSpecWith(environment, "study.yaml", "--trainers", "2").ended;
  const results = resultsOf(ended);
  assertAllCompleted(results, 2);
  assert.deepEqual(folder.leftProcesses(), []);
  return { results, lines: ended.lines };
}

/** Lists the files that the coordinator of the run stores. */
function storedFiles(folder: CommandFolder): readonly string[] {
  const store = join(folder.folder, "run", "state", "files");
  return readdirSync(store, { recursive: true, encoding: "utf8" }).filter((name) => /[0-9a-f]{64}$/.test(name));
}

test("a file of an https address is read once for hashing and training, and not uploaded", async (context) => {
  const folder = new CommandFolder(context);
  const server = await serve(context, folder);
  const { sha256 } = refOf(TABLE);
  const address = server.add("table.csv", { bytes: TABLE });
  const { lines } = await run(folder, `path: "${address}#sha256=${sha256}"`);
  assert.ok(
    lines.some((line) => line.includes(`${address}, `) && line.includes(`SHA-256 ${sha256}`)),
    lines.join("\n"),
  );
  assert.deepEqual(server.requests, ["whole"]);
  assert.deepEqual(storedFiles(folder), []);
});

test("trainers and the evaluation fetch a file themselves whose content the spec names", async (context) => {
  const folder = new CommandFolder(context);
  const server = await serve(context, folder);
  const { sha256, sizeBytes } = refOf(TABLE);
  const address = server.add("table.csv", { bytes: TABLE });
  const files = `files: { "${address}": { sha256: "${sha256}", sizeBytes: ${sizeBytes} } }`;
  const { lines } = await run(folder, `path: "${address}", ${files}`);
  assert.ok(
    lines.some((line) => line.includes("not read here, since the spec has the content")),
    lines.join("\n"),
  );
  assert.deepEqual(server.requests, ["whole"]);
});

test("a mounted file is read in its place, and neither uploaded nor copied", async (context) => {
  const folder = new CommandFolder(context);
  const server = await serve(context, folder);
  mkdirSync(join(folder.folder, "mounted"));
  const place = join(folder.folder, "mounted", "table.csv");
  writeFileSync(place, TABLE);
  await run(folder, `path: "file://${place}"`);
  assert.deepEqual([server.requests, storedFiles(folder)], [[], []]);
  assert.throws(() => readdirSync(join(folder.folder, "cache", "files")), { code: "ENOENT" });
  assert.deepEqual(readFileSync(place), TABLE);
});
