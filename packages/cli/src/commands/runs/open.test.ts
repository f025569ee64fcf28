import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { operatorTokenFile } from "../../cluster/credentials.js";
import { runProgram } from "../../program.js";
import { lockFolder } from "../../run/folder/lock.js";
import { RunFolder } from "../../run/folder/run-folder.js";
import { signInLink, writeSignInFile } from "../../run/session/page-link.js";

const PAGE = "http://127.0.0.1:7280";

/** A folder in which this process works as a run. */
function startRun(context: TestContext, cluster: object): RunFolder {
  const folder = new RunFolder(mkdtempSync(join(tmpdir(), "sintonia-open-")));
  const lock = lockFolder(folder.path);
  context.after(() => {
    lock.release();
    rmSync(folder.path, { recursive: true });
  });
  writeFileSync(folder.cluster, JSON.stringify({ coordinator: "127.0.0.1:1", pid: process.pid, ...cluster }));
  mkdirSync(folder.secrets);
  writeFileSync(operatorTokenFile(folder.secrets), "sintonia_secret\n");
  return folder;
}

async function open(args: readonly string[], { isTTY = false, env = {} } = {}) {
  const streams = [new PassThrough(), new PassThrough()] as const;
  const [stdout, stderr] = [Object.assign(streams[0], { isTTY }), streams[1]];
  const context = { stdin: Readable.from([]), stdout, stderr, env: { BROWSER: "none", ...env } };
  const code = await runProgram(["open", ...args], context);
  const [out, errors] = streams.map((stream) => String(stream.read() ?? "")) as [string, string];
  return { code, out, errors };
}

test("the address of a run's page has the token on a terminal, and nowhere else", async (context) => {
  const { path } = startRun(context, { page: PAGE });
  assert.equal((await open(["--dir", path])).out, `The page is at ${PAGE}/\n`);
  assert.equal((await open(["--dir", path], { isTTY: true })).out, `The page is at ${PAGE}/#token=sintonia_secret\n`);
  assert.deepEqual(JSON.parse((await open(["--dir", path, "--json"])).out), { page: `${PAGE}/`, opened: false });
});

test("a browser gets a file with the link, which other users cannot read", (context) => {
  const folder = startRun(context, { page: PAGE });
  const path = writeSignInFile(signInLink(PAGE, folder, "/studies/s"), folder);
  assert.match(
    readFileSync(path, "utf8"),
    /content="0; url=http:\/\/127\.0\.0\.1:7280\/studies\/s#token=sintonia_secret"/,
  );
});

test("a study of a page elsewhere has its address", async () => {
  const { out } = await open(["my study", "--page", "https://tuning.example/"]);
  assert.equal(out, "The page is at https://tuning.example/studies/my%20study\n");
  const fromEnvironment = await open([], { env: { SINTONIA_PAGE_URL: "https://tuning.example" } });
  assert.equal(fromEnvironment.out, "The page is at https://tuning.example/\n");
});

test("a run without a page, and one that has ended, are refused in one line", async (context) => {
  const { path } = startRun(context, {});
  for (const dir of [path, tmpdir()]) {
    const { code, errors } = await open(["--dir", dir]);
    assert.equal(code, 1);
    assert.match(errors, /^error: no run with a page works in .*, and no run has left a report there\n$/);
  }
});

test("the report takes the place of the page when a run has ended", async (context) => {
  const dir = mkdtempSync(join(tmpdir(), "sintonia-open-"));
  context.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "report.html"), "<!doctype html>");
  assert.equal((await open(["--dir", dir])).out, `The page is at ${pathToFileURL(join(dir, "report.html"))}\n`);
});
