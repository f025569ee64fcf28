import { MemoryArtifactStore } from "@sintonia/coordinator/adapters/memory/artifact-store";
import { MemoryAssignmentQueue } from "@sintonia/coordinator/adapters/memory/assignment-queue";
import { MemoryCheckpointStore } from "@sintonia/coordinator/adapters/memory/checkpoint-store";
import { MemoryCordonStore } from "@sintonia/coordinator/adapters/memory/cordon-store";
import { MemoryFileStore } from "@sintonia/coordinator/adapters/memory/file-store";
import { MemoryLeadershipStore } from "@sintonia/coordinator/adapters/memory/leadership-store";
import { MemoryOutputStore } from "@sintonia/coordinator/adapters/memory/output-store";
import { MemoryStudyLog } from "@sintonia/coordinator/adapters/memory/study-log";
import { MemoryAssignmentSource } from "@sintonia/trainer/adapters/memory/assignment-source";
import { artifactStoreContract } from "./artifact-store.js";
import { assignmentsContract } from "./assignments.js";
import { checkpointStoreContract } from "./checkpoint-store.js";
import { cordonStoreContract } from "./coordinators/cordon-store.js";
import { leadershipStoreContract } from "./coordinators/leadership-store.js";
import { fileStoreContract } from "./file-store.js";
import { outputStoreContract } from "./output-store.js";
import { studyLogContract } from "./study-log.js";

const nothingToClose = async (): Promise<void> => undefined;

studyLogContract("memory", async () => {
  const log = new MemoryStudyLog();
  return {
    log,
    other: log,
    outage: async () => {
      log.setAvailable(false);
      return async () => log.setAvailable(true);
    },
    loseAnswer: async () => {
      log.loseNextAnswer();
      return nothingToClose;
    },
    close: nothingToClose,
  };
});

assignmentsContract("memory", async () => {
  const source = new MemoryAssignmentSource();
  return {
    queue: new MemoryAssignmentQueue(source),
    sources: [source, source],
    restart: nothingToClose,
    close: nothingToClose,
  };
});

artifactStoreContract("memory", async () => ({ store: new MemoryArtifactStore(), close: nothingToClose }));

checkpointStoreContract("memory", async () => ({ store: new MemoryCheckpointStore(), close: nothingToClose }));

fileStoreContract("memory", async () => ({ store: new MemoryFileStore(), close: nothingToClose }));

cordonStoreContract("memory", async () => {
  const store = new MemoryCordonStore();
  return { store, other: store, close: nothingToClose };
});

leadershipStoreContract("memory", async () => {
  const store = new MemoryLeadershipStore();
  return { store, other: store, close: nothingToClose };
});

outputStoreContract("memory", async () => ({ store: new MemoryOutputStore(), close: nothingToClose }));
