import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Values } from "../command/values.js";

/** A user and a group by their numbers. */
export interface ProgramUser {
  readonly uid: number;
  readonly gid: number;
}

/** The folders and files of one execution, as absolute paths. */
export interface ExecutionFolder {
  readonly root: string;
  /** Working folder of the program, with the files of the study. */
  readonly work: string;
  readonly checkpoint: string;
  readonly artifacts: string;
  /** Folder of the trainer alone. */
  readonly control: string;
  readonly valuesFile: string;
  readonly reportFile: string;
}

/** Returns the paths below the folder of an execution. */
export function pathsOf(root: string): ExecutionFolder {
  return {
    root,
    work: join(root, "work"),
    checkpoint: join(root, "checkpoint"),
    artifacts: join(root, "artifacts"),
    control: join(root, "control"),
    valuesFile: join(root, "values.json"),
    reportFile: join(root, "report.jsonl"),
  };
}

/** Makes the folders and files of an execution that belong to the program's user. */
export async function makeFolder(
  root: string,
  values: Values,
  user: ProgramUser | undefined,
): Promise<ExecutionFolder> {
  const paths = pathsOf(root);
  for (const path of [root, paths.work, paths.checkpoint, paths.artifacts]) await mkdir(path, { recursive: true });
  await mkdir(paths.control, { recursive: true, mode: 0o700 });
  await writeFile(paths.valuesFile, JSON.stringify(values));
  await writeFile(paths.reportFile, "");
  if (user === undefined) return paths;
  for (const path of [root, paths.work, paths.checkpoint, paths.artifacts, paths.valuesFile, paths.reportFile]) {
    await chown(path, user.uid, user.gid);
  }
  return paths;
}
