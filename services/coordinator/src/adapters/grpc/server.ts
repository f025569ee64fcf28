import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { readDescriptorSet } from "@sintonia/runtime/grpc/descriptor-set";
import { type GrpcServer, service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import type { Logger } from "@sintonia/runtime/logger";
import { type AdminServiceContext, adminService } from "./admin-service.js";
import { type TrainerServiceContext, trainerService } from "./trainer-service.js";

/** The dependencies of the coordinator's gRPC server. */
interface CoordinatorServerContext extends AdminServiceContext, TrainerServiceContext {
  readonly logger: Logger;
}

/**
 * Starts the coordinator's gRPC services with health checks and reflection. The caller stops the
 * server.
 *
 * @param address - `port` 0 stands for any free port
 */
export async function startCoordinatorServer(
  context: CoordinatorServerContext,
  address: { readonly host: string; readonly port: number },
): Promise<GrpcServer> {
  const definitions = [TrainerServiceDefinition, AdminServiceDefinition];
  const server = await startGrpcServer({
    ...address,
    services: [
      service(TrainerServiceDefinition, trainerService(context)),
      service(AdminServiceDefinition, adminService(context)),
    ],
    logger: context.logger,
    reflection: { descriptorSet: readDescriptorSet(), names: definitions.map(({ fullName }) => fullName) },
  });
  server.setServing(true);
  return server;
}
