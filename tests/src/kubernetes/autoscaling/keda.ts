// KEDA beside a cluster: its operator, and its server of metrics, which the API server passes calls
// of autoscalers on to.

import { join } from "node:path";
import { freePorts } from "@sintonia/cli/system/ports";
import { definitionFiles } from "@sintonia/scripts/go/definitions";
import { goPrograms, KEDA } from "@sintonia/scripts/go/programs";
import type { Kubectl } from "../cluster/kubectl.js";
import { ClusterProcess } from "../cluster/process.js";
import { writeServingCertificates } from "../cluster/serving-certificates.js";
import { passOnExternalMetrics } from "./external-api.js";

const NAMESPACE = "keda";

/** The cluster that KEDA serves. */
interface Surroundings {
  readonly kubectl: Kubectl;
  readonly kubeconfig: string;
  /** Receives the certificates and the logs. */
  readonly folder: string;
}

/** Returns why KEDA cannot run; false if it can. */
export function missingKeda(): string | false {
  const isThere = goPrograms(KEDA) !== undefined && definitionFiles() !== undefined;
  return isThere ? false : "./scripts/test builds KEDA where it finds Go; it has not";
}

/** A running KEDA. */
export class Keda {
  readonly #processes: ClusterProcess[] = [];

  /** Makes KEDA's resources known to the cluster, and starts it. */
  static async start({ kubectl, kubeconfig, folder }: Surroundings): Promise<Keda> {
    const [calls = 0, metrics = 0, own = 0] = await freePorts(3);
    const certificates = join(folder, "certificates");
    writeServingCertificates(certificates);
    await define(kubectl);
    await passOnExternalMetrics(kubectl, NAMESPACE, metrics);
    const keda = new Keda();
    keda.#run("operator", { folder, kubeconfig, args: operatorArguments(certificates, calls) });
    const ports = { calls, metrics, own };
    keda.#run("adapter", { folder, kubeconfig, args: adapterArguments(certificates, { kubeconfig, ports }) });
    return keda;
  }

  #run(name: string, { folder, kubeconfig, args }: { folder: string; kubeconfig: string; args: readonly string[] }) {
    const environment = {
      KUBECONFIG: kubeconfig,
      POD_NAMESPACE: NAMESPACE,
      KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE,
      WATCH_NAMESPACE: "",
    };
    const program = join(goPrograms(KEDA) ?? "", name);
    this.#processes.push(new ClusterProcess([program, ...args], { name: `keda-${name}`, folder, environment }));
  }

  /** @throws if a process has ended */
  assertRuns(): void {
    for (const process of this.#processes) process.assertRuns();
  }

  async stop(): Promise<void> {
    for (const process of this.#processes) await process.stop();
  }
}

/** Makes KEDA's definitions, and its namespace. */
async function define(kubectl: Kubectl): Promise<void> {
  const files = (definitionFiles() ?? []).flatMap((file) => ["--filename", file]);
  await kubectl.run("apply", "--server-side", ...files);
  await kubectl.run("create", "namespace", NAMESPACE);
}

function operatorArguments(certificates: string, port: number): readonly string[] {
  return [
    "--zap-log-level=info",
    "--enable-prometheus-metrics=false",
    "--health-probe-bind-address=0",
    `--metrics-service-bind-address=127.0.0.1:${port}`,
    `--cert-dir=${certificates}`,
  ];
}

function adapterArguments(
  certificates: string,
  { kubeconfig, ports }: { kubeconfig: string; ports: { calls: number; metrics: number; own: number } },
): readonly string[] {
  return [
    "--zap-log-level=info",
    `--port=${ports.own}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.metrics}`,
    `--metrics-service-address=127.0.0.1:${ports.calls}`,
    `--lister-kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--client-ca-file=${join(certificates, "ca.crt")}`,
    `--tls-cert-file=${join(certificates, "tls.crt")}`,
    `--tls-private-key-file=${join(certificates, "tls.key")}`,
    `--cert-dir=${certificates}`,
  ];
}
