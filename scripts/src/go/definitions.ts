// Definitions of other projects' resources that deploy/k8s makes, and the files that install Kueue,
// from their Go modules. scripts/go/definitions has the checksums of the modules.

import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runStep } from "../steps/program.js";

/** Files of one project. */
interface Source {
  readonly module: string;
  readonly version: string;
  /** Paths inside the module. */
  readonly files: readonly string[];
}

/** The projects whose resources deploy/k8s makes. */
const DEFINED: readonly Source[] = [
  {
    module: "github.com/kedacore/keda/v2",
    version: "v2.21.0",
    // The operator of KEDA waits for all of them.
    files: [
      "keda.sh_scaledobjects",
      "keda.sh_scaledjobs",
      "keda.sh_triggerauthentications",
      "keda.sh_clustertriggerauthentications",
      "eventing.keda.sh_cloudeventsources",
      "eventing.keda.sh_clustercloudeventsources",
    ].map((name) => `config/crd/bases/${name}.yaml`),
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    files: ["podmonitors", "prometheusrules"].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  },
];
/** The folder of a module with the parts of an installation of Kueue. */
const KUEUE_PARTS = "config/components";
const KUEUE_WEBHOOKS = `${KUEUE_PARTS}/webhook/manifests.yaml`;
const KUEUE_CONFIGURATION = `${KUEUE_PARTS}/manager/controller_manager_config.yaml`;
const KUEUE_DEFINITIONS = [
  "admissionchecks",
  "clusterqueues",
  "cohorts",
  "localqueues",
  "multikueueclusters",
  "multikueueconfigs",
  "provisioningrequestconfigs",
  "resourceflavors",
  "topologies",
  "workloadpriorityclasses",
  "workloads",
].map((name) => `${KUEUE_PARTS}/crd/bases/kueue.x-k8s.io_${name}.yaml`);
const KUEUE: Source = {
  module: "sigs.k8s.io/kueue",
  version: "v0.17.0",
  files: [...KUEUE_DEFINITIONS, KUEUE_WEBHOOKS, KUEUE_CONFIGURATION],
};
const SOURCES = [...DEFINED, KUEUE];

/** Files that install Kueue. */
export interface KueueFiles {
  /** Definitions of its resources. */
  readonly definitions: readonly string[];
  /** Registrations of its webhooks, which name a service of the cluster as their server. */
  readonly webhooks: string;
  /** Configuration of its controller. */
  readonly configuration: string;
}

/** Its name has the versions, so that another version makes another folder. */
const HOME = fileURLToPath(
  new URL(`../../../.cache/definitions/${SOURCES.map(({ version }) => version).join("-")}`, import.meta.url),
);
const MODULE = fileURLToPath(new URL("../../go/definitions", import.meta.url));
const TITLE = "definitions of resources";

/** Returns the files of the definitions; undefined if `prepareDefinitions` has not fetched them. */
export function definitionFiles(): readonly string[] | undefined {
  return areFetched() ? DEFINED.flatMap(({ files }) => files.map(placeOf)) : undefined;
}

/** Returns the files that install Kueue; undefined if `prepareDefinitions` has not fetched them. */
export function kueueFiles(): KueueFiles | undefined {
  if (!areFetched()) return undefined;
  return {
    definitions: KUEUE_DEFINITIONS.map(placeOf),
    webhooks: placeOf(KUEUE_WEBHOOKS),
    configuration: placeOf(KUEUE_CONFIGURATION),
  };
}

function areFetched(): boolean {
  return SOURCES.every(({ files }) => files.every((file) => existsSync(placeOf(file))));
}

/** Returns the place in the cache of a file of a module. */
function placeOf(file: string): string {
  return join(HOME, basename(file));
}

/**
 * Fetches the definitions into the cache of this checkout, unless they are there. Fetches whole
 * modules into Go's own cache, 70 MB.
 *
 * @returns one line: where the definitions are
 * @throws {StepError} if there is no Go, or a module cannot be fetched
 */
export function prepareDefinitions(): string {
  if (!areFetched()) copyAll();
  return `${TITLE} from ${HOME}`;
}

function copyAll(): void {
  const partial = `${HOME}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const source of SOURCES) {
    const folder = moduleFolder(source);
    for (const file of source.files) copyFileSync(join(folder, file), join(partial, basename(file)));
  }
  rmSync(HOME, { recursive: true, force: true });
  renameSync(partial, HOME);
}

/** Go checks the module with its checksum. */
function moduleFolder({ module, version }: Source): string {
  const env = { GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const output = runStep(TITLE, "go", ["mod", "download", "-json", `${module}@${version}`], { cwd: MODULE, env });
  return (JSON.parse(output) as { readonly Dir: string }).Dir;
}
