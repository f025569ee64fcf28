// The volumes of a pod, as folders of this machine.

import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IVolume } from "kubernetes-models/v1/Volume";
import type { ApiObject, KubernetesApi } from "../cluster/api.js";

interface Claim extends ApiObject {
  readonly spec: { readonly volumeName: string };
}

interface PersistentVolume extends ApiObject {
  readonly spec: { readonly hostPath: { readonly path: string } };
}

interface Data extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}

interface TokenRequest {
  readonly status: { readonly token: string };
}

interface Files {
  readonly content: ReadonlyMap<string, Buffer>;
  readonly items: readonly { readonly key: string; readonly path: string }[] | undefined;
  readonly mode: number;
}

const FILE_MODE = 0o644;
/** Every user writes, and new files belong to the group of the folder. */
const FOLDER_MODE = 0o2777;

/** The place of a pod whose volumes are made. */
export interface VolumePlace {
  readonly api: KubernetesApi;
  readonly namespace: string;
  /** Folder of the pod. */
  readonly folder: string;
  /** Group of the files: fsGroup. */
  readonly group: number;
  /** Name of the pod's service account. */
  readonly account: string;
}

/**
 * Makes the folder of a volume. Files of config maps and secrets stay as they are at this moment.
 *
 * @returns its path
 * @throws if the volume is of a kind that no manifest of ours uses
 */
export async function makeVolume(volume: IVolume, place: VolumePlace): Promise<string> {
  const { api, namespace, folder, group } = place;
  const path = join(folder, volume.name);
  const core = `/api/v1/namespaces/${namespace}`;
  if (volume.persistentVolumeClaim) {
    const claim = await api.get<Claim>(`${core}/persistentvolumeclaims/${volume.persistentVolumeClaim.claimName}`);
    const { spec } = await api.get<PersistentVolume>(`/api/v1/persistentvolumes/${claim.spec.volumeName}`);
    return makeFolder(spec.hostPath.path, group);
  }
  if (volume.emptyDir) return makeFolder(path, group);
  if (volume.configMap) {
    const { name, items, defaultMode = FILE_MODE } = volume.configMap;
    const { data = {} } = await api.get<Data>(`${core}/configmaps/${name}`);
    const content = new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text)]));
    return writeFiles(path, group, { content, items, mode: defaultMode });
  }
  if (volume.secret) {
    const { secretName, items, defaultMode = FILE_MODE } = volume.secret;
    const { data = {} } = await api.get<Data>(`${core}/secrets/${secretName}`);
    const content = new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64")]));
    return writeFiles(path, group, { content, items, mode: defaultMode });
  }
  if (volume.name.startsWith("kube-api-access-"))
    return writeFiles(path, group, { content: await accountFiles(place), items: undefined, mode: FILE_MODE });
  throw new Error(`the volume ${volume.name} is of a kind that the stand-in does not know`);
}

/** Returns the credentials of a service account as kubelet does, but does not renew the token. */
async function accountFiles({ api, namespace, account }: VolumePlace): Promise<ReadonlyMap<string, Buffer>> {
  const core = `/api/v1/namespaces/${namespace}`;
  const { status } = await api.create<TokenRequest>(`${core}/serviceaccounts/${account}/token`, { spec: {} });
  const { data = {} } = await api.get<Data>(`${core}/configmaps/kube-root-ca.crt`);
  const files = { token: status.token, namespace, ...data };
  return new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
}

function makeFolder(path: string, group: number): string {
  mkdirSync(path, { recursive: true });
  chownSync(path, 0, group);
  chmodSync(path, FOLDER_MODE);
  return path;
}

function writeFiles(folder: string, group: number, { content, items, mode }: Files): string {
  makeFolder(folder, group);
  chmodSync(folder, 0o755);
  for (const { key, path } of items ?? [...content.keys()].map((key) => ({ key, path: key }))) {
    const file = join(folder, path);
    writeFileSync(file, content.get(key) ?? "");
    chownSync(file, 0, group);
    chmodSync(file, mode);
  }
  return folder;
}
