// Variables of the sources of files, which both services and the command line program read.

import { delimiter, isAbsolute } from "node:path";
import { type Config, integerBetween, type Kind, secret, text } from "@sintonia/runtime/config";
import { Secret } from "@sintonia/runtime/secret";
import { z } from "zod";
import { type HttpsLogins, parseLogins } from "./remote/https-logins.js";
import type { RemoteSettings } from "./remote/remote-files.js";
import { TEMPORARY_KEY_VARIABLES, temporaryKeys } from "./s3-login/variables.js";

/** Variables of the sources of files. An empty variable counts as unset. */
export const FILE_VARIABLES = {
  fileCacheMib: {
    ...integerBetween(1, 1_073_741_824),
    name: "SINTONIA_FILE_CACHE_MIB",
    // Five files of the largest size.
    default: "10240",
    doc: "Limit of the studies' own files in the cache folder, in MiB; the processes of one machine share them.",
  },
  fileRoots: {
    ...folders(),
    name: "SINTONIA_FILE_ROOTS",
    optional: true,
    doc: "Folders from which files of studies with file:// addresses may be read; none if unset.",
  },
  httpsLogins: {
    ...logins(),
    name: "SINTONIA_HTTPS_LOGINS",
    optional: true,
    doc: "Logins of https:// addresses by host, a line each; no other host gets them.",
  },
  httpsProxy: {
    ...proxyAddress(),
    name: "HTTPS_PROXY",
    optional: true,
    doc: "Proxy of https:// and s3:// addresses; https_proxy if unset, then none.",
  },
  httpsProxyLower: {
    ...proxyAddress(),
    name: "https_proxy",
    optional: true,
    doc: "Proxy of https:// and s3:// addresses where HTTPS_PROXY is unset.",
  },
  noProxy: {
    ...text("hosts with commas between them, or *"),
    name: "NO_PROXY",
    optional: true,
    doc: "Hosts, with their subdomains, that are reached without the proxy; no_proxy if unset.",
  },
  noProxyLower: {
    ...text("hosts with commas between them, or *"),
    name: "no_proxy",
    optional: true,
    doc: "Hosts that are reached without the proxy where NO_PROXY is unset.",
  },
  s3Endpoint: {
    ...text("an address such as https://minio.local:9000"),
    name: "AWS_ENDPOINT_URL_S3",
    optional: true,
    doc: "Server of s3:// addresses; AWS_ENDPOINT_URL, then Amazon's if unset.",
  },
  awsEndpoint: {
    ...text("an address such as https://minio.local:9000"),
    name: "AWS_ENDPOINT_URL",
    optional: true,
    doc: "Server of s3:// addresses where AWS_ENDPOINT_URL_S3 is unset.",
  },
  awsRegion: {
    ...text("a region"),
    name: "AWS_REGION",
    optional: true,
    doc: "Region of s3:// addresses; AWS_DEFAULT_REGION, then us-east-1 if unset.",
  },
  awsDefaultRegion: {
    ...text("a region"),
    name: "AWS_DEFAULT_REGION",
    optional: true,
    doc: "Region of s3:// addresses where AWS_REGION is unset.",
  },
  awsAccessKeyId: {
    ...secret("the id of an access key"),
    name: "AWS_ACCESS_KEY_ID",
    optional: true,
    doc: "Access key for s3:// addresses; requests are not signed if unset.",
  },
  awsSecretAccessKey: {
    ...secret("the secret of an access key"),
    name: "AWS_SECRET_ACCESS_KEY",
    optional: true,
    doc: "Secret of the access key.",
  },
  awsSessionToken: {
    ...secret("a session token"),
    name: "AWS_SESSION_TOKEN",
    optional: true,
    doc: "Token of temporary access keys.",
  },
  ...TEMPORARY_KEY_VARIABLES,
} as const;

/** The settings of the sources of files. */
export interface SourceSettings extends RemoteSettings {
  /** Limit of the cache in bytes. */
  readonly bytesMax: number;
  readonly roots: readonly string[];
}

/** Returns the settings that the variables say. */
export function sourceSettings(config: Config<typeof FILE_VARIABLES>): SourceSettings {
  const region = config.awsRegion ?? config.awsDefaultRegion;
  const proxy = {
    address: config.httpsProxy ?? config.httpsProxyLower,
    exceptions: config.noProxy ?? config.noProxyLower,
  };
  return {
    bytesMax: config.fileCacheMib * 2 ** 20,
    roots: config.fileRoots ?? [],
    logins: config.httpsLogins ?? [],
    proxy,
    s3: {
      endpoint: config.s3Endpoint ?? config.awsEndpoint,
      region,
      accessKeyId: config.awsAccessKeyId,
      secretAccessKey: config.awsSecretAccessKey,
      sessionToken: config.awsSessionToken,
      temporary: temporaryKeys(config, { region, proxy }),
    },
  };
}

/** Returns an environment without logins of servers, for processes that run the code of users. */
export function withoutLogins(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const isLogin = (name: string): boolean => name.startsWith("AWS_") || name.startsWith("SINTONIA_HTTPS_LOGINS");
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isLogin(name)));
}

/** Accepts logins, and hides them wherever they are printed. */
function logins(): Kind<HttpsLogins> & { readonly secret: true } {
  const schema = z.string().transform((given, context) => {
    const parsed = parseLogins(given);
    if (parsed === undefined) context.addIssue({ code: "custom", message: "not a login" });
    return parsed ?? z.NEVER;
  });
  return { schema, accepts: "lines such as `host bearer TOKEN` or `host basic USER:PASSWORD`", secret: true };
}

/** Accepts the address of a proxy, and hides it wherever it is printed: it may have a login. */
function proxyAddress(): Kind<Secret> & { readonly secret: true } {
  const schema = z
    .string()
    .transform((given) => (given.includes("://") ? given : `http://${given}`))
    .refine((given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol))
    .transform((given) => new Secret(given));
  return { schema, accepts: "http://host:port or http://user:password@host:port", secret: true };
}

/** Accepts absolute paths of folders. */
function folders(): Kind<readonly string[]> {
  const schema = z
    .string()
    .transform((list) => list.split(delimiter).filter((folder) => folder !== ""))
    .pipe(z.array(z.string().refine((folder) => isAbsolute(folder))).min(1));
  return { schema, accepts: `absolute paths with "${delimiter}" between them` };
}
