// Deletion costs as annotations of pods, through the API of the cluster that this process runs in.

import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import type { PodCosts } from "../../shell/deletion-costs.js";

/** Where kubelet puts the credentials of a pod. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";
/** Time limit of one call, in milliseconds. */
const CALL_MS = 5_000;
/** Characters of a refusal that an error quotes. */
const QUOTED_CHARACTERS = 300;

/** The API of a cluster. */
interface Cluster {
  readonly host: string;
  readonly port: string;
  /** Folder with the files `token`, `ca.crt` and `namespace`, which kubelet renews. */
  readonly account: string;
}

/**
 * Returns the API of the cluster whose pod this process runs in, as the environment tells it.
 *
 * @throws {UserError} outside a pod
 */
export function ownCluster(env: NodeJS.ProcessEnv): Cluster {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = env;
  if (host !== undefined) return { host, port, account: ACCOUNT };
  throw new UserError("SINTONIA_POD_DELETION_COSTS is true outside a pod of Kubernetes: leave it unset");
}

/** Writes deletion costs with the rights of the pod's service account. */
export class KubernetesPodCosts implements PodCosts {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async write(pod: string, cost: number): Promise<void> {
    const namespace = await this.#accountFile("namespace");
    const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod)}`;
    const { status, text } = await this.#patch(path, { metadata: { annotations: { [ANNOTATION]: String(cost) } } });
    if (status >= 400 && status !== 404) throw new Error(`${status} ${text.slice(0, QUOTED_CHARACTERS)}`);
  }

  async #patch(path: string, body: object): Promise<{ readonly status: number; readonly text: string }> {
    const { host, port } = this.#cluster;
    const [token, ca] = await Promise.all([this.#accountFile("token"), this.#accountFile("ca.crt")]);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/merge-patch+json" };
    const signal = AbortSignal.timeout(CALL_MS);
    return await new Promise((resolve, reject) => {
      const call = request({ host, port, path, method: "PATCH", headers, ca, signal }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      call.on("error", reject);
      call.end(JSON.stringify(body));
    });
  }

  /** Read anew for each call: kubelet renews the token every hour. */
  async #accountFile(name: string): Promise<string> {
    return (await readFile(join(this.#cluster.account, name), "utf8")).trim();
  }
}
