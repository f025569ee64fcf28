import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutCoordinator } from "@sintonia/runtime/grpc/security/client-security";
import { withoutServerSecurity } from "@sintonia/runtime/grpc/security/server-security";
import type { NatsRole } from "@sintonia/runtime/nats/names";
import { withoutNats } from "@sintonia/runtime/nats/variables";
import type { Program } from "../system/process/child-process.js";
import type { ClusterCredentials } from "./credentials.js";

/** Settings that the coordinator and the trainers of a run share. Every path is absolute. */
export interface ServiceSettings {
  readonly natsUrl: string;
  /** True if NATS is a server of the user, for which the environment may have a login. */
  readonly isNatsExternal: boolean;
  /** Loopback port of the coordinator's gRPC server. */
  readonly grpcPort: number;
  /** Loopback port of the live page. Undefined for no page. */
  readonly pagePort: number | undefined;
  readonly stateDir: string;
  readonly logsDir: string;
  readonly cacheDir: string;
  /** Folder with data sets, if the user named one. */
  readonly dataDir: string | undefined;
  /** Training engine, if the user named one; the services' own default otherwise. */
  readonly engine: string | undefined;
  readonly verbose: boolean;
  /** Files with the credentials of the run. */
  readonly credentials: Pick<ClusterCredentials, "tokens" | "tokenOf" | "natsSeedOf">;
}

const HOST = "127.0.0.1";
/**
 * One V8 worker thread: with the default four, garbage collection takes CPU time from the
 * coordinator's event loop. A young generation of 32 MB instead of 16: the state of a trial lives
 * from one epoch to the next, and under load becomes garbage before a collection promotes it. An
 * old generation that is collected at 2.5 times its last size instead of up to four times: every
 * call leaves garbage there.
 */
const COORDINATOR_NODE_OPTIONS = ["--v8-pool-size=1", "--max-semi-space-size=16", "--heap-growing-percent=150"];

/** Returns the address of the run's coordinator, "host:port". */
export function coordinatorAddress(settings: ServiceSettings): string {
  return `${HOST}:${settings.grpcPort}`;
}

/** Returns the address of the run's live page, "http://host:port"; undefined without one. */
export function pageAddress({ pagePort }: Pick<ServiceSettings, "pagePort">): string | undefined {
  return pagePort === undefined ? undefined : `http://${HOST}:${pagePort}`;
}

/** Returns the program that starts the coordinator. */
export function coordinatorProgram(settings: ServiceSettings): Program {
  const program = serviceProgram("coordinator", "@sintonia/coordinator/main", settings, {
    SINTONIA_GRPC_HOST: HOST,
    SINTONIA_GRPC_PORT: String(settings.grpcPort),
    SINTONIA_STATE_DIR: settings.stateDir,
    SINTONIA_PAGE_ADDRESS: settings.pagePort === undefined ? "" : `${HOST}:${settings.pagePort}`,
    // Only this machine reaches the page, as the gRPC port.
    SINTONIA_PAGE_TLS: "",
    // The run restarts its coordinator only after the end of the one before.
    SINTONIA_LEADER_IDENTITY: `run ${settings.stateDir}`,
    // No TLS, since only this machine reaches the port. Tokens, since its other users do too.
    SINTONIA_GRPC_SECURITY: "development",
    SINTONIA_GRPC_TOKENS_FILE: settings.credentials.tokens,
    // A run's own server has lost its store at most. The folder then gives the study back.
    SINTONIA_ADOPT_NATS: String(!settings.isNatsExternal),
    ...natsLogin(settings, "coordinator"),
    // The user names this server, and no other program makes studies in a run.
    ...(settings.isNatsExternal ? { SINTONIA_NATS_SECURITY: process.env["SINTONIA_NATS_SECURITY"] || "insecure" } : {}),
  });
  return { ...program, args: [...COORDINATOR_NODE_OPTIONS, ...program.args] };
}

/** Returns the name of a trainer. @param number - counted from 1 */
export function trainerName(number: number): string {
  return `trainer-${number}`;
}

/**
 * Returns the program that starts a trainer. Each trainer has one engine thread, because trials in
 * parallel use the cores better than threads inside one trial.
 *
 * @param number - counted from 1
 */
export function trainerProgram(settings: ServiceSettings, number: number): Program {
  const name = trainerName(number);
  return serviceProgram(name, "@sintonia/trainer/main", settings, {
    SINTONIA_COORDINATOR_ADDRESS: coordinatorAddress(settings),
    SINTONIA_COORDINATOR_TOKEN_FILE: settings.credentials.tokenOf(name),
    SINTONIA_TRAINER_NAME: name,
    ...natsLogin(settings, "trainer"),
    SINTONIA_ENGINE_THREADS: "1",
    // The run downloads the data set before it starts a trainer.
    SINTONIA_ALLOW_DOWNLOAD: "false",
    // The user of the run wrote its programs.
    SINTONIA_ALLOW_PROGRAMS: "true",
    // The address of the environment is the coordinator's: it has room for one process.
    SINTONIA_METRICS_ADDRESS: "",
    // The default, which fits into the time that the run gives its processes to end.
    SINTONIA_DRAIN_MS: "",
  });
}

function serviceProgram(name: string, main: string, settings: ServiceSettings, env: NodeJS.ProcessEnv): Program {
  const logPath = join(settings.logsDir, `${name}.log`);
  return {
    name,
    command: process.execPath,
    args: ["--enable-source-maps", fileURLToPath(import.meta.resolve(main))],
    env: { ...inherited(settings), ...commonEnvironment(settings), ...env },
    logPath,
  };
}

/**
 * Returns the environment of the user without what is meant for another coordinator. A NATS server
 * that the run starts knows no login but its own.
 */
function inherited({ isNatsExternal }: ServiceSettings): NodeJS.ProcessEnv {
  const env = withoutServerSecurity(withoutCoordinator(process.env));
  return isNatsExternal ? env : withoutNats(env);
}

/** Returns the login at a server that the run starts. A server of the user has its own. */
function natsLogin({ isNatsExternal, credentials }: ServiceSettings, role: NatsRole): NodeJS.ProcessEnv {
  return isNatsExternal ? {} : { SINTONIA_NATS_NKEY_FILE: credentials.natsSeedOf(role) };
}

function commonEnvironment({ natsUrl, cacheDir, dataDir, engine, verbose }: ServiceSettings): NodeJS.ProcessEnv {
  return {
    SINTONIA_NATS_URL: natsUrl,
    SINTONIA_CACHE_DIR: cacheDir,
    // The user of the run may read these files anyway.
    SINTONIA_FILE_ROOTS: process.env["SINTONIA_FILE_ROOTS"] || "/",
    SINTONIA_PARENT_WATCH: "stdin",
    // ONNX Runtime's builds send telemetry unless this is set.
    ORT_DISABLE_TELEMETRY: "1",
    SINTONIA_LOG_LEVEL: verbose ? "debug" : "info",
    ...(verbose ? { SINTONIA_VERBOSE: "1" } : {}),
    ...(dataDir === undefined ? {} : { SINTONIA_DATA_DIR: dataDir }),
    ...(engine === undefined ? {} : { SINTONIA_ENGINE: engine }),
  };
}
