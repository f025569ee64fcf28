// Which connections network policies allow, by the rules of the Kubernetes documentation.

import { BlockList } from "node:net";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { Manifest } from "../manifests.js";

type Policy = INetworkPolicy & Manifest;
type Spec = NonNullable<INetworkPolicy["spec"]>;
type Rule = NonNullable<Spec["ingress"]>[number] & NonNullable<Spec["egress"]>[number];
type Peer = NonNullable<Rule["from"]>[number];
type Selector = NonNullable<Spec["podSelector"]>;

/** An end of a connection. */
export type End =
  | { readonly isPod: true; readonly labels: Readonly<Record<string, string>>; readonly isNeighbour: boolean }
  | { readonly isPod: false; readonly address: string };

/** A connection that a client opens. */
export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  /** @default "TCP" */
  readonly protocol?: "TCP" | "UDP";
}

/**
 * Returns true if the policies of one namespace allow a connection at both of its ends.
 *
 * @param manifests - objects of the namespace; `isNeighbour` pods are in it
 */
export function allows(manifests: readonly Manifest[], connection: Connection): boolean {
  const policies = manifests.filter(({ kind }) => kind === "NetworkPolicy") as Policy[];
  const { from, to } = connection;
  const leaves = passes(policies, "Egress", { subject: from, other: to, connection });
  return leaves && passes(policies, "Ingress", { subject: to, other: from, connection });
}

interface Passage {
  readonly subject: End;
  readonly other: End;
  readonly connection: Connection;
}

/** An end that no policy of the direction selects is open. */
function passes(policies: readonly Policy[], direction: "Ingress" | "Egress", passage: Passage): boolean {
  const { subject, other, connection } = passage;
  const specs = policies.flatMap(({ spec }) => (spec === undefined ? [] : [spec]));
  const selecting = specs.filter((spec) => spec.policyTypes?.includes(direction) && isOwn(spec.podSelector, subject));
  if (selecting.length === 0) return true;
  return selecting.some((spec) => {
    const rules = (direction === "Ingress" ? spec.ingress : spec.egress) as readonly Rule[] | undefined;
    return (rules ?? []).some((rule) => hasPeer(rule, other) && hasPort(rule, connection));
  });
}

function hasPeer({ from, to }: Rule, end: End): boolean {
  const peers = from ?? to;
  return peers === undefined || peers.some((peer) => isPeer(peer, end));
}

function isPeer({ ipBlock, namespaceSelector, podSelector }: Peer, end: End): boolean {
  if (ipBlock !== undefined) return !end.isPod && isInside(ipBlock.cidr, end.address);
  if (namespaceSelector === undefined) return isOwn(podSelector ?? {}, end);
  return end.isPod && matches(podSelector ?? {}, end.labels);
}

function isInside(cidr: string, address: string): boolean {
  const [network = "", bits] = cidr.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return list.check(address);
}

/** Returns true if an end is a pod of the policies' namespace that a selector selects. */
function isOwn(selector: Selector | undefined, end: End): boolean {
  return end.isPod && end.isNeighbour && matches(selector ?? {}, end.labels);
}

function matches({ matchLabels, matchExpressions }: Selector, labels: Readonly<Record<string, string>>): boolean {
  const same = Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return same && (matchExpressions ?? []).every((each) => isIn(each, labels));
}

function isIn(
  { key, operator, values }: { key: string; operator: string; values?: string[] },
  labels: Readonly<Record<string, string>>,
): boolean {
  if (operator !== "In") throw new Error(`the operator ${operator} is not known here`);
  return (values ?? []).includes(labels[key] ?? "");
}

function hasPort({ ports }: Rule, { port, protocol = "TCP" }: Connection): boolean {
  return ports === undefined || ports.some((each) => each.port === port && (each.protocol ?? "TCP") === protocol);
}
