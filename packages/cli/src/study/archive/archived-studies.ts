import { FilesystemArtifactStore } from "@sintonia/coordinator/adapters/filesystem/artifact-store";
import { StudyCopies } from "@sintonia/coordinator/adapters/filesystem/study-archive";
import { studyReading } from "@sintonia/coordinator/adapters/grpc/study-reading";
import { inlineTasks } from "@sintonia/coordinator/adapters/threads/inline-tasks";
import { StudyArchive } from "@sintonia/coordinator/shell/archive";
import { type AdminServiceClient, AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";

/** The folders of studies that no coordinator runs. */
interface ArchiveFolders {
  /** Folder with copies of the studies' logs. */
  readonly copies: string;
  /** Folder with the artifacts of the coordinator that ran the studies. */
  readonly artifacts: string;
}

/**
 * Opens studies whose logs were copied into a folder. The client answers every reading call as a
 * coordinator would that has the same log, and needs no process and no network.
 */
export async function openArchivedStudies({ copies, artifacts }: ArchiveFolders): Promise<AdminServiceClient> {
  const studies = await StudyArchive.open({ log: new StudyCopies(copies), oracles: inlineTasks });
  const reading = studyReading({ studies, artifacts: FilesystemArtifactStore.forReading(artifacts) });
  return inProcessClient<AdminServiceClient>(AdminServiceDefinition, reading);
}
