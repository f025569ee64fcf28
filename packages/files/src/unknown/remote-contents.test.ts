import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { FileServer, makeCertificate, refOf, trust } from "../fixture/https-server.fixture.js";
import { RemoteContents, type WantedContent } from "./remote-contents.js";

const BYTES = randomBytes(300_000);

describe("contents of unknown checksum", () => {
  let server: FileServer;
  let folder: string;

  before(async () => {
    const certificate = makeCertificate();
    trust(certificate);
    server = await FileServer.start(certificate);
  });
  after(() => server.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sintonia-contents-"));
    server.requests.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true }));

  const contents = (bytesMax = 10_000_000) =>
    new RemoteContents({ folder, bytesMax, s3: {}, logins: [], proxy: {}, delayMs: 1 });
  const wanted = (url: string, more: Partial<WantedContent> = {}): WantedContent => ({
    address: { scheme: "https", url },
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  });

  it("are downloaded, hashed, and kept under their checksums", async () => {
    const progress: (number | undefined)[] = [];
    const url = server.add("x.csv", { bytes: BYTES });
    const { path, ref } = await contents().fetch(
      wanted(url, { onProgress: ({ bytesDone, bytesTotal }) => progress.push(bytesDone, bytesTotal) }),
    );
    assert.deepEqual(ref, refOf(BYTES));
    assert.deepEqual(await readFile(path), BYTES);
    assert.deepEqual(await readdir(folder), [ref.sha256]);
    assert.deepEqual([...progress.slice(0, 2), ...progress.slice(-2)], [0, 300_000, 300_000, 300_000]);
    await contents().fetch(wanted(url, { sha256: ref.sha256 }));
    assert.equal(server.requests.length, 1);
  });

  it("continue after a break if the server identifies the content, and begin again if not", async () => {
    const tagged = server.add("tagged.csv", { bytes: BYTES, etag: '"1"', breaks: [100_000] });
    assert.deepEqual((await contents().fetch(wanted(tagged))).ref, refOf(BYTES));
    assert.match(server.requests[1] ?? "", /^bytes=[1-9]/);
    const plain = server.add("plain.csv", { bytes: BYTES, breaks: [100_000] });
    assert.deepEqual((await contents().fetch(wanted(plain))).ref, refOf(BYTES));
    assert.deepEqual(server.requests.slice(2), ["whole", "whole"]);
  });

  it("begin again if the content changes in a break", async () => {
    const now = randomBytes(200_000);
    const file = { bytes: BYTES, etag: '"1"', breaks: [100_000] };
    const url = server.add("changing.csv", file);
    const onProgress = () => {
      file.bytes = now;
      file.etag = '"2"';
    };
    assert.deepEqual((await contents().fetch(wanted(url, { onProgress }))).ref, refOf(now));
  });

  it("are refused with both checksums if the wanted one is another, and leave nothing", async () => {
    const other = refOf(Buffer.from("other"));
    const url = server.add("x.csv", { bytes: BYTES });
    await assert.rejects(contents().fetch(wanted(url, { sha256: other.sha256 })), {
      name: "FileUnavailableError",
      message: `it changed: the spec names SHA-256 ${other.sha256}, and it has ${refOf(BYTES).sha256} (300000 bytes)`,
    });
    await assert.rejects(contents(100_000).fetch(wanted(url)), {
      message: `it does not fit into ${folder}; raise SINTONIA_FILE_CACHE_MIB by 1 or more`,
    });
    const failing = server.add("failing.csv", { bytes: BYTES, statuses: Array(10).fill(500) });
    await assert.rejects(contents().fetch(wanted(failing)), { message: /answers with status 500$/ });
    assert.deepEqual(await readdir(folder), []);
  });
});
