import { FilesystemArtifactStore } from "@sintonia/coordinator/adapters/filesystem/artifact-store";
import { StudyCopies } from "@sintonia/coordinator/adapters/filesystem/logs/study-archive";
import { FilesystemOutputStore } from "@sintonia/coordinator/adapters/filesystem/output/output-store";
import { studyReading } from "@sintonia/coordinator/adapters/grpc/reading/study-reading";
import { inlineTasks } from "@sintonia/coordinator/adapters/threads/inline-tasks";
import { StudyArchive } from "@sintonia/coordinator/shell/archive";
import { TrialOutputs } from "@sintonia/coordinator/shell/output/trial-outputs";
import { type AdminServiceClient, AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";

/** The folders of studies that no coordinator runs. */
interface ArchiveFolders {
  /** Folder with copies of the studies' logs. */
  readonly copies: string;
  /** Folder with the artifacts of the coordinator that ran the studies. */
  readonly artifacts: string;
  /** Folder with the output of trials of the same coordinator. */
  readonly outputs: string;
}

/**
 * Opens studies whose logs were copied into a folder. The client answers every reading call as a
 * coordinator would that has the same log, and needs no process and no network.
 */
export async function openArchivedStudies({ copies, artifacts, outputs }: ArchiveFolders): Promise<AdminServiceClient> {
  const studies = await StudyArchive.open({ log: new StudyCopies(copies), oracles: inlineTasks });
  const reading = studyReading({
    studies,
    artifacts: FilesystemArtifactStore.forReading(artifacts),
    outputs: new TrialOutputs(new FilesystemOutputStore(outputs), studies),
  });
  return inProcessClient<AdminServiceClient>(AdminServiceDefinition, reading);
}
