// How the coordinators of an installation reach one another.

import { hostname } from "node:os";
import { clientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { addressOf } from "@sintonia/runtime/grpc/server";
import type { LinkSecurity } from "./adapters/grpc/forwarding/leader-link.js";
import type { CoordinatorConfig } from "./config.js";

type AddressSettings = Pick<CoordinatorConfig, "advertisedAddress" | "grpcHost">;

/** The settings of the calls to another coordinator. */
export type LinkSettings = Pick<
  CoordinatorConfig,
  "grpcTlsCertFile" | "coordinatorTlsName" | "coordinatorCaFile" | "coordinatorCertFile" | "coordinatorKeyFile"
>;

/** Addresses that stand for all of a machine. */
const ANY = ["0.0.0.0", "::", "[::]"];

/**
 * Returns the address, "host:port", at which clients and other coordinators reach this process.
 *
 * @param port - that of the gRPC server, for an advertised address without one
 */
export function addressForOthers({ advertisedAddress, grpcHost }: AddressSettings, port: number): string {
  if (advertisedAddress === undefined) return addressOf(ANY.includes(grpcHost) ? hostname() : grpcHost, port);
  const hasPort = /^(?:[^:]+|\[.*\]):\d+$/.test(advertisedAddress);
  return hasPort ? advertisedAddress : addressOf(advertisedAddress, port);
}

/**
 * Returns the security of the calls to another coordinator: TLS where this one has it too.
 *
 * @throws {UserError} if a file cannot be used
 */
export function linkSecurity(settings: LinkSettings): LinkSecurity {
  const { grpcTlsCertFile, coordinatorTlsName: tlsName } = settings;
  const { coordinatorCaFile, coordinatorCertFile, coordinatorKeyFile } = settings;
  if (grpcTlsCertFile === undefined) return {};
  const files = { coordinatorCaFile, coordinatorCertFile, coordinatorKeyFile };
  const security = clientSecurity({ coordinatorTls: "on", ...files }, "");
  return { ...security, tlsName, mayVouch: coordinatorCertFile !== undefined };
}
