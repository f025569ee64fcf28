// The trainer's environment variables. No other file reads them.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { FILE_VARIABLES, withoutLogins } from "@sintonia/files/variables";
import { TRAINER_ID } from "@sintonia/protocol/names";
import {
  type Config,
  flag,
  integerBetween,
  isVerbose,
  type Kind,
  oneOf,
  readConfig,
  text,
} from "@sintonia/runtime/config";
import { CLIENT_SECURITY_VARIABLES, withoutCoordinator } from "@sintonia/runtime/grpc/security/client-security";
import { LOG_LEVELS } from "@sintonia/runtime/logger";
import { METRICS_VARIABLES } from "@sintonia/runtime/metrics/variables";
import { NATS_VARIABLES, withoutNats } from "@sintonia/runtime/nats/variables";
import { TRACING_VARIABLES } from "@sintonia/runtime/tracing/variables";
import { ENGINE_NAMES } from "@sintonia/training/engine/contract/engine";
import { FLAVOUR_EXPECTED, isFlavour } from "@sintonia/tuning/spec/resources";
import { z } from "zod";
import { SLOTS_MAX, type TrialsAtOnce } from "./core/device/device.js";

/**
 * Length limit of a trainer's name. Its id is the name and a random part, and has at most 128
 * characters.
 */
const NAME_MAX_LENGTH = 100;

const name = {
  schema: z
    .string()
    .max(NAME_MAX_LENGTH)
    .refine((text) => TRAINER_ID.parse(text) !== undefined),
  accepts: `1 to ${NAME_MAX_LENGTH} printable characters`,
};

/** Every variable of the trainer. An empty variable counts as unset. */
export const VARIABLES = {
  ...NATS_VARIABLES,
  coordinatorAddress: {
    name: "SINTONIA_COORDINATOR_ADDRESS",
    doc: "address of the coordinator's gRPC services; if several coordinators elect a leader, those of all",
    default: "127.0.0.1:7230",
    ...text("host:port, several with commas between them"),
  },
  ...CLIENT_SECURITY_VARIABLES,
  trainerName: {
    name: "SINTONIA_TRAINER_NAME",
    doc: "first part of the trainer's id, which ends with random digits; the host's name if unset",
    optional: true,
    ...name,
  },
  flavour: {
    name: "SINTONIA_FLAVOUR",
    doc: "kind of this trainer's machine, which studies ask for as resources.flavour; none if unset",
    optional: true,
    schema: z.string().refine(isFlavour),
    accepts: FLAVOUR_EXPECTED,
  },
  engine: { name: "SINTONIA_ENGINE", doc: "engine to train with", default: "onnx", ...oneOf(ENGINE_NAMES) },
  engineThreads: {
    name: "SINTONIA_ENGINE_THREADS",
    doc: "threads of one operation on the CPU; only 1 reproduces results bit for bit",
    default: "1",
    ...integerBetween(1, 1024),
  },
  gpuDevice: {
    name: "SINTONIA_GPU_DEVICE",
    doc: "GPU to train on, as CUDA_VISIBLE_DEVICES names it; if unset, the GPUs that the process has",
    optional: true,
    ...text("an index, a UUID, or the name of a MIG instance"),
  },
  gpuMemoryGrowth: {
    name: "SINTONIA_GPU_MEMORY_GROWTH",
    doc: "whether to allocate GPU memory on demand; else the first trainer on a GPU allocates nearly all of it",
    default: "true",
    ...flag(),
  },
  gpuTf32: {
    name: "SINTONIA_GPU_TF32",
    doc: "whether a GPU may round the factors of matrix products to 10 bits (TensorFloat-32) to be faster",
    default: "false",
    ...flag(),
  },
  cudaCacheDir: {
    name: "SINTONIA_CUDA_CACHE_DIR",
    doc: "folder for kernels that the driver compiles at the first start on a new GPU; CUDA's own folder if unset",
    optional: true,
    ...text("a folder"),
  },
  dataDir: {
    name: "SINTONIA_DATA_DIR",
    doc: "folder with data-set files; if set, no other location is searched",
    optional: true,
    ...text("a folder"),
  },
  cacheDir: {
    name: "SINTONIA_CACHE_DIR",
    doc: "folder for downloaded data sets and for files of studies",
    default: ".cache/data",
    ...text("a folder"),
  },
  ...FILE_VARIABLES,
  allowDownload: {
    name: "SINTONIA_ALLOW_DOWNLOAD",
    doc: "whether data sets that are found nowhere may be downloaded",
    default: "true",
    ...flag(),
  },
  allowPrograms: {
    name: "SINTONIA_ALLOW_PROGRAMS",
    doc: "whether this trainer runs the programs and modules of studies, which are code with the rights of its user",
    default: "false",
    ...flag(),
  },
  programUser: {
    name: "SINTONIA_PROGRAM_USER",
    doc: "user and group that programs run as, as numbers; only a trainer of root can change them; its own if unset",
    optional: true,
    ...userAndGroup(),
  },
  trialsAtOnce: {
    name: "SINTONIA_TRIALS_AT_ONCE",
    doc: "most trials that this process trains at once on its device, as far as memory allows; auto for as many as fit",
    default: "1",
    ...trialsAtOnce(),
  },
  checkpointIntervalMs: {
    name: "SINTONIA_CHECKPOINT_INTERVAL_MS",
    doc: "shortest time from one checkpoint of a trial to the next, in milliseconds; 0 for one after every epoch",
    // Bounds the training that a crash loses, apart from the current epoch. With 100 trainers and
    // checkpoints of 10 MB, the coordinator receives 33 MB/s.
    default: "30000",
    ...integerBetween(0, 86_400_000),
  },
  drainMs: {
    name: "SINTONIA_DRAIN_MS",
    doc: "time to save a trial and give it back when the trainer is asked to end, in milliseconds",
    // Short enough for Ctrl-C. A longer time gives a trainer back its connection to a coordinator
    // that restarts. The lease ends the attempt earlier if no coordinator renews it.
    default: "5000",
    ...integerBetween(1_000, 600_000),
  },
  ...METRICS_VARIABLES,
  ...TRACING_VARIABLES,
  logLevel: {
    name: "SINTONIA_LOG_LEVEL",
    doc: "least severe level that is logged",
    default: "info",
    ...oneOf(LOG_LEVELS),
  },
  parentWatch: {
    name: "SINTONIA_PARENT_WATCH",
    doc: "stdin: end when standard input closes, as a child of the command line program does",
    default: "none",
    ...oneOf(["none", "stdin"]),
  },
} as const;

/** Accepts a number of trials, or `auto`. */
function trialsAtOnce(): Kind<TrialsAtOnce> {
  const { schema } = integerBetween(1, SLOTS_MAX);
  return { schema: z.union([z.literal("auto"), schema]), accepts: `an integer from 1 to ${SLOTS_MAX}, or auto` };
}

/** Accepts a user and a group as numbers. */
function userAndGroup(): Kind<{ readonly uid: number; readonly gid: number }> {
  const schema = z
    .string()
    .regex(/^\d{1,9}:\d{1,9}$/)
    .transform((words) => {
      const [uid = 0, gid = 0] = words.split(":").map(Number);
      return { uid, gid };
    });
  return { schema, accepts: "a user's and a group's number, such as 1001:1001" };
}

/** The trainer's configuration. */
export type TrainerConfig = Omit<Config<typeof VARIABLES>, "trainerName"> & {
  /** Unique to this process. */
  readonly trainerId: string;
};

/**
 * Reads the configuration of this process.
 *
 * @throws {UserError} that lists every problem
 */
export function readTrainerConfig(env: Readonly<Record<string, string | undefined>> = process.env): TrainerConfig {
  const { trainerName = hostname().slice(0, NAME_MAX_LENGTH), ...rest } = readConfig(VARIABLES, env);
  return Object.freeze({ ...rest, trainerId: `${trainerName}-${randomBytes(3).toString("hex")}` });
}

/** Returns the GPUs of this process, as CUDA names them; undefined for all of the machine. */
export function visibleDevices(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env["CUDA_VISIBLE_DEVICES"];
}

/** Returns the environment of the training child, which needs no login. */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return withoutLogins(withoutCoordinator(withoutNats(env)));
}

/** Returns the environment of which programs inherit a short list. */
export function programBaseEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return env;
}

/** Tells whether errors are printed with stack traces. */
export function wantsStacks(): boolean {
  return isVerbose(process.env, process.argv.slice(2));
}
