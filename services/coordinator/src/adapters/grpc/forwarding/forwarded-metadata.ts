// The metadata of a call that a follower forwards to the leader, and of its answer.

import { ANSWERED_METADATA, FORWARDED_FOR_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import { type CallerContext, VOUCHED_METADATA } from "@sintonia/runtime/grpc/security/authentication";
import { type CallContext, Metadata } from "nice-grpc-common";

/** Metadata of one connection, which the next connection has of its own. */
const OF_CONNECTION = ["content-type", "user-agent", "te", "date", "host", "accept-encoding"];
const ENCODING = /^grpc-(?:accept-)?encoding$/;

/** Longest address that an entry of the audit log has. Anybody can send one. */
const ADDRESS_MAX_LENGTH = 64;

/** Tells whether a coordinator has forwarded a call. */
export function isForwarded(metadata: Metadata): boolean {
  return metadata.has(FORWARDED_FOR_METADATA);
}

/** Returns the metadata of a call for the leader: what the caller sent, who it is, and where. */
export function forwardedMetadata(context: CallContext & CallerContext): Metadata {
  const { metadata, peer, authorization, hasCertificate, caller } = context;
  const forwarded = copyOf(metadata).set(FORWARDED_FOR_METADATA, peer);
  if (hasCertificate === true) return forwarded.set(VOUCHED_METADATA, Buffer.from(JSON.stringify(caller)));
  return authorization === undefined ? forwarded : forwarded.set("authorization", authorization);
}

/** Copies the metadata of an answer. */
export function passOn(received: Metadata, target: Metadata): void {
  for (const [key, values] of copyOf(received)) if (key !== ANSWERED_METADATA) target.set(key, values as string[]);
}

/** Returns the origin of a forwarded call: its caller, for whose address `via` answers. */
export function originOf({ metadata, peer }: CallContext): Required<Pick<CallerContext, "via">> & { peer: string } {
  return { peer: String(metadata.get(FORWARDED_FOR_METADATA)).slice(0, ADDRESS_MAX_LENGTH), via: peer };
}

function copyOf(metadata: Metadata): Metadata {
  const entries = [...metadata].filter(([key]) => !OF_CONNECTION.includes(key) && !ENCODING.test(key));
  return Metadata(entries as [string, string[]][]);
}
