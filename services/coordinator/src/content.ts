// The place of artifacts, checkpoints and the files of studies: the state folder, or a store that
// several coordinators share.

import { join } from "node:path";
import type { FileOrigin } from "@sintonia/files/contract/file-source";
import { StudyFiles } from "@sintonia/files/study-files";
import { sourceSettings } from "@sintonia/files/variables";
import { messageOf, UserError } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import type { NatsNames } from "@sintonia/runtime/nats/names";
import type { NatsConnection } from "nats";
import { FilesystemArtifactStore } from "./adapters/filesystem/artifact-store.js";
import { FilesystemCheckpointStore } from "./adapters/filesystem/checkpoint-store.js";
import { EvaluationFiles } from "./adapters/filesystem/evaluation-files.js";
import { FilesystemFileStore } from "./adapters/filesystem/file-store.js";
import { tryWrite } from "./adapters/filesystem/folder-check.js";
import { JetStreamObjects } from "./adapters/nats/content/jetstream-objects.js";
import { ObjectArtifactStore } from "./adapters/objects/artifact-store.js";
import { ObjectCheckpointStore } from "./adapters/objects/checkpoint-store.js";
import { originOf } from "./adapters/objects/file-origin.js";
import { ObjectFileStore } from "./adapters/objects/file-store.js";
import { ObjectInstallation } from "./adapters/objects/installation.js";
import { type Objects, StoreRefusedError } from "./adapters/objects/objects.js";
import { checkObjects } from "./adapters/objects/objects-check.js";
import { S3Objects } from "./adapters/objects/s3/s3-objects.js";
import type { CoordinatorConfig } from "./config.js";
import { StoreUnavailableError } from "./ports/study-log.js";
import type { Room } from "./shell/health/state-folder.js";
import { type InstallationContext, joinInstallation } from "./shell/installation.js";
import type { TermPorts } from "./term.js";

/** A shared store, for a person. */
const KIND = "store of artifacts";

/** The dependencies of the content of all terms. */
interface ContentContext {
  readonly config: CoordinatorConfig;
  readonly nats: NatsConnection;
  readonly names: NatsNames;
  readonly logger: Logger;
  /** Ends requests when aborted. */
  readonly signal: AbortSignal;
  /** The identity of the installation in NATS, and the answer of a person. */
  readonly installation: Omit<InstallationContext, "folder">;
}

/** The stores of one term. */
interface TermContent extends Pick<TermPorts, "artifacts" | "checkpoints" | "files"> {
  readonly evaluation: EvaluationFiles;
}

/** The content of a process. */
export interface Content {
  /** The place that the health watches. */
  readonly room: Room;
  /** Opens the stores of a term. @param signal - ends their work */
  readonly open: (signal: AbortSignal) => Promise<TermContent>;
}

/**
 * Opens the place of the content.
 *
 * @throws {UserError} if a shared store refuses this installation. A store that does not answer is
 *   asked again by each term.
 */
export async function openContent(context: ContentContext): Promise<Content> {
  const { config, nats, names, logger, signal } = context;
  const place = config.artifacts;
  if (place.kind === "folder") return folderContent(context);
  const { s3, proxy } = sourceSettings(config);
  const objects =
    place.kind === "s3" ? new S3Objects({ ...place, s3, proxy, signal }) : new JetStreamObjects(nats, names);
  const content = sharedContent(context, objects);
  try {
    await content.enter();
    logger.info({ store: objects.place }, "artifacts, checkpoints and files are in a shared store");
  } catch (error) {
    if (error instanceof StoreRefusedError) throw new UserError(error.message, { cause: error });
    if (!(error instanceof StoreUnavailableError)) throw error;
    logger.warn({ reason: messageOf(error) }, "store of artifacts does not answer, asked again when a term begins");
  }
  return content;
}

function folderContent({ config, logger }: ContentContext): Content {
  const folderOf = (name: string): string => join(config.stateDir, name);
  return {
    room: { name: "state folder", tryWrite: (bytes) => tryWrite(folderOf("artifacts"), bytes) },
    open: async (signal) => {
      const files = await FilesystemFileStore.open(folderOf("files"));
      const sources = studyFiles(config, { logger, signal });
      return {
        artifacts: await FilesystemArtifactStore.open(folderOf("artifacts")),
        checkpoints: await FilesystemCheckpointStore.open(folderOf("checkpoints")),
        files,
        evaluation: new EvaluationFiles((file) => files.checkedPath(file.sha256), sources, signal),
      };
    },
  };
}

/** Content that can tell at the start whether its store takes this installation. */
interface SharedContent extends Content {
  /** @throws {StoreUnavailableError} */
  readonly enter: () => Promise<void>;
}

function sharedContent({ config, logger, installation }: ContentContext, objects: Objects): SharedContent {
  // Of all terms: a collection of one and an upload of the next must know of each other.
  const artifacts = new ObjectArtifactStore(objects, "artifacts");
  const checkpoints = new ObjectCheckpointStore(new ObjectArtifactStore(objects, "checkpoints"));
  const shared = new ObjectArtifactStore(objects, "files");
  const enter = async (): Promise<void> => {
    await checkObjects(objects, 1);
    const names = { ...installation.names, kind: KIND, folder: objects.place };
    await joinInstallation({ ...installation, names, folder: new ObjectInstallation(objects) });
  };
  const open = async (signal: AbortSignal): Promise<TermContent> => {
    await enter();
    const files = new ObjectFileStore(shared, await FilesystemFileStore.open(join(config.stateDir, "uploads")));
    const sources = studyFiles(config, { logger, signal, coordinator: originOf(files) });
    const evaluation = new EvaluationFiles((file) => sources.fetch(file, signal), sources, signal);
    return { artifacts, checkpoints, files, evaluation };
  };
  const room: Room = { name: KIND, tryWrite: (bytes, isFaulty) => checkObjects(objects, isFaulty ? bytes : 0) };
  return { enter, open, room };
}

/** What the files of this machine depend on. */
interface StudyFilesContext {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The origin of files without a source. @default none */
  readonly coordinator?: FileOrigin;
}

/** Returns the files of this machine. They are given up at the end of the term. */
function studyFiles(config: CoordinatorConfig, { signal, ...context }: StudyFilesContext): StudyFiles {
  const files = new StudyFiles({ folder: join(config.cacheDir, "files"), ...sourceSettings(config), ...context });
  signal.addEventListener("abort", () => files.close(), { once: true });
  return files;
}
