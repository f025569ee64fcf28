// Bundles the page: one script and one style sheet, named by their content, and index.html.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { build } from "esbuild";

/** Where the page is read from and written to, as absolute paths. */
export interface PageFolders {
  /** The workspace, compiled. */
  readonly page: string;
  /** The folder that is replaced by the files of the site. */
  readonly site: string;
}

/** Size of what a browser loads. */
export interface PageSize {
  /** Script, style and document together, compressed by brotli. */
  readonly compressedBytes: number;
}

/** Content of a file of the site, by the file's name. */
type Files = ReadonlyMap<string, Uint8Array>;

/** Browsers since 2023 understand the output. */
const TARGET = "es2022";

/**
 * Writes the files of the site, each beside its brotli and gzip form.
 *
 * @throws if esbuild cannot bundle the page
 */
export async function bundlePage({ page, site }: PageFolders): Promise<PageSize> {
  const files = await bundled(page);
  await rm(site, { recursive: true, force: true });
  await mkdir(join(site, "assets"), { recursive: true });
  const names = [...files.keys()];
  const index = Buffer.from(indexHtml(await readFile(join(page, "src", "index.html"), "utf8"), names));
  let compressedBytes = 0;
  for (const [name, content] of [...files, ["index.html", index]] as const) {
    compressedBytes += await writeCompressed(join(site, name), content);
  }
  return { compressedBytes };
}

async function bundled(page: string): Promise<Files> {
  const { outputFiles } = await build({
    entryPoints: { app: join(page, "dist", "app", "main.js"), style: join(page, "src", "style", "page.css") },
    outdir: join(page, "site", "assets"),
    entryNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    target: TARGET,
    minify: true,
    legalComments: "none",
    write: false,
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, contents }) => [`assets/${basename(path)}`, contents]));
}

/** Puts the names of script and style sheet into the template. */
function indexHtml(template: string, names: readonly string[]): string {
  const nameOf = (end: string): string => `/${names.find((name) => name.endsWith(end))}`;
  return template.replace("%SCRIPT%", nameOf(".js")).replace("%STYLE%", nameOf(".css"));
}

/** Returns the number of bytes that brotli leaves. */
async function writeCompressed(path: string, content: Uint8Array): Promise<number> {
  const smallest = await promisify(brotliCompress)(content);
  await writeFile(path, content);
  await writeFile(`${path}.br`, smallest);
  await writeFile(`${path}.gz`, await promisify(gzip)(content));
  return smallest.length;
}
