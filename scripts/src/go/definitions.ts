// Definitions of other projects' resources that deploy/k8s makes, from the files of their Go
// modules. scripts/go/definitions has the checksums of the modules.

import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runStep } from "../steps/program.js";

/** Definitions of one project. */
interface Source {
  readonly module: string;
  readonly version: string;
  /** Paths inside the module. */
  readonly files: readonly string[];
}

const SOURCES: readonly Source[] = [
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

/** Its name has the versions, so that another version makes another folder. */
const HOME = fileURLToPath(
  new URL(`../../../.cache/definitions/${SOURCES.map(({ version }) => version).join("-")}`, import.meta.url),
);
const MODULE = fileURLToPath(new URL("../../go/definitions", import.meta.url));
const TITLE = "definitions of resources";

/** Returns the files of the definitions; undefined if `prepareDefinitions` has not fetched them. */
export function definitionFiles(): readonly string[] | undefined {
  const files = SOURCES.flatMap(({ files }) => files.map((file) => join(HOME, basename(file))));
  return files.every((file) => existsSync(file)) ? files : undefined;
}

/**
 * Fetches the definitions into the cache of this checkout, unless they are there. Fetches whole
 * modules into Go's own cache, 40 MB.
 *
 * @returns one line: where the definitions are
 * @throws {StepError} if there is no Go, or a module cannot be fetched
 */
export function prepareDefinitions(): string {
  if (definitionFiles() === undefined) copyAll();
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
