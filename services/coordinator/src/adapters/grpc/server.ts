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
import { decodeMessages, encodedDefinition } from "./forwarding/encoded-messages.js";
import { forwardCalls } from "./forwarding/forward-calls.js";
import { LeaderLink, type LinkSecurity } from "./forwarding/leader-link.js";

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
  /** Security of the calls to the leader. @default calls without encryption */
  readonly link?: LinkSecurity | undefined;
}

/** The coordinator's gRPC server. */
export interface CoordinatorServer extends GrpcServer {
  /** Ends the calls that were forwarded to any other leader. @param leader - "host:port" */
  setLeader(leader: string | undefined): void;
}

const DEFINITIONS = [TrainerServiceDefinition, AdminServiceDefinition] as const;

/**
 * Starts the coordinator's gRPC services with health checks and reflection. They are not serving at
 * first. The caller stops the server.
 */
export async function startCoordinatorServer(
  { standing, services, logger, audit, record }: CoordinatorServerContext,
  { security, healthPort, link: linkSecurity = {}, ...address }: CoordinatorServerOptions,
): Promise<CoordinatorServer> {
  const link = new LeaderLink(DEFINITIONS, linkSecurity);
  const server = await startGrpcServer({
    ...address,
    services: [
      service(
        encodedDefinition(TrainerServiceDefinition),
        presentService(TrainerServiceDefinition, () => services()?.trainer),
      ),
      service(
        encodedDefinition(AdminServiceDefinition),
        presentService(AdminServiceDefinition, () => services()?.admin),
      ),
    ],
    logger,
    doors: { ...security, access: accessOf, onRefused: (call) => audit.record(refusedEntry(call)) },
    middleware: [
      forwardCalls(standing, link),
      ...(record ? [serverTracing({ ...TRACED_CALLS, record })] : []),
      sendPushback,
      decodeMessages(DEFINITIONS),
      leaderGate(standing),
      auditTrail(audit),
    ],
    reflection: { descriptorSet: readDescriptorSet(), names: DEFINITIONS.map(({ fullName }) => fullName) },
  });
  const linked = withLink(server, link);
  if (healthPort === undefined) return linked;
  return await withHealthServer(linked, { ...address, port: healthPort, logger });
}

/** Adds the connection to the leader, which ends with the server. */
function withLink(server: GrpcServer, link: LeaderLink): CoordinatorServer {
  return {
    ...server,
    setLeader: (leader) => link.turnTo(leader),
    stop: async (graceMs) => {
      await server.stop(graceMs);
      link.turnTo(undefined);
    },
  };
}

/** Adds a server without encryption that has the health checks only. */
async function withHealthServer(
  server: CoordinatorServer,
  address: { readonly host: string; readonly port: number; readonly logger: Logger },
): Promise<CoordinatorServer> {
  const doors = { ...OPEN_DOORS, access: (path: string) => (isHealthCheck(path) ? "open" : undefined) } as const;
  const health = await startGrpcServer({ ...address, services: [], doors });
  return {
    ...server,
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
