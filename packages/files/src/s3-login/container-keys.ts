// Keys from an agent on the machine, as Amazon's EKS (pod identity) and ECS name it to a container.

import { readFile } from "node:fs/promises";
import { Secret } from "@sintonia/runtime/secret";
import { OriginFault } from "../contract/file-source.js";
import { loginAnswer } from "./login-request.js";
import type { EndingKeys } from "./temporary-keys.js";

/** The agent, and what it asks of the container. */
export interface ContainerAgent {
  readonly address: string;
  /** File with the value of the header `authorization`, which Kubernetes renews. */
  readonly tokenFile?: string | undefined;
}

/**
 * Asks the agent for keys.
 *
 * @throws {OriginFault} if the token cannot be read, or the agent gives no keys
 */
export async function containerKeys({ address, tokenFile }: ContainerAgent): Promise<EndingKeys> {
  const url = new URL(address);
  const token = tokenFile === undefined ? undefined : await tokenIn(tokenFile);
  const answer = await loginAnswer({ url, headers: token === undefined ? {} : { authorization: token } });
  return keysIn(answer, url.host);
}

async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new OriginFault(`cannot read AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ${file}`, "some", { cause });
  }
}

function keysIn(json: string, host: string): EndingKeys {
  const { AccessKeyId: id, SecretAccessKey: secret, Token: token, Expiration: end } = parsed(json);
  const endsAt = typeof end === "string" ? Date.parse(end) : Number.NaN;
  if (typeof id !== "string" || typeof secret !== "string" || Number.isNaN(endsAt))
    throw new OriginFault(`${host} gives no keys for S3: its answer has none`, "none");
  const sessionToken = typeof token === "string" ? { sessionToken: new Secret(token) } : {};
  return { accessKeyId: new Secret(id), secretAccessKey: new Secret(secret), ...sessionToken, endsAt };
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}
