import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition, type TrainerServiceImplementation } from "@sintonia/proto/sintonia/v1/trainer";
import { readDescriptorSet } from "@sintonia/runtime/grpc/descriptor-set";
import { type GrpcServer, service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import type { Logger } from "@sintonia/runtime/logger";
import type { Standing } from "../../shell/leadership/leading.js";
import { leaderGate } from "./edge/leader-gate.js";
import { presentService } from "./edge/present-service.js";

/** The implementations of the services in a term of this coordinator. */
export interface TermServices {
  readonly trainer: TrainerServiceImplementation;
  readonly admin: AdminServiceImplementation;
}

/** The dependencies of the coordinator's gRPC server. */
interface CoordinatorServerContext {
  readonly standing: () => Standing;
  /** Returns the services of the present term; undefined if the coordinator does not serve. */
  readonly services: () => TermServices | undefined;
  readonly logger: Logger;
}

/**
 * Starts the coordinator's gRPC services with health checks and reflection. They are not serving at
 * first. The caller stops the server.
 *
 * @param address - `port` 0 stands for any free port
 */
export async function startCoordinatorServer(
  { standing, services, logger }: CoordinatorServerContext,
  address: { readonly host: string; readonly port: number },
): Promise<GrpcServer> {
  const definitions = [TrainerServiceDefinition, AdminServiceDefinition];
  return await startGrpcServer({
    ...address,
    services: [
      service(
        TrainerServiceDefinition,
        presentService(TrainerServiceDefinition, () => services()?.trainer),
      ),
      service(
        AdminServiceDefinition,
        presentService(AdminServiceDefinition, () => services()?.admin),
      ),
    ],
    logger,
    middleware: [leaderGate(standing)],
    reflection: { descriptorSet: readDescriptorSet(), names: definitions.map(({ fullName }) => fullName) },
  });
}
