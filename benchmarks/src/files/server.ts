// A coordinator's calls for files in a process of their own. Sends its port to the parent, and its
// largest memory when the parent asks.

import { FilesystemFileStore } from "@sintonia/coordinator/adapters/filesystem/file-store";
import { adminService } from "@sintonia/coordinator/adapters/grpc/admin-service";
import { trainerService } from "@sintonia/coordinator/adapters/grpc/trainer-service";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { OPEN_DOORS } from "@sintonia/runtime/grpc/security/server-security";
import { service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import { createLogger } from "@sintonia/runtime/logger";
import { PeakMemory } from "./peak-memory.js";

// The calls for files need nothing else.
const context = { files: await FilesystemFileStore.open(process.argv[2] ?? "files") } as never;
const { port } = await startGrpcServer({
  host: "127.0.0.1",
  port: 0,
  services: [
    service(AdminServiceDefinition, adminService(context)),
    service(TrainerServiceDefinition, trainerService(context)),
  ],
  logger: createLogger({ service: "files", instance: "benchmark", level: "silent" }),
  doors: OPEN_DOORS,
});
const memory = new PeakMemory();
process.on("message", () => process.send?.({ growthMb: memory.take() }));
process.on("disconnect", () => process.exit(0));
process.send?.({ port });
