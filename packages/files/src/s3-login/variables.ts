// Variables of temporary keys for S3, which a platform sets in a container.

import { type Config, text } from "@sintonia/runtime/config";
import type { ProxySettings } from "../remote/proxy.js";
import { DEFAULT_REGION } from "../remote/s3-request.js";
import { containerKeys } from "./container-keys.js";
import { TemporaryKeys } from "./temporary-keys.js";
import { webIdentityKeys } from "./web-identity.js";

/** Name of a session that the platform does not name. */
const SESSION_NAME = "sintonia";

/** Variables of temporary keys. An empty variable counts as unset. */
export const TEMPORARY_KEY_VARIABLES = {
  awsRoleArn: {
    ...text("the ARN of a role"),
    name: "AWS_ROLE_ARN",
    optional: true,
    doc: "Role of s3:// addresses without an access key; needs AWS_WEB_IDENTITY_TOKEN_FILE.",
  },
  awsWebIdentityTokenFile: {
    ...text("a file"),
    name: "AWS_WEB_IDENTITY_TOKEN_FILE",
    optional: true,
    doc: "File with the token for AWS_ROLE_ARN, as EKS mounts it for a service account.",
  },
  awsRoleSessionName: {
    ...text("a name"),
    name: "AWS_ROLE_SESSION_NAME",
    optional: true,
    doc: "Name of the session of AWS_ROLE_ARN; sintonia if unset.",
  },
  awsStsEndpoint: {
    ...text("an address such as https://sts.local"),
    name: "AWS_ENDPOINT_URL_STS",
    optional: true,
    doc: "Server that gives keys for AWS_ROLE_ARN; Amazon's of the region if unset.",
  },
  awsContainerCredentials: {
    ...text("an address"),
    name: "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    optional: true,
    doc: "Agent that gives keys for s3:// addresses without an access key or role, as EKS Pod Identity names it.",
  },
  awsContainerTokenFile: {
    ...text("a file"),
    name: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    optional: true,
    doc: "File with the token for that agent.",
  },
} as const;

type TemporaryKeySettings = Config<typeof TEMPORARY_KEY_VARIABLES>;

/** Returns the temporary keys that the variables name: of a role, or else of an agent. */
export function temporaryKeys(
  config: TemporaryKeySettings,
  { region = DEFAULT_REGION, proxy }: { readonly region: string | undefined; readonly proxy: ProxySettings },
): TemporaryKeys | undefined {
  const { awsRoleArn: roleArn, awsWebIdentityTokenFile: tokenFile, awsContainerCredentials: address } = config;
  if (roleArn !== undefined && tokenFile !== undefined) {
    const { awsRoleSessionName: sessionName = SESSION_NAME, awsStsEndpoint: endpoint } = config;
    return new TemporaryKeys(() => webIdentityKeys({ roleArn, tokenFile, sessionName, endpoint, region, proxy }));
  }
  if (address === undefined) return undefined;
  return new TemporaryKeys(() => containerKeys({ address, tokenFile: config.awsContainerTokenFile }));
}
