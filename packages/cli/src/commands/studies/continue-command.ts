import { join, resolve } from "node:path";
import { RunFolder } from "../../run/folder/run-folder.js";

/** Returns the command that continues the interrupted run of a folder. */
export function continueCommand(dir: string): string {
  const folder = new RunFolder(resolve(dir));
  if (folder.readMarker()?.kind === "reproduction") return `sintonia reproduce --dir ${dir}`;
  return `sintonia run ${join(dir, "spec.json")} --dir ${dir}`;
}
