// Wires the live page of a coordinator process.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@sintonia/runtime/errors";
import { isLoopback } from "@sintonia/runtime/grpc/security/server-security";
import type { Shutdown } from "@sintonia/runtime/lifecycle";
import { type PageContext, startPageServer } from "./adapters/http/server.js";
import type { CoordinatorConfig } from "./config.js";

type PageSettings = Pick<
  CoordinatorConfig,
  | "pageAddress"
  | "pageTls"
  | "pageHosts"
  | "advertisedAddress"
  | "grpcSecurity"
  | "grpcTlsCertFile"
  | "grpcTlsClientCaFile"
  | "grpcTokensFile"
>;

/**
 * Refuses a page that other machines reach without TLS or without authentication.
 *
 * @throws {UserError} that says what is missing
 */
export function requireSafePage(settings: PageSettings): void {
  const { pageAddress, pageTls, grpcSecurity } = settings;
  if (pageAddress === undefined || isLoopback(pageAddress.host) || grpcSecurity === "insecure") return;
  const missing = [
    settings.grpcTlsCertFile === undefined &&
      pageTls === "own" &&
      "TLS (SINTONIA_GRPC_TLS_CERT_FILE and its key, or SINTONIA_PAGE_TLS=proxy behind a proxy that ends TLS)",
    settings.grpcTokensFile === undefined &&
      settings.grpcTlsClientCaFile === undefined &&
      "authentication (SINTONIA_GRPC_TOKENS_FILE or SINTONIA_GRPC_TLS_CLIENT_CA_FILE)",
  ].filter((what) => what !== false);
  if (missing.length === 0) return;
  const exception = "SINTONIA_GRPC_SECURITY=insecure allows that in a network that others guard";
  throw new UserError(`the page on ${pageAddress.host} has no ${missing.join(" and no ")}; set it, or ${exception}`);
}

/**
 * Serves the page if it has an address.
 *
 * @throws {UserError} if the page is not built, or the address cannot be listened on
 */
export async function servePage(
  settings: PageSettings,
  { shutdown, ...context }: PageContext & { readonly shutdown: Shutdown },
): Promise<void> {
  const { pageAddress: address, pageTls } = settings;
  if (address === undefined) return;
  const folder = dirname(fileURLToPath(import.meta.resolve("@sintonia/page/site/index.html")));
  const options = { address, names: pageNames(settings), isProxied: pageTls === "proxy", folder };
  const server = await startPageServer(context, options);
  shutdown.add("page", () => server.close());
}

/** Returns the names by which browsers may reach the page, in lower case. */
function pageNames({ pageAddress, pageHosts = "", advertisedAddress = "" }: PageSettings): readonly string[] {
  const advertised = advertisedAddress.replace(/:\d+$/, "");
  const names = [...pageHosts.split(","), advertised, pageAddress?.host ?? ""];
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
}
