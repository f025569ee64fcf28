// Keys for a role of AWS from the token of a Kubernetes service account, as Amazon's EKS gives both
// to a pod (IAM roles for service accounts).

import { readFile } from "node:fs/promises";
import { Secret } from "@sintonia/runtime/secret";
import { OriginFault } from "../contract/file-source.js";
import type { ProxySettings } from "../remote/proxy.js";
import { loginAnswer } from "./login-request.js";
import type { EndingKeys } from "./temporary-keys.js";

/** Who asks for keys, and where. */
export interface WebIdentity {
  /** File with the token, which Kubernetes renews. */
  readonly tokenFile: string;
  readonly roleArn: string;
  /** Name of the session in the logs of AWS. */
  readonly sessionName: string;
  /** @default Amazon's server of the region */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly proxy?: ProxySettings | undefined;
}

/**
 * Asks the Security Token Service for keys of the role.
 *
 * @throws {OriginFault} if the token cannot be read, or the service gives no keys
 */
export async function webIdentityKeys(identity: WebIdentity): Promise<EndingKeys> {
  const { tokenFile, roleArn, sessionName, endpoint, region, proxy } = identity;
  const token = await readFile(tokenFile, "utf8").catch((cause) => {
    throw new OriginFault(`cannot read AWS_WEB_IDENTITY_TOKEN_FILE ${tokenFile}`, "some", { cause });
  });
  const form = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    WebIdentityToken: token.trim(),
  });
  const url = new URL(endpoint ?? `https://sts.${region}.amazonaws.com/`);
  return keysIn(await loginAnswer({ url, headers: {}, form, proxy }), url.host);
}

function keysIn(xml: string, host: string): EndingKeys {
  const [accessKeyId, secretAccessKey, sessionToken, end] = [
    "AccessKeyId",
    "SecretAccessKey",
    "SessionToken",
    "Expiration",
  ].map((name) => new RegExp(`<${name}>\\s*([^<]+?)\\s*</${name}>`).exec(xml)?.[1]);
  const endsAt = Date.parse(end ?? "");
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(endsAt))
    throw new OriginFault(`${host} gives no keys for S3: its answer has none`, "none");
  return {
    accessKeyId: new Secret(accessKeyId),
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    endsAt,
  };
}
