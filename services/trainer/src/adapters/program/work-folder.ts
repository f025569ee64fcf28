import { chmod, chown, constants, copyFile, lchown, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Values } from "@sintonia/program/command/values";
import { type ExecutionFolder, makeFolder, type ProgramUser, pathsOf } from "@sintonia/program/folder/execution-folder";
import type { StoredFile } from "@sintonia/tuning/plan/file/stored-file";
import type { LocalFiles } from "../process/fetched-training.js";

/**
 * The folder of one trial: that of the present execution, and the artifacts of the best one before.
 */
export class WorkFolder {
  readonly root: string;
  readonly #user: ProgramUser | undefined;

  constructor(root: string, user: ProgramUser | undefined) {
    this.root = root;
    this.#user = user;
  }

  /** The folders of a checkpoint of the present execution. */
  get stored(): { readonly checkpoint: string; readonly artifacts: string; readonly best: string } {
    const { checkpoint, artifacts } = this.#paths;
    return { checkpoint, artifacts, best: join(this.root, "best") };
  }

  get #paths(): ExecutionFolder {
    return pathsOf(join(this.root, "execution"));
  }

  /** Makes the folders that a checkpoint is unpacked into. */
  async make(): Promise<void> {
    for (const folder of Object.values(this.stored)) await mkdir(folder, { recursive: true });
    await chmod(this.root, 0o711);
  }

  /** Makes the folder of an execution, with copies of the program's files. */
  async makeExecution(
    values: Values,
    files: Readonly<Record<string, StoredFile>>,
    local: LocalFiles,
  ): Promise<ExecutionFolder> {
    const { root } = this.#paths;
    const folder = await makeFolder(root, values, this.#user);
    for (const [path, { executable = false }] of Object.entries(files)) {
      const target = join(folder.work, path);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(local[path] as string, target, constants.COPYFILE_FICLONE);
      await chmod(target, executable ? 0o755 : 0o644);
    }
    if (this.#user !== undefined) await own(root, this.#user, folder.control);
    return folder;
  }

  /** Keeps the artifacts of the execution that has ended as those of the trial. */
  async keepArtifacts(): Promise<void> {
    const { artifacts, best } = this.stored;
    await rm(best, { recursive: true, force: true });
    // Ignored: a program that deletes its folder has no artifacts.
    await rename(artifacts, best).catch(() => {});
  }

  /** Deletes what the execution left, so that the next one begins in an empty folder. */
  async endExecution(): Promise<void> {
    await rm(this.#paths.root, { recursive: true, force: true, maxRetries: 3 });
    await this.make();
  }

  /** Deletes the folder of the trial. */
  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Gives a folder and what is below it to a user, without following links. */
async function own(folder: string, user: ProgramUser, except: string): Promise<void> {
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === except) continue;
    if (entry.isDirectory()) await own(path, user, except);
    else await lchown(path, user.uid, user.gid);
  }
}
