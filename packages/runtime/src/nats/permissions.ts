// What the accounts of coordinators and trainers need in NATS, and nothing more.

import { type NatsNames, type NatsRole, TRAINERS_CONSUMER } from "./names.js";

/** The subjects that a user of NATS may publish and subscribe. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Returns the permissions of a program. Everything else is to be refused. */
export function permissionsOf(names: NatsNames, role: NatsRole): NatsPermissions {
  const publish = role === "trainer" ? trainerSubjects(names) : coordinatorSubjects(names);
  return { publish, subscribe: [`${names.inboxPrefix(role)}.>`] };
}

/** A trainer takes assignments and acknowledges them. It reads and writes nothing else. */
function trainerSubjects({ assignments, resourceAssignments }: NatsNames): readonly string[] {
  // The consumers of one stream are the resource classes, whose names come from the trainers.
  return [`${assignments}.${TRAINERS_CONSUMER}`, `${resourceAssignments}.*`].flatMap((consumer) => [
    `$JS.API.CONSUMER.INFO.${consumer}`,
    `$JS.API.CONSUMER.MSG.NEXT.${consumer}`,
    `$JS.ACK.${consumer}.>`,
  ]);
}

/** A coordinator makes the streams, writes them, and reads them. It cannot delete a stream. */
function coordinatorSubjects(names: NatsNames): readonly string[] {
  const { events, assignments, resourceAssignments, coordinators, contentStream } = names;
  const streams = [events, assignments, resourceAssignments, coordinators, contentStream].flatMap((stream) =>
    ["INFO", "CREATE", "UPDATE", "MSG.GET"].map((call) => `$JS.API.STREAM.${call}.${stream}`),
  );
  const consumers = [`${assignments}.${TRAINERS_CONSUMER}`, `${resourceAssignments}.*`];
  return [
    names.allEvents,
    names.allAssignments,
    names.allResourceAssignments,
    names.allCoordinators,
    ...names.contentSubjects,
    "$JS.API.INFO",
    ...streams,
    `$JS.API.STREAM.MSG.DELETE.${assignments}`,
    `$JS.API.STREAM.MSG.DELETE.${resourceAssignments}`,
    `$JS.API.STREAM.MSG.DELETE.${events}`,
    `$JS.API.STREAM.PURGE.${coordinators}`,
    `$JS.API.STREAM.PURGE.${contentStream}`,
    ...[events, contentStream].flatMap(readerSubjects),
    ...consumers.flatMap((consumer) => [
      `$JS.API.CONSUMER.INFO.${consumer}`,
      `$JS.API.CONSUMER.DURABLE.CREATE.${consumer}`,
      `$JS.API.CONSUMER.CREATE.${consumer}`,
    ]),
    // A consumer with a filter has the filter in the subject of its creation.
    `$JS.API.CONSUMER.CREATE.${resourceAssignments}.*.${names.allResourceAssignments}`,
  ];
}

/** A reader is a consumer of its own, which the coordinator makes and deletes. */
function readerSubjects(stream: string): readonly string[] {
  const calls = ["CREATE", "INFO", "DELETE", "MSG.NEXT"].map((call) => `$JS.API.CONSUMER.${call}.${stream}.>`);
  return [...calls, `$JS.API.CONSUMER.CREATE.${stream}`];
}
