import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Program } from "../system/process/child-process.js";

/** What the services of a run have in common. Every path is absolute. */
export interface ServiceSettings {
  readonly natsUrl: string;
  /** Loopback port of the coordinator's gRPC server. */
  readonly grpcPort: number;
  readonly stateDir: string;
  readonly logsDir: string;
  readonly cacheDir: string;
  /** Folder with data sets that the user named. */
  readonly dataDir: string | undefined;
  /** Engine that the user named; the services' own choice if absent. */
  readonly engine: string | undefined;
  readonly verbose: boolean;
}

const HOST = "127.0.0.1";
/** V8's four threads for collecting garbage would keep the coordinator's event loop from its core, where cores are few. */
const COORDINATOR_NODE_OPTIONS = ["--v8-pool-size=1"];

/** Where the run's coordinator answers, as "host:port". */
export function coordinatorAddress(settings: ServiceSettings): string {
  return `${HOST}:${settings.grpcPort}`;
}

/** How to start the coordinator. */
export function coordinatorProgram(settings: ServiceSettings): Program {
  const program = serviceProgram("coordinator", "@sintonia/coordinator/main", settings, {
    SINTONIA_GRPC_HOST: HOST,
    SINTONIA_GRPC_PORT: String(settings.grpcPort),
    SINTONIA_STATE_DIR: settings.stateDir,
  });
  return { ...program, args: [...COORDINATOR_NODE_OPTIONS, ...program.args] };
}

/** How to start one trainer; `number` counts from 1. Parallel trials beat parallel kernels, so each has one thread. */
export function trainerProgram(settings: ServiceSettings, number: number): Program {
  const name = `trainer-${number}`;
  return serviceProgram(name, "@sintonia/trainer/main", settings, {
    SINTONIA_COORDINATOR_ADDRESS: coordinatorAddress(settings),
    SINTONIA_TRAINER_NAME: name,
    SINTONIA_ENGINE_THREADS: "1",
    // The run has the data set fetched before it starts a trainer.
    SINTONIA_ALLOW_DOWNLOAD: "false",
  });
}

function serviceProgram(name: string, main: string, settings: ServiceSettings, env: NodeJS.ProcessEnv): Program {
  const logPath = join(settings.logsDir, `${name}.log`);
  return {
    name,
    command: process.execPath,
    args: ["--enable-source-maps", fileURLToPath(import.meta.resolve(main))],
    env: { ...process.env, ...commonEnvironment(settings), ...env },
    logPath,
  };
}

function commonEnvironment({ natsUrl, cacheDir, dataDir, engine, verbose }: ServiceSettings): NodeJS.ProcessEnv {
  return {
    SINTONIA_NATS_URL: natsUrl,
    SINTONIA_CACHE_DIR: cacheDir,
    SINTONIA_PARENT_WATCH: "stdin",
    // ONNX Runtime's builds report their use unless told not to.
    ORT_DISABLE_TELEMETRY: "1",
    SINTONIA_LOG_LEVEL: verbose ? "debug" : "info",
    ...(verbose ? { SINTONIA_VERBOSE: "1" } : {}),
    ...(dataDir === undefined ? {} : { SINTONIA_DATA_DIR: dataDir }),
    ...(engine === undefined ? {} : { SINTONIA_ENGINE: engine }),
  };
}
