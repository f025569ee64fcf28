// Tests on a Docker engine: the port contracts on NATS in a container, and a study in our images.
import { after, describe, it } from "node:test";
import { type Docker, openDocker } from "@sintonia/scripts/docker/docker";
import { describeBuiltImage } from "./built-image.js";
import { describeCompose } from "./compose.js";
import { describeNatsContracts } from "./nats.js";
import { describeStudy } from "./study.js";

const docker = await openDocker().catch((error: Error) => error.message);
if (typeof docker === "string") it("containers", { skip: docker }, () => undefined);
else describe("containers", () => describeContainers(docker));

function describeContainers(engine: Docker): void {
  Object.assign(process.env, engine.environment);
  after(() => engine.close());
  describeNatsContracts(engine.images.nats);
  describeBuiltImage(engine);
  describeStudy(engine);
  describeCompose(engine);
}
