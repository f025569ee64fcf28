import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition, type TrainerServiceImplementation } from "@sintonia/proto/sintonia/v1/trainer";
import { readDescriptorSet } from "@sintonia/runtime/grpc/descriptor-set";
import { sendPushback } from "@sintonia/runtime/grpc/pushback";
import type { CallerContext } from "@sintonia/runtime/grpc/security/authentication";
import { OPEN_DOORS, type ServerSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { type GrpcServer, service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import type { Logger } from "@sintonia/runtime/logger";
import { serverTracing, TRACED_CALLS } from "@sintonia/runtime/tracing/call-spans";
import type { RecordSpan } from "@sintonia/runtime/tracing/span";
import type { AuditLog } from "../../ports/audit-log.js";
import type { Standing } from "../../shell/leadership/leading.js";
import { accessOf, isHealthCheck } from "./edge/access.js";
import { auditTrail, refusedEntry } from "./edge/audit.js";
import { leaderGate } from "./edge/leader-gate.js";
import { presentService } from "./edge/present-service.js";

/** The implementations of the services in a term of this coordinator. */
export interface TermServices {
  readonly trainer: TrainerServiceImplementation<CallerContext>;
  readonly admin: AdminServiceImplementation<CallerContext>;
}

/** The dependencies of the coordinator's gRPC server. */
interface CoordinatorServerContext {
  readonly standing: () => Standing;
  /** Returns the services of the present term; undefined if the coordinator does not serve. */
  readonly services: () => TermServices | undefined;
  readonly logger: Logger;
  readonly audit: AuditLog;
  /** Receives the spans of calls. @default no traces */
  readonly record?: RecordSpan | undefined;
}

/** Where the server listens, and whom it lets in. */
export interface CoordinatorServerOptions {
  readonly host: string;
  /** 0 stands for any free port. */
  readonly port: number;
  readonly security: ServerSecurity;
  /** Port of the health checks without encryption. Undefined for none. */
  readonly healthPort?: number | undefined;
}

/**
 * Starts the coordinator's gRPC services with health checks and reflection. They are not serving at
 * first. The caller stops the server.
 */
export async function startCoordinatorServer(
  { standing, services, logger, audit, record }: CoordinatorServerContext,
  { security, healthPort, ...address }: CoordinatorServerOptions,
): Promise<GrpcServer> {
  const definitions = [TrainerServiceDefinition, AdminServiceDefinition];
  const server = await startGrpcServer({
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
    doors: { ...security, access: accessOf, onRefused: (call) => audit.record(refusedEntry(call)) },
    middleware: [
      ...(record ? [serverTracing({ ...TRACED_CALLS, record })] : []),
      sendPushback,
      leaderGate(standing),
      auditTrail(audit),
    ],
    reflection: { descriptorSet: readDescriptorSet(), names: definitions.map(({ fullName }) => fullName) },
  });
  if (healthPort === undefined) return server;
  return await withHealthServer(server, { ...address, port: healthPort, logger });
}

/** Adds a server without encryption that has the health checks only. */
async function withHealthServer(
  server: GrpcServer,
  address: { readonly host: string; readonly port: number; readonly logger: Logger },
): Promise<GrpcServer> {
  const doors = { ...OPEN_DOORS, access: (path: string) => (isHealthCheck(path) ? "open" : undefined) } as const;
  const health = await startGrpcServer({ ...address, services: [], doors });
  return {
    port: server.port,
    setHealth: (name, isHealthy) => {
      for (const one of [server, health]) one.setHealth(name, isHealthy);
    },
    setServing: (serving) => {
      for (const one of [server, health]) one.setServing(serving);
    },
    stop: async (graceMs) => {
      await Promise.all([server.stop(graceMs), health.stop(graceMs)]);
    },
  };
}
