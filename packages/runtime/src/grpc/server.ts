import { setMaxListeners } from "node:events";
import type { ChannelOptions } from "@grpc/grpc-js";
import { type CompatServiceDefinition, createServer, type Server, type ServiceImplementation } from "nice-grpc";
import { type CallContext, type ServerMiddleware, Status } from "nice-grpc-common";
import { HealthDefinition, HealthServiceImpl, HealthState } from "nice-grpc-server-health";
import { ServerReflection, ServerReflectionService } from "nice-grpc-server-reflection";
import { eitherOf } from "../either-signal.js";
import { messageOf, UserError } from "../errors.js";
import type { Logger } from "../logger.js";
import { callLog } from "./call-log.js";
import { type CallInside, insideCaller } from "./inside/inside-calls.js";
import { refusal, sendDetails } from "./refusal/refusal.js";
import { type CallerContext, callerMiddleware, type Doors, doorkeeper } from "./security/authentication.js";
import type { ServerSecurity } from "./security/server-security.js";

/** Upper limit of a received message, in bytes. Artifacts arrive in chunks of at most 256 KiB. */
const MESSAGE_MAX_BYTES = 4 * 1024 * 1024;

/** The server detects a client that ended without closing its connection after at most 30 s. */
const SERVER_OPTIONS: ChannelOptions = {
  // Calls at once on one connection; a client has a watch for each study, and a few calls.
  "grpc.max_concurrent_streams": 1_000,
  "grpc.max_receive_message_length": MESSAGE_MAX_BYTES,
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // Statistics of every call and connection, which nothing reads.
  "grpc.enable_channelz": 0,
};

/** Time for the status of calls that the end of the server ends, in milliseconds. */
const LAST_STATUS_MS = 1_000;

/** A service definition and its implementation. `service()` checks that both have one type. */
export interface Service {
  readonly definition: CompatServiceDefinition;
  readonly implementation: unknown;
}

/** Pairs a generated definition with an implementation of the same service. */
export function service<D extends CompatServiceDefinition>(
  definition: D,
  implementation: ServiceImplementation<D, CallerContext>,
): Service {
  return { definition, implementation };
}

/** The encryption of a server, and who may call what. */
export type ServerDoors = Doors & Pick<ServerSecurity, "credentials">;

/** The configuration of a gRPC server. */
export interface GrpcServerOptions {
  /** Address to listen on, a name or an IP address; "0.0.0.0" for all IPv4 addresses. */
  readonly host: string;
  /** Port to listen on; 0 selects a free port. */
  readonly port: number;
  readonly services: readonly Service[];
  readonly logger: Logger;
  /**
   * Descriptors, and full service names such as "sintonia.v1.AdminService", for the reflection
   * service. Without them the server has no reflection service.
   */
  readonly reflection?: { readonly descriptorSet: Buffer; readonly names: readonly string[] };
  /** Encryption, and who may call what. */
  readonly doors: ServerDoors;
  /**
   * Middleware of every call whose caller may make it, the first one outermost. Health checks pass
   * through them too.
   * @default none
   */
  readonly middleware?: readonly ServerMiddleware<object, CallerContext>[];
}

/**
 * Name of the health of the process itself, for probes that restart it. The process is alive even
 * while it cannot serve.
 */
export const LIVENESS = "liveness";

/** A listening gRPC server. */
export interface GrpcServer {
  readonly port: number;
  /** Makes a call from within the process, as if it had come from the network. */
  readonly call: CallInside;
  /**
   * Sets the health of the server and of each service. Initially they are not serving. The health
   * LIVENESS does not depend on it.
   */
  setServing(serving: boolean): void;
  /** Sets a health of another name, which says something about the process for a person. */
  setHealth(name: string, isHealthy: boolean): void;
  /**
   * Refuses new calls, waits up to `graceMs` for the pending calls, then ends them as UNAVAILABLE.
   */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a gRPC server. It has a health service and an optional reflection
 * service.
 *
 * @throws {UserError} if it cannot listen on the address
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const health = HealthState();
  const names = ["", ...options.services.map(({ definition }) => fullName(definition))];
  const setServing = (serving: boolean): void => {
    for (const name of names) health.setStatus(serving ? "healthy" : "unhealthy", name);
  };
  setServing(false);
  health.setStatus("healthy", LIVENESS);
  const ending = new AbortController();
  // Every call listens, so that their number is no sign of a leak.
  setMaxListeners(0, ending.signal);
  const middleware = middlewareOf(options, ending.signal);
  const server = assemble(options, HealthServiceImpl(health), middleware);
  const port = await listen(server, options);
  const tls = options.doors.credentials !== undefined;
  options.logger.info({ host: options.host, port, tls }, "grpc server listens");
  return {
    port,
    call: insideCaller({ ...options, middleware }),
    setServing,
    setHealth: (name, isHealthy) => health.setStatus(isHealthy ? "healthy" : "unhealthy", name),
    stop: async (graceMs) => {
      setServing(false);
      health.setStatus("unhealthy", LIVENESS);
      await stop(server, ending, graceMs);
    },
  };
}

/** Returns what every call passes behind the doors, the first one outermost. */
function middlewareOf({ logger, middleware = [] }: GrpcServerOptions, ending: AbortSignal) {
  const own = [sendDetails, endCalls(ending), callLog(logger), callerMiddleware];
  // The type would have to say that each finds in the context what those before it have added.
  return [...own, ...middleware] as unknown as readonly ServerMiddleware[];
}

function assemble(options: GrpcServerOptions, health: HealthServiceImpl, middleware: readonly ServerMiddleware[]) {
  const interceptors = [doorkeeper(options.doors)];
  // The type of the options does not name the interceptors, which grpc-js takes from them.
  const settings = { ...SERVER_OPTIONS, interceptors } as unknown as ChannelOptions;
  const server = middleware.reduce((used, each) => used.use(each), createServer(settings));
  for (const { definition, implementation } of options.services) {
    server.add(definition, implementation as ServiceImplementation<CompatServiceDefinition>);
  }
  server.add(HealthDefinition, health);
  if (options.reflection) {
    const { descriptorSet, names } = options.reflection;
    server.add(ServerReflectionService, ServerReflection(descriptorSet, names));
  }
  return server;
}

function fullName(definition: CompatServiceDefinition): string {
  return "fullName" in definition && typeof definition.fullName === "string" ? definition.fullName : "";
}

async function listen(server: Pick<Server, "listen">, { host, port, doors }: GrpcServerOptions): Promise<number> {
  const address = addressOf(host, port);
  try {
    return await server.listen(address, doors.credentials);
  } catch (error) {
    throw new UserError(`cannot listen on ${address}: ${explain(error)}`, { cause: error });
  }
}

/** Returns "host:port". An IPv6 address gets brackets, unless it has them. */
export function addressOf(host: string, port: number): string {
  return `${/^[^[].*:/.test(host) ? `[${host}]` : host}:${port}`;
}

function explain(error: unknown): string {
  const message = messageOf(error);
  if (message.includes("EADDRINUSE")) return "the port is in use; choose another port or end the process that uses it";
  if (message.includes("EACCES")) return "no permission; choose a port above 1023";
  if (message.includes("EADDRNOTAVAIL")) return "this machine does not have the address";
  return message;
}

/**
 * Returns a middleware that ends calls when the server ends. grpc-js alone waits for the clients,
 * which find out with their keepalive.
 */
function endCalls(ending: AbortSignal): ServerMiddleware {
  return async function* endWithServer(call, context: CallContext) {
    const { signal, release } = eitherOf(context.signal, ending);
    const check = (): void => {
      if (ending.aborted) throw refusal(Status.UNAVAILABLE, "The server ends.", { reason: "SERVER_ENDING" });
    };
    try {
      const response = yield* call.next(call.request, { ...context, signal });
      if (call.responseStream) check();
      return response;
    } catch (error) {
      check();
      throw error;
    } finally {
      release();
    }
  };
}

async function stop(
  server: Pick<Server, "shutdown" | "forceShutdown">,
  ending: AbortController,
  graceMs: number,
): Promise<void> {
  const timers = [
    setTimeout(() => ending.abort(), graceMs),
    setTimeout(() => server.forceShutdown(), graceMs + LAST_STATUS_MS),
  ];
  try {
    await server.shutdown();
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
