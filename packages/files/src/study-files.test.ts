import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { FileRef } from "@sintonia/protocol/file";
import { createLogger } from "@sintonia/runtime/logger";
import { parseAddress } from "@sintonia/tuning/plan/file/file-address";
import type { WantedFile } from "./contract/file-source.js";
import { closedPort, FileServer, makeCertificate, refOf, trust } from "./fixture/https-server.fixture.js";
import { StudyFiles } from "./study-files.js";

const never = new AbortController().signal;
const logger = createLogger({ service: "files", instance: "test", level: "silent" });
const BYTES = randomBytes(300_000);

describe("files of studies", () => {
  let server: FileServer;
  let folder: string;
  let files: StudyFiles;

  before(async () => {
    const certificate = makeCertificate();
    trust(certificate);
    server = await FileServer.start(certificate);
  });
  after(() => server.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sintonia-study-files-"));
    await mkdir(join(folder, "mounted"));
    files = new StudyFiles({
      folder: join(folder, "cache"),
      bytesMax: 10_000_000,
      roots: [join(folder, "mounted")],
      s3: {},
      logins: [],
      proxy: {},
      logger,
    });
    server.requests.length = 0;
  });
  afterEach(async () => {
    files.close();
    await rm(folder, { recursive: true });
  });

  function wanted(source: string, ref: FileRef = refOf(BYTES)): WantedFile {
    return { ...ref, source: parseAddress(source) };
  }

  const cached = async () => (await readdir(join(folder, "cache"))).filter((name) => !name.endsWith(".part"));

  it("fetches a file over https once, and continues where the connection broke", async () => {
    const address = server.add("broken.csv", { bytes: BYTES, breaks: [100_000, 200_000] });
    const path = await files.fetch(wanted(address), never);
    assert.deepEqual(await readFile(path), BYTES);
    assert.equal(server.requests.length, 3);
    assert.deepEqual(server.requests[0], "whole");
    assert.ok(server.requests.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range)));
    assert.equal(await files.fetch(wanted(address), never), path);
    assert.equal(server.requests.length, 3);
  });

  it("continues at a server without ranges, without lengths, and after passing refusals", async () => {
    const address = server.add("whole.csv", {
      bytes: BYTES,
      breaks: [100_000],
      hasNoRanges: true,
      hasNoLength: true,
      statuses: [503, 429],
    });
    assert.deepEqual(await readFile(await files.fetch(wanted(address), never)), BYTES);
    // Two requests are refused, one answer breaks, and one is whole: its beginning is skipped.
    assert.equal(server.requests.length, 4);
  });

  it("refuses a changed file with both checksums, whether it grew, shrank or kept its size", async () => {
    for (const now of [randomBytes(300_000), randomBytes(400_000), randomBytes(10), Buffer.alloc(0)]) {
      const address = server.add("changed.csv", { bytes: now });
      await assert.rejects(files.fetch(wanted(address), never), {
        name: "FileUnavailableError",
        message:
          `it changed: its SHA-256 was ${refOf(BYTES).sha256} (300000 bytes) and is ${refOf(now).sha256} ` +
          `(${now.length} bytes)`,
      });
    }
    assert.deepEqual(await cached(), []);
  });

  it("refuses a file that changes between a break and the rest, with both checksums", async () => {
    const now = randomBytes(300_000);
    const file = { bytes: BYTES, breaks: [100_000] };
    const address = server.add("changing.csv", file);
    const fetched = files.fetch(wanted(address), never);
    await until(() => server.requests.length > 0);
    file.bytes = now;
    await assert.rejects(fetched, new RegExp(`was ${refOf(BYTES).sha256} .* is ${refOf(now).sha256}`));
  });

  it("says in one line why a server does not give a file", async () => {
    const port = await closedPort();
    const faults: readonly (readonly [string, RegExp])[] = [
      [`https://localhost:${server.port}/absent`, /^localhost:\d+ does not have it \(404\)$/],
      [
        server.add("login", { bytes: BYTES, statuses: [401] }),
        /^localhost:\d+ refuses access to it \(401\); SINTONIA_HTTPS_LOGINS/,
      ],
      [server.add("teapot", { bytes: BYTES, statuses: [418] }), /^localhost:\d+ answers with status 418$/],
      [
        server.add("plain", { bytes: BYTES, redirect: "http://localhost/x" }),
        /redirects to http:\/\/localhost, which is/,
      ],
      [
        server.add("loop", { bytes: BYTES, redirect: `https://localhost:${server.port}/loop` }),
        /redirects more than 5 times$/,
      ],
      [
        server.add("inside", { bytes: BYTES, redirect: `https://127.0.0.1:${port}/x` }),
        /^its server redirects to 127.0.0.1, an address of a private network$/,
      ],
      [
        server.add("named", { bytes: BYTES, redirect: `https://localhost:${port}/x` }),
        /redirects to localhost, an address/,
      ],
      [server.add("meta", { bytes: BYTES, redirect: "https://169.254.169.254/x" }), /redirects to 169.254.169.254/],
      [
        server.add("mapped", { bytes: BYTES, redirect: "https://[::ffff:10.0.0.1]/x" }),
        /an address of a private network/,
      ],
      [
        server.add("login2", { bytes: BYTES, redirect: "https://a:b@example.org/" }),
        /redirects to an address with a login/,
      ],
      [server.add("nowhere", { bytes: BYTES, redirect: "https://" }), /redirects to no valid address/],
      [
        server.add("huge", { bytes: BYTES, claimedLength: 3 * 2 ** 30 }),
        /^it has 3221225472 bytes, and the limit is 2 GiB$/,
      ],
    ];
    for (const [address, message] of faults) {
      await assert.rejects(files.fetch(wanted(address), never), { name: "FileUnavailableError", message }, address);
    }
    assert.deepEqual(await cached(), []);
  });

  it("refuses a certificate that nobody trusts, and one of another host", async () => {
    const named = makeCertificate("DNS:example.org");
    trust(named);
    const faults = [
      [makeCertificate(), "self-signed certificate"],
      [named, "Hostname/IP does not match certificate's altnames"],
    ] as const;
    for (const [certificate, reason] of faults) {
      const other = await FileServer.start(certificate);
      const message = `^the certificate or TLS of localhost:\\d+ is refused: ${reason}.*NODE_EXTRA_CA_CERTS names`;
      try {
        const fetched = files.fetch(wanted(other.add("x.csv", { bytes: BYTES })), never);
        await assert.rejects(fetched, { message: new RegExp(message) });
      } finally {
        await other.close();
      }
    }
  });

  it("reads a mounted file in its place, and checks it again only if it changed", async () => {
    const place = join(folder, "mounted", "x.csv");
    await writeFile(place, BYTES);
    assert.equal(await files.fetch(wanted(`file://${place}`), never), place);
    await writeFile(place, BYTES);
    assert.equal(await files.fetch(wanted(`file://${place}`), never), place);
    const now = Buffer.from(BYTES).fill(0, 5, 10);
    await writeFile(place, now);
    await assert.rejects(files.fetch(wanted(`file://${place}`), never), {
      message:
        `it changed: its SHA-256 was ${refOf(BYTES).sha256} (300000 bytes) and is ${refOf(now).sha256} ` +
        "(300000 bytes)",
    });
    assert.deepEqual(await readdir(folder), ["mounted"]);
  });

  it("reads no mounted file outside of the folders that it may read, also by links", async () => {
    const outside = join(folder, "secret.csv");
    await writeFile(outside, BYTES);
    await symlink(outside, join(folder, "mounted", "link.csv"));
    const message = /^it is outside the folders of SINTONIA_FILE_ROOTS/;
    for (const place of [outside, join(folder, "mounted", "link.csv")])
      await assert.rejects(files.fetch(wanted(`file://${place}`), never), { message });
    const closed = new StudyFiles({ folder, bytesMax: 1, roots: [], s3: {}, logins: [], proxy: {}, logger });
    await assert.rejects(closed.fetch(wanted(`file://${outside}`), never), {
      message: "this machine may read no mounted files; SINTONIA_FILE_ROOTS names their folders",
    });
    closed.close();
  });

  it("says in one line why a mounted file cannot be read", async () => {
    const mounted = join(folder, "mounted");
    await assert.rejects(files.fetch(wanted(`file://${mounted}`), never), {
      message: "it is a folder; name a file in it",
    });
    await assert.rejects(files.fetch(wanted(`file://${mounted}/absent.csv`), never), {
      message: "it is not there on this machine",
    });
  });

  it("ends a fetch at once when it is aborted", async () => {
    const address = server.add("stalled.csv", { bytes: BYTES, stallsAt: 100_000 });
    const abort = new AbortController();
    const reason = new Error("the lease is lost");
    const fetched = files.fetch(wanted(address), abort.signal);
    await until(() => server.requests.length > 0);
    abort.abort(reason);
    await assert.rejects(fetched, reason);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => void setImmediate(resolve));
}
