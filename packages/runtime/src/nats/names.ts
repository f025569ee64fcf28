// The names of the JetStream streams, subjects and consumers. No other file makes them.

import { InvariantError } from "../errors.js";

/** Durable consumer of the stream of assignments, which all trainers share. */
export const TRAINERS_CONSUMER = "trainers";

/** The form of prefixes. Lower case, so that no two have streams of the same name. */
export const PREFIX_FORM = /^[a-z][a-z0-9_-]{0,31}$/;

/** PREFIX_FORM in words. */
export const PREFIX_EXPECTED = "1 to 32 lower-case letters, digits, _ or -, the first a letter";

/** The prefix of an installation that has NATS for itself. */
export const DEFAULT_PREFIX = "sintonia";

/** The programs that connect to NATS. */
export const NATS_ROLES = ["coordinator", "trainer"] as const;

/** A program that connects to NATS. */
export type NatsRole = (typeof NATS_ROLES)[number];

/** The names of one installation. Installations with different prefixes share nothing. */
export class NatsNames {
  readonly #prefix: string;
  /** Stream of the event logs of all studies. */
  readonly events: string;
  /** Stream of the assignments that no trainer has acknowledged. */
  readonly assignments: string;
  /** Stream of the assignments of studies that ask for resources. */
  readonly resourceAssignments: string;
  /** Stream with the record of the leader, the identity of the installation and the cordons. */
  readonly coordinators: string;
  /** Object store of artifacts, checkpoints and files, where JetStream keeps them. */
  readonly content: string;

  /** @throws {InvariantError} if the prefix has another form than PREFIX_FORM */
  constructor(prefix: string = DEFAULT_PREFIX) {
    if (!PREFIX_FORM.test(prefix)) throw new InvariantError(`not a prefix: ${JSON.stringify(prefix)}`);
    this.#prefix = prefix;
    const upper = prefix.toUpperCase();
    this.events = `${upper}_EVENTS`;
    this.assignments = `${upper}_ASSIGNMENTS`;
    this.resourceAssignments = `${upper}_RESOURCE_ASSIGNMENTS`;
    this.coordinators = `${upper}_COORDINATORS`;
    this.content = `${upper}_CONTENT`;
  }

  /** Subject filter that matches the events of all studies: "sintonia.events.*". */
  get allEvents(): string {
    return `${this.#prefix}.events.*`;
  }

  /**
   * Subject of messages that fill a damaged part of the stream of events. No study has this
   * subject: "$" is in no id.
   */
  get fillSubject(): string {
    return `${this.#prefix}.events.$fill`;
  }

  /** Subject filter that matches the assignments of all trials: "sintonia.assignments.*.*". */
  get allAssignments(): string {
    return `${this.#prefix}.assignments.*.*`;
  }

  /**
   * Subject filter that matches the assignments of all studies that ask for resources:
   * "sintonia.resource-assignments.*.*.*".
   */
  get allResourceAssignments(): string {
    return this.classAssignments("*");
  }

  /**
   * Subject filter that matches the assignments of a resource class:
   * "sintonia.resource-assignments.gpu.*.*".
   */
  classAssignments(resourceClass: string): string {
    const checked = resourceClass === "*" ? resourceClass : token(resourceClass);
    return `${this.#prefix}.resource-assignments.${checked}.*.*`;
  }

  /** Subject filter that matches the records of the coordinators: "sintonia.coordinators.*". */
  get allCoordinators(): string {
    return `${this.#prefix}.coordinators.*`;
  }

  /** Stream of the object store of content, as NATS names it. */
  get contentStream(): string {
    return `OBJ_${this.content}`;
  }

  /** Subject filters that match the descriptions and the chunks of all objects. */
  get contentSubjects(): readonly [descriptions: string, chunks: string] {
    return [`$O.${this.content}.M.>`, `$O.${this.content}.C.>`];
  }

  /** Subject of the record of the coordinator that leads. */
  get leaderSubject(): string {
    return `${this.#prefix}.coordinators.leader`;
  }

  /** Subject of the identity of the installation. */
  get installationSubject(): string {
    return `${this.#prefix}.coordinators.installation`;
  }

  /** Subject of the cordoned trainers. */
  get cordonsSubject(): string {
    return `${this.#prefix}.coordinators.cordons`;
  }

  /** Returns the beginning of the subjects on which a program receives answers. */
  inboxPrefix(role: NatsRole): string {
    return `_INBOX.${this.#prefix}.${role}`;
  }

  /**
   * Returns the subject of the events of one study.
   *
   * @throws {InvariantError} if the id is not one valid token of a subject
   */
  eventsSubject(studyId: string): string {
    return `${this.#prefix}.events.${token(studyId)}`;
  }

  /** Returns the id of the study from the subject of one of its events. */
  studyIdOf(subject: string): string {
    return subject.slice(this.allEvents.length - 1);
  }

  /**
   * Returns the subject of the assignments of one trial.
   *
   * @throws {InvariantError} if an id is not one valid token of a subject
   */
  assignmentSubject(studyId: string, trialId: string): string {
    return `${this.#prefix}.assignments.${token(studyId)}.${token(trialId)}`;
  }

  /**
   * Returns the subject of the assignments of one trial of a resource class.
   *
   * @throws {InvariantError} if a name is not one valid token of a subject
   */
  classAssignmentSubject(resourceClass: string, studyId: string, trialId: string): string {
    return `${this.#prefix}.resource-assignments.${token(resourceClass)}.${token(studyId)}.${token(trialId)}`;
  }
}

/** The names of an installation that has NATS for itself. */
export const DEFAULT_NAMES = new NatsNames();

function token(id: string): string {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id))
    throw new InvariantError(`not usable in a NATS subject: ${JSON.stringify(id)}`);
  return id;
}
