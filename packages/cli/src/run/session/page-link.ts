import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { operatorTokenFile } from "../../cluster/credentials.js";
import type { RunFolder } from "../folder/run-folder.js";

type Secrets = Pick<RunFolder, "secrets">;

/**
 * Returns the address that lets the user of a run in. The token is in the fragment, which a browser
 * sends nowhere: the page takes the token from there.
 *
 * @param page - "http://host:port" of the live page
 * @param path - of the page's own paths
 */
export function signInLink(page: string, { secrets }: Secrets, path = "/"): string {
  return `${page}${path}#token=${readFileSync(operatorTokenFile(secrets), "utf8").trim()}`;
}

/**
 * Writes a document that leads a browser to a link, and returns its path. Other users of the
 * machine see the arguments of a browser, but not a file of the folder of secrets, which ends with
 * the run.
 */
export function writeSignInFile(link: string, { secrets }: Secrets): string {
  const path = join(secrets, "open.html");
  const document = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${link}">\n`;
  writeFileSync(path, document, { mode: 0o600 });
  return path;
}
