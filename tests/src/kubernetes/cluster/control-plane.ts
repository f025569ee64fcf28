// A real control plane in processes of this machine: etcd, kube-apiserver, kube-controller-manager
// and kube-scheduler, with files in a temporary folder and free ports.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@sintonia/cli/system/ports";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { PAIRS } from "@sintonia/runtime/grpc/security/certificates.fixture";
import { KUBERNETES } from "@sintonia/scripts/go/programs";
import { stringify } from "yaml";
import { KubernetesApi } from "./api.js";
import { ClusterProcess } from "./process.js";

/** Upper limit of the start in ms. It takes ten seconds on an idle machine. */
const START_MS = 180_000;

/** Addresses of a control plane, for tests that run next to one another. */
export interface ControlPlaneOptions {
  /** Folder of the programs. */
  readonly programs: string;
  /** Range of the addresses of services. */
  readonly serviceRange: string;
  /** Address of this machine at which pods reach the API server. @default none: no pod calls it */
  readonly podsAddress?: string;
}

/** A running control plane, without nodes. */
export class ControlPlane {
  /** Folder with the logs of the processes. */
  readonly folder: string;
  readonly api: KubernetesApi;
  /** File for kubectl, with all rights. */
  readonly kubeconfig: string;
  readonly #processes: ClusterProcess[] = [];

  private constructor(folder: string, api: KubernetesApi) {
    this.folder = folder;
    this.api = api;
    this.kubeconfig = join(folder, "kubeconfig");
  }

  /** Starts the four processes, and waits until namespaces get their accounts. */
  static async start({ programs, serviceRange, podsAddress }: ControlPlaneOptions): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), "sintonia-kubernetes-"));
    const token = randomBytes(16).toString("hex");
    const [clients = 0, peers = 0, port = 0] = await freePorts(3);
    const address = podsAddress ?? "127.0.0.1";
    const url = `https://${address}:${port}`;
    const api = new KubernetesApi({ url, token, authorityFile: join(folder, "apiserver.crt") });
    const plane = new ControlPlane(folder, api);
    try {
      writeSecrets(folder, token);
      plane.#start("etcd", programs, etcdArguments(folder, { clients, peers }));
      plane.#start("kube-apiserver", programs, [
        ...apiserverArguments(folder, { clients, port, serviceRange }),
        ...addressArguments(podsAddress),
      ]);
      await plane.#until(() => api.isReady(), "kube-apiserver is not ready");
      writeFileSync(plane.kubeconfig, kubeconfig(folder, { url, token }));
      plane.#start("kube-controller-manager", programs, managerArguments(folder, plane.kubeconfig));
      plane.#start("kube-scheduler", programs, schedulerArguments(plane.kubeconfig));
      const account = "/api/v1/namespaces/default/serviceaccounts/default";
      await plane.#until(() => api.exists(account), "kube-controller-manager makes no accounts");
      return plane;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  #start(name: string, programs: string, args: readonly string[]): void {
    // Go names a program after the folder of its module, which is "server" for etcd.
    const program = join(programs, name === "etcd" ? "server" : name);
    this.#processes.push(new ClusterProcess([program, ...args], { name, folder: this.folder }));
  }

  async #until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const check = (): Promise<boolean> => {
      for (const process of this.#processes) process.assertRuns();
      return condition();
    };
    await waitUntil(check, { signal: AbortSignal.timeout(START_MS), timeoutMs: START_MS, what });
  }

  /** Ends the processes and deletes their files. */
  async stop(): Promise<void> {
    for (const process of this.#processes.toReversed()) await process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Returns why no control plane can be started; false if one can. */
export function missingParts(programs: string | undefined): string | false {
  if (programs === undefined) return "./scripts/test builds Kubernetes where it finds Go; it has not";
  return existsSync("/proc/self/ns") ? false : "the programs are built for Linux";
}

/**
 * The key of service accounts, the token of the only user, and the certificate that kube-apiserver
 * shows to servers that extend its API.
 */
function writeSecrets(folder: string, token: string): void {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(folder, "accounts.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
  writeFileSync(join(folder, "tokens.csv"), `${token},tests,tests,system:masters\n`);
  writeFileSync(join(folder, "proxy-authority.crt"), PAIRS.authority.certificate);
  writeFileSync(join(folder, "proxy.crt"), PAIRS.trainer.certificate);
  writeFileSync(join(folder, "proxy.key"), PAIRS.trainer.key);
}

function etcdArguments(folder: string, { clients, peers }: { clients: number; peers: number }): string[] {
  const client = `http://127.0.0.1:${clients}`;
  return [
    ["--data-dir", join(folder, "etcd")],
    ["--listen-client-urls", client],
    ["--advertise-client-urls", client],
    ["--listen-peer-urls", `http://127.0.0.1:${peers}`],
    // The data end with the test.
    ["--unsafe-no-fsync"],
  ].flat();
}

function apiserverArguments(
  folder: string,
  { clients, port, serviceRange }: { clients: number; port: number; serviceRange: string },
): string[] {
  return [
    ["--etcd-servers", `http://127.0.0.1:${clients}`],
    ["--secure-port", String(port)],
    // It makes a certificate of its own there.
    ["--cert-dir", folder],
    ["--token-auth-file", join(folder, "tokens.csv")],
    ["--authorization-mode", "RBAC"],
    // By default, a program from a module names no semantic version, which Kueue asks for.
    [`--version=v0.0.0-${KUBERNETES.version}`],
    ["--service-cluster-ip-range", serviceRange],
    ["--service-account-issuer", "https://kubernetes.default.svc"],
    ["--service-account-key-file", join(folder, "accounts.key")],
    ["--service-account-signing-key-file", join(folder, "accounts.key")],
    // It passes calls on to servers that extend its API, and names the caller in these headers.
    ["--requestheader-client-ca-file", join(folder, "proxy-authority.crt")],
    ["--requestheader-username-headers", "X-Remote-User"],
    ["--requestheader-group-headers", "X-Remote-Group"],
    ["--requestheader-extra-headers-prefix", "X-Remote-Extra-"],
    ["--proxy-client-cert-file", join(folder, "proxy.crt")],
    ["--proxy-client-key-file", join(folder, "proxy.key")],
    // Other machines do not know the names of the nodes.
    ["--kubelet-preferred-address-types", "InternalIP"],
  ].flat();
}

/** A service of the API server for pods may not have a loopback address. */
function addressArguments(podsAddress: string | undefined): readonly string[] {
  if (podsAddress === undefined) return ["--bind-address", "127.0.0.1", "--endpoint-reconciler-type", "none"];
  return ["--bind-address", podsAddress, "--advertise-address", podsAddress];
}

function managerArguments(folder: string, file: string): string[] {
  return [
    ["--kubeconfig", file],
    ["--leader-elect=false"],
    ["--secure-port", "0"],
    ["--service-account-private-key-file", join(folder, "accounts.key")],
    ["--root-ca-file", join(folder, "apiserver.crt")],
    // By default, an autoscaler acts after up to 15 s, and downwards after five minutes.
    ["--horizontal-pod-autoscaler-sync-period", "1s"],
    ["--horizontal-pod-autoscaler-downscale-stabilization", "5s"],
  ].flat();
}

function schedulerArguments(file: string): string[] {
  return ["--kubeconfig", file, "--leader-elect=false", "--secure-port", "0"];
}

function kubeconfig(folder: string, { url, token }: { url: string; token: string }): string {
  const name = "tests";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: url, "certificate-authority": join(folder, "apiserver.crt") } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}
