import type { IContainer } from "kubernetes-models/v1/Container";
import type { IEnvVar } from "kubernetes-models/v1/EnvVar";
import type { ApiObject, KubernetesApi } from "../cluster/api.js";

interface Data extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The pod whose container gets an environment. */
export interface EnvironmentPlace {
  readonly api: KubernetesApi;
  readonly namespace: string;
  /** Values of fields of the pod, such as `metadata.name`. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Returns the variables of a container.
 *
 * @throws if a variable has a source that no manifest of ours uses
 */
export async function environmentOf(
  { envFrom = [], env = [] }: IContainer,
  place: EnvironmentPlace,
): Promise<Readonly<Record<string, string>>> {
  const variables: Record<string, string> = await apiServerVariables(place.api);
  for (const { configMapRef, secretRef } of envFrom) {
    if (configMapRef === undefined || secretRef !== undefined) throw new Error("envFrom knows config maps only");
    const path = `/api/v1/namespaces/${place.namespace}/configmaps/${configMapRef.name}`;
    Object.assign(variables, (await place.api.get<Data>(path)).data);
  }
  for (const variable of env) variables[variable.name] = await valueFor(variable, place);
  return variables;
}

/** Returns what every container gets, also without `enableServiceLinks`. */
async function apiServerVariables(api: KubernetesApi): Promise<Record<string, string>> {
  const { spec } = await api.get<{ spec: { clusterIP: string } }>("/api/v1/namespaces/default/services/kubernetes");
  return { KUBERNETES_SERVICE_HOST: spec.clusterIP, KUBERNETES_SERVICE_PORT: "443" };
}

async function valueFor(
  { name, value, valueFrom }: IEnvVar,
  { api, namespace, fields }: EnvironmentPlace,
): Promise<string> {
  if (valueFrom === undefined) return value ?? "";
  const { fieldRef, secretKeyRef } = valueFrom;
  const field = fields[fieldRef?.fieldPath ?? ""];
  if (field !== undefined) return field;
  if (secretKeyRef !== undefined) {
    const { data = {} } = await api.get<Data>(`/api/v1/namespaces/${namespace}/secrets/${secretKeyRef.name}`);
    return Buffer.from(data[secretKeyRef.key] ?? "", "base64").toString();
  }
  throw new Error(`the variable ${name} has a source that the stand-in does not know`);
}
