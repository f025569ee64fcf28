import { join, resolve } from "node:path";
import { RemoteContents } from "@sintonia/files/unknown/remote-contents";
import { FILE_VARIABLES, sourceSettings } from "@sintonia/files/variables";
import { readConfig } from "@sintonia/runtime/config";
import { CACHE_DIR } from "../../system/installation.js";

/**
 * Returns the reader of files of other servers, with the cache and the logins of the environment.
 *
 * @throws {UserError} that lists every variable that is not valid
 */
export function remoteContents(env: NodeJS.ProcessEnv): RemoteContents {
  const folder = join(resolve(env["SINTONIA_CACHE_DIR"] || CACHE_DIR), "files");
  return new RemoteContents({ folder, ...sourceSettings(readConfig(FILE_VARIABLES, env)) });
}
