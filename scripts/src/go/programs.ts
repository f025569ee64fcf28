// Programs for the tests that come as Go modules. scripts/go has a module for each set of programs:
// its tools are the programs, and go.sum has the checksums of everything that they are made of.

import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A set of programs of one version. */
export interface GoPrograms {
  /** Name for a person. */
  readonly title: string;
  /** Version, which names the folder of the programs in the cache. */
  readonly version: string;
  /** Folder of the module below scripts/go, and of the programs below .cache. */
  readonly folder: string;
  /** Sentence about the time and the space that the build takes. */
  readonly cost: string;
  /** Build tags, which leave out parts that the tests do not need. */
  readonly tags?: readonly string[];
}

/** The control plane of Kubernetes, its etcd, kubelet, kube-proxy, and kubectl. */
export const KUBERNETES: GoPrograms = {
  title: "Kubernetes",
  version: "1.36.3",
  folder: "kubernetes",
  cost: "twelve minutes of processor time and 480 MB",
};

/** The nats-server that deploy/k8s runs: Debian's is older than its configuration. */
export const NATS_SERVER: GoPrograms = {
  title: "nats-server",
  version: "2.12.15",
  folder: "nats-server",
  cost: "a minute of processor time",
};

/** A server of S3. */
export const S3_GATEWAY: GoPrograms = {
  title: "VersityGW",
  version: "1.8.0",
  folder: "versitygw",
  cost: "three minutes of processor time",
};

/** Prometheus and promtool, without the discovery of targets in clouds. */
export const PROMETHEUS: GoPrograms = {
  title: "Prometheus",
  version: "3.13.5",
  folder: "prometheus",
  cost: "five minutes of processor time and 100 MB",
  tags: ["remove_all_sd"],
};

/** The program that renders deploy/chart. */
export const HELM: GoPrograms = {
  title: "Helm",
  version: "3.22.0",
  folder: "helm",
  cost: "two minutes of processor time and 60 MB",
};

/** The reader of Docker Compose, which prints what it reads. */
export const COMPOSE_READER: GoPrograms = {
  title: "compose-go",
  version: "2.16.2",
  folder: "compose",
  cost: "ten seconds of processor time",
};

/** Docker Compose itself. */
export const DOCKER_COMPOSE: GoPrograms = {
  title: "Docker Compose",
  version: "2.40.3",
  folder: "docker-compose",
  cost: "three minutes of processor time and 70 MB",
};

/** A client of gRPC that knows a service from its reflection. */
export const GRPCURL: GoPrograms = {
  title: "grpcurl",
  version: "1.9.4",
  folder: "grpcurl",
  cost: "half a minute of processor time",
};

/** The operator of KEDA, and the server of its metrics. */
export const KEDA: GoPrograms = {
  title: "KEDA",
  version: "2.21.0",
  folder: "keda",
  cost: "ten minutes of processor time and 300 MB",
};

/** The controller of Kueue, with its webhooks. */
export const KUEUE: GoPrograms = {
  title: "Kueue",
  version: "0.17.0",
  folder: "kueue",
  cost: "five minutes of processor time and 90 MB",
};

/** A controller that enforces network policies. */
export const KUBE_ROUTER: GoPrograms = {
  title: "kube-router",
  version: "2.1.0",
  folder: "kube-router",
  cost: "three minutes of processor time and 60 MB",
};

/** All sets, in the order of their builds. KEDA is last: it takes longest, for few tests. */
export const GO_PROGRAMS: readonly GoPrograms[] = [
  NATS_SERVER,
  S3_GATEWAY,
  PROMETHEUS,
  GRPCURL,
  HELM,
  COMPOSE_READER,
  DOCKER_COMPOSE,
  KUBERNETES,
  KUEUE,
  KUBE_ROUTER,
  KEDA,
];

/** Folder of what is built. */
export const CACHE = fileURLToPath(new URL("../../../.cache", import.meta.url));
/** Folder of the modules. */
export const MODULES = fileURLToPath(new URL("../../go", import.meta.url));

/** Returns the folder of built programs; undefined if `prepareGoPrograms` has not built them. */
export function goPrograms(programs: GoPrograms): string | undefined {
  const folder = homeOf(programs);
  return isComplete(programs) ? folder : undefined;
}

/** Tells whether all programs are there: a module may have got another one since the build. */
export function isComplete(programs: GoPrograms): boolean {
  const home = homeOf(programs);
  return namesIn(join(MODULES, programs.folder, "go.mod")).every((name) => existsSync(join(home, name)));
}

/** Returns the names that Go gives the tools of a module: of the folder, without its version. */
function namesIn(file: string): readonly string[] {
  const [, many, one] = /^tool (?:\(([^)]*)\)|(\S+))$/m.exec(readFileSync(file, "utf8")) ?? [];
  const paths = (many ?? one ?? "").split(/\s+/).filter((path) => path !== "");
  return paths.map((path) => basename(path.replace(/\/v\d+$/, "")));
}

/** Returns the folder of a set in the cache, whether it is built or not. */
export function homeOf({ folder, version }: GoPrograms): string {
  return join(CACHE, folder, version);
}
