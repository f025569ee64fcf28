import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { type CallOptions, type Client, ClientError, Metadata, Status } from "nice-grpc";
import { addressesOf, followLeader } from "./following-client.js";
import { LEADER_METADATA } from "./leader-metadata.js";

type AdminClient = Client<AdminServiceDefinition>;

/** A coordinator that answers with its address, or with an error. */
class Coordinator {
  readonly address: string;
  /** Number of calls that it received. */
  calls = 0;
  fault: Status | undefined;
  /** The leader that it names with its fault. */
  leader: string | undefined;
  isClosed = false;

  constructor(address: string) {
    this.address = address;
  }

  get member() {
    const client = {
      getStudy: async (_: unknown, options: CallOptions) => {
        this.#answer(options);
        return { study: { id: this.address } };
      },
      watchStudy: async function* (this: Coordinator, _: unknown, options: CallOptions) {
        this.#answer(options);
        yield { study: { id: this.address } };
        if (this.leader === "lost") this.#answer({}, Status.UNAVAILABLE);
      }.bind(this),
      uploadFile: async (_: unknown, options: CallOptions) => {
        this.#answer(options);
        return { sizeBytes: 1 };
      },
    };
    const close = (): void => {
      this.isClosed = true;
    };
    return { address: this.address, client: client as unknown as AdminClient, close };
  }

  #answer({ onTrailer }: CallOptions, fault = this.fault): void {
    this.calls += 1;
    if (fault === undefined) return;
    onTrailer?.(Metadata(this.leader === undefined ? {} : { [LEADER_METADATA]: this.leader }));
    throw new ClientError("/call", fault, "not the leader");
  }
}

describe("a client of several coordinators", () => {
  let coordinators: [Coordinator, Coordinator, Coordinator];
  let client: AdminClient;
  let close: () => void;

  beforeEach(() => {
    coordinators = [new Coordinator("a:1"), new Coordinator("b:1"), new Coordinator("c:1")];
    ({ client, close } = followLeader(
      AdminServiceDefinition,
      coordinators.map(({ member }) => member),
    ));
  });

  async function answerer(): Promise<string | undefined> {
    return (await client.getStudy({ studyId: "s" })).study?.id;
  }

  it("calls the leader that a follower names, and stays with it", async () => {
    const [a, b] = coordinators;
    a.fault = Status.UNAVAILABLE;
    a.leader = "c:1";
    assert.deepEqual([await answerer(), await answerer()], ["c:1", "c:1"]);
    assert.deepEqual([a.calls, b.calls], [1, 0]);
  });

  it("calls the next one if none is named, or the named one is not in the list", async () => {
    const [a, b] = coordinators;
    a.fault = Status.UNAVAILABLE;
    b.fault = Status.UNAVAILABLE;
    b.leader = "unknown:1";
    assert.equal(await answerer(), "c:1");
  });

  it("asks each one once, and ends with the last error", async () => {
    for (const coordinator of coordinators) {
      coordinator.fault = Status.UNAVAILABLE;
      coordinator.leader = "a:1";
    }
    await assert.rejects(answerer(), { code: Status.UNAVAILABLE });
    assert.ok(coordinators.every(({ calls }) => calls <= 1));
    coordinators[1].fault = undefined;
    assert.equal(await answerer(), "b:1");
  });

  it("turns away after a time limit, without a repeat of the call", async () => {
    const [a] = coordinators;
    a.fault = Status.DEADLINE_EXCEEDED;
    await assert.rejects(answerer(), { code: Status.DEADLINE_EXCEEDED });
    assert.equal(await answerer(), "b:1");
  });

  it("passes on every other error", async () => {
    coordinators[0].fault = Status.NOT_FOUND;
    await assert.rejects(answerer(), { code: Status.NOT_FOUND });
    assert.deepEqual(
      coordinators.map(({ calls }) => calls),
      [1, 0, 0],
    );
  });

  it("opens a stream of answers elsewhere only before its first answer", async () => {
    const [a, b] = coordinators;
    a.fault = Status.UNAVAILABLE;
    b.leader = "lost";
    const received: unknown[] = [];
    const follow = async (): Promise<void> => {
      for await (const { study } of client.watchStudy({ studyId: "s" })) received.push(study?.id);
    };
    await assert.rejects(follow(), { code: Status.UNAVAILABLE });
    assert.deepEqual(received, ["b:1"]);
  });

  it("does not repeat a stream of requests, and turns away for the next one", async () => {
    coordinators[0].fault = Status.UNAVAILABLE;
    const upload = () => client.uploadFile((async function* () {})());
    await assert.rejects(upload(), { code: Status.UNAVAILABLE });
    assert.deepEqual(await upload(), { sizeBytes: 1 });
    assert.equal(coordinators[1].calls, 1);
  });

  it("closes every connection", () => {
    close();
    assert.ok(coordinators.every(({ isClosed }) => isClosed));
  });
});

describe("a list of addresses", () => {
  it("has commas between them", () => {
    assert.deepEqual(addressesOf("a:1, b:2"), ["a:1", "b:2"]);
    assert.deepEqual(addressesOf("a:1"), ["a:1"]);
  });
});
