import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bundlePage, type PageSize } from "./bundle.js";

/** Upper limit of script, style and document together, compressed by brotli (decision 0028). */
const COMPRESSED_BYTES_MAX = 400_000;

describe("the bundled page", () => {
  let folder: string;
  let size: PageSize;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "sintonia-page-"));
    const page = fileURLToPath(new URL("../../../packages/page", import.meta.url));
    size = await bundlePage({ page, site: folder });
  });

  after(() => rm(folder, { recursive: true }));

  async function assets(end: string): Promise<string> {
    const names = await readdir(join(folder, "assets"));
    const texts = names
      .filter((name) => name.endsWith(end))
      .map((name) => readFile(join(folder, "assets", name), "utf8"));
    return (await Promise.all(texts)).join("\n");
  }

  it("is smaller than its limit", () => {
    assert.ok(size.compressedBytes > 0 && size.compressedBytes < COMPRESSED_BYTES_MAX, `${size.compressedBytes} bytes`);
  });

  it("contains no code that the content security policy refuses", async () => {
    assert.doesNotMatch(await assets(".js"), /\beval\(|new Function\(|setAttribute\("style"/);
  });

  it("asks no other host", async () => {
    assert.doesNotMatch(await assets(".css"), /url\(|@import/);
    assert.doesNotMatch(await readFile(join(folder, "index.html"), "utf8"), /https?:/);
  });
});
