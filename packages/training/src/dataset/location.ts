import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type DataSetDescription, filesOf, type IdxFile, type PackageFolder } from "./catalog.js";
import { DataSetError } from "./data-set-error.js";
import { type DownloadProgress, downloadFiles } from "./download.js";

/** The place in which a data set was found. */
export interface DataSetSource {
  readonly kind: "folder" | "cache" | "package" | "download";
  readonly folder: string;
}

/** The options of `locateFiles`. */
export interface LocationOptions {
  /**
   * The user's folder: the folder or its subfolder with the data set's name must hold all files.
   */
  readonly folder?: string | undefined;
  /** Folder for downloads, which go into a subfolder with the data set's name. */
  readonly cacheDir: string;
  readonly allowDownload: boolean;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** A place with the path of each of its files. */
interface LocatedFiles {
  readonly source: DataSetSource;
  readonly pathOf: (file: IdxFile) => string;
}

type Paths = ReadonlyMap<string, string>;

/**
 * Finds all four files of a data set in one place. If the user named a folder, only that folder is
 * searched; otherwise the cache, then the installed packages, then a download into the cache.
 * Opens no file, except to check downloads.
 *
 * @throws {DataSetError} `missing`, `unreachable`, `unwritable`, or `corrupt` for a download
 */
export async function locateFiles(description: DataSetDescription, options: LocationOptions): Promise<LocatedFiles> {
  if (options.folder !== undefined) return locateInUserFolder(description, options.folder);
  const cache = join(options.cacheDir, description.name);
  return (
    (await locateIn({ kind: "cache", folder: cache }, description)) ??
    (await locateInPackages(description)) ??
    (await download(description, cache, options))
  );
}

async function locateInUserFolder(description: DataSetDescription, folder: string): Promise<LocatedFiles> {
  const inside = join(folder, description.name);
  const located =
    (await locateIn({ kind: "folder", folder: inside }, description)) ??
    (await locateIn({ kind: "folder", folder }, description));
  if (located !== undefined) return located;
  const missing = missingOf(await pathsIn(folder, description), description);
  throw new DataSetError("missing", `${folder}: no ${listed(missing)} (plain or .gz), needed for ${description.name}.`);
}

async function locateInPackages(description: DataSetDescription): Promise<LocatedFiles | undefined> {
  for (const from of description.packages) {
    const folder = packageFolder(from);
    const located = folder && (await locateIn({ kind: "package", folder }, description));
    if (located) return located;
  }
  return undefined;
}

async function download(
  description: DataSetDescription,
  folder: string,
  options: LocationOptions,
): Promise<LocatedFiles> {
  const missing = missingOf(await pathsIn(folder, description), description);
  if (!options.allowDownload) throw notFound(description, folder, missing);
  const { onProgress, fetch = globalThis.fetch } = options;
  await downloadFiles(missing, { url: description.downloadUrl, folder, fetch, onProgress });
  const paths = await pathsIn(folder, description);
  return { source: { kind: "download", folder }, pathOf: (file) => paths.get(file.name) as string };
}

async function locateIn(source: DataSetSource, description: DataSetDescription): Promise<LocatedFiles | undefined> {
  const paths = await pathsIn(source.folder, description);
  if (missingOf(paths, description).length > 0) return undefined;
  return { source, pathOf: (file) => paths.get(file.name) as string };
}

/** Returns the paths of the files that exist, by their names. */
async function pathsIn(folder: string, description: DataSetDescription): Promise<Paths> {
  const paths = new Map<string, string>();
  for (const { name } of filesOf(description)) {
    for (const candidate of [join(folder, `${name}.gz`), join(folder, name)]) {
      if (await isFile(candidate)) paths.set(name, candidate);
    }
  }
  return paths;
}

async function isFile(path: string): Promise<boolean> {
  // Ignored: an inaccessible path counts as missing, and the final error names it.
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

function missingOf(paths: Paths, description: DataSetDescription): readonly IdxFile[] {
  return filesOf(description).filter((file) => !paths.has(file.name));
}

function packageFolder(from: PackageFolder): string | undefined {
  if ("debian" in from) return from.folder;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${from.npm}/package.json`);
    return join(dirname(manifest), from.folder);
  } catch {
    return undefined; // Not installed.
  }
}

function notFound(description: DataSetDescription, cache: string, missing: readonly IdxFile[]): DataSetError {
  const packages = description.packages.map((from) => ("debian" in from ? from.debian : from.npm));
  const offer = packages.length > 0 ? ` install the package ${packages.join(" or ")},` : "";
  const advice = `Allow the download,${offer} or put ${listed(missing)} (plain or .gz) into ${cache}.`;
  return new DataSetError("missing", `${description.name}: no data found. ${advice}`);
}

function listed(files: readonly IdxFile[]): string {
  return files.map((file) => file.name).join(", ");
}
