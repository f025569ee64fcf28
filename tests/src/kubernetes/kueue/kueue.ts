// Kueue beside a cluster: its controller with the configuration of a release, and its webhooks,
// which the API server calls on this machine.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "@sintonia/cli/system/ports";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { PAIRS } from "@sintonia/runtime/grpc/security/certificates.fixture";
import { type KueueFiles, kueueFiles } from "@sintonia/scripts/go/definitions";
import { goPrograms, KUEUE } from "@sintonia/scripts/go/programs";
import { parse, parseAllDocuments, stringify } from "yaml";
import type { Kubectl } from "../cluster/kubectl.js";
import { ClusterProcess } from "../cluster/process.js";
import { writeServingCertificates } from "../cluster/serving-certificates.js";

const NAMESPACE = "kueue-system";
/** Upper limit of the start in ms. It takes some seconds on an idle machine. */
const START_MS = 120_000;
/**
 * Folder below /etc of the certificate of its metrics. Kueue without internal certificates loads it
 * at its start, and no option moves it.
 */
const METRICS_CERTIFICATES = "kueue/metrics/certs";

/** The cluster that Kueue serves. */
interface Surroundings {
  readonly kubectl: Kubectl;
  readonly kubeconfig: string;
  /** Receives the certificates, the configuration and the log. */
  readonly folder: string;
}

interface Ports {
  readonly webhooks: number;
  readonly probes: number;
}

/** A registration of webhooks, as far as the tests change it. */
interface Registration {
  readonly webhooks: readonly { readonly clientConfig: { readonly service: { readonly path: string } } }[];
}

/** Returns why Kueue cannot run; false if it can. */
export function missingKueue(): string | false {
  const isThere = goPrograms(KUEUE) !== undefined && kueueFiles() !== undefined;
  return isThere ? false : "./scripts/test builds Kueue where it finds Go; it has not";
}

/** A running Kueue. */
export class Kueue {
  readonly #process: ClusterProcess;

  private constructor(process: ClusterProcess) {
    this.#process = process;
  }

  /** Makes Kueue's resources known to the cluster, starts it, and registers its webhooks. */
  static async start({ kubectl, kubeconfig, folder }: Surroundings): Promise<Kueue> {
    const files = kueueFiles();
    if (files === undefined) throw new Error("there is no Kueue");
    const [webhooks = 0, probes = 0] = await freePorts(2);
    await define(kubectl, files);
    const command = commandOf(folder, writeConfiguration(folder, files, { webhooks, probes }));
    const environment = { KUBECONFIG: kubeconfig };
    const kueue = new Kueue(new ClusterProcess(command, { name: "kueue", folder, environment }));
    try {
      await kueue.#ready(`http://127.0.0.1:${probes}/readyz`);
      for (const registration of registrations(files, webhooks)) await kubectl.apply(registration);
      return kueue;
    } catch (error) {
      await kueue.stop();
      throw error;
    }
  }

  /** Waits until the controller takes calls of its webhooks. */
  async #ready(url: string): Promise<void> {
    const check = async (): Promise<boolean> => {
      this.assertRuns();
      return await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    const what = "Kueue is not ready";
    await waitUntil(check, { signal: AbortSignal.timeout(START_MS * 2), timeoutMs: START_MS, what });
  }

  /** @throws if the process has ended */
  assertRuns(): void {
    this.#process.assertRuns();
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}

/** Makes Kueue's definitions, and its namespace. */
async function define(kubectl: Kubectl, { definitions }: KueueFiles): Promise<void> {
  const files = definitions.flatMap((file) => ["--filename", file]);
  await kubectl.run("apply", "--server-side", ...files);
  await kubectl.run("wait", "--for", "condition=Established", "--timeout", `${START_MS}ms`, ...files);
  await kubectl.run("create", "namespace", NAMESPACE);
}

/**
 * Writes the configuration of the release, with addresses of this machine, and the certificates.
 *
 * @returns its file
 */
function writeConfiguration(folder: string, { configuration }: KueueFiles, { webhooks, probes }: Ports): string {
  const certificates = join(etcOf(folder), METRICS_CERTIFICATES);
  writeServingCertificates(certificates);
  const file = join(folder, "kueue.yaml");
  const changes = {
    webhook: { host: "127.0.0.1", port: webhooks, certDir: certificates },
    health: { healthProbeBindAddress: `127.0.0.1:${probes}` },
    metrics: { bindAddress: "0" },
    leaderElection: { leaderElect: false },
    internalCertManagement: { enable: false },
    // Visibility is an API server for lists of waiting workloads, which the tests do not call.
    featureGates: { VisibilityOnDemand: false },
  };
  writeFileSync(file, stringify({ ...parse(readFileSync(configuration, "utf8")), ...changes }));
  return file;
}

/** The controller sees a folder of the test as `/etc`, in a mount namespace of its own. */
function commandOf(folder: string, file: string): readonly [string, ...string[]] {
  const program = join(goPrograms(KUEUE) ?? "", "kueue");
  const script = 'mount --bind "$0" /etc && exec "$@"';
  return ["unshare", "--mount", "sh", "-c", script, etcOf(folder), program, "--config", file];
}

function etcOf(folder: string): string {
  return join(folder, "kueue-etc");
}

/** Returns the webhook registrations of the release, with URLs of this machine for its service. */
function registrations({ webhooks }: KueueFiles, port: number): readonly object[] {
  const caBundle = Buffer.from(PAIRS.authority.certificate).toString("base64");
  return parseAllDocuments(readFileSync(webhooks, "utf8")).map((document) => {
    const registration = document.toJS() as Registration;
    const called = registration.webhooks.map((webhook) => {
      const url = `https://127.0.0.1:${port}${webhook.clientConfig.service.path}`;
      return { ...webhook, clientConfig: { url, caBundle } };
    });
    return { ...registration, webhooks: called };
  });
}
