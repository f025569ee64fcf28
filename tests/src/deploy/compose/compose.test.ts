// deploy/compose.yaml against its reader, the services and the manifests of deploy/k8s.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { variablesUnknownTo } from "../environment.js";
import { containersOf, hasKubectl, podOf, render, type Workload, workloads } from "../manifests.js";
import { ROOT, type ServiceName } from "../repository.js";
import { COMPOSE_FILE, composeFile, missingReader, readAsCompose } from "./compose-file.js";

const { services, configs } = composeFile();
const [nats, coordinator, trainers] = ["nats", "coordinator", "trainers"].map((name) => serviceNamed(name)) as [
  ReturnType<typeof serviceNamed>,
  ReturnType<typeof serviceNamed>,
  ReturnType<typeof serviceNamed>,
];
const OWN = { coordinator, trainer: trainers } as const;

describe("deploy/compose.yaml, as Docker Compose reads it,", { skip: missingReader() }, () => {
  it("is accepted without a warning", () => {
    const { services: read } = readAsCompose(COMPOSE_FILE) as { readonly services: object };
    assert.deepEqual(Object.keys(read).sort(), Object.keys(services).sort());
  });

  it("would be refused with an unknown field, so that the test above can fail", (context) => {
    const folder = mkdtempSync(join(tmpdir(), "sintonia-compose-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "compose.yaml");
    writeFileSync(file, readFileSync(COMPOSE_FILE, "utf8").replace("mem_limit: 1g", "memory_limit: 1g"));
    assert.throws(() => readAsCompose(file), /memory_limit/);
  });
});

describe("deploy/compose.yaml", () => {
  it("sets only variables that the services read, to valid values", () => {
    for (const [service, { environment }] of Object.entries(OWN)) {
      assert.deepEqual(variablesUnknownTo(service as ServiceName, environment), [], service);
    }
  });

  it("has addresses of its own services", () => {
    for (const { environment } of [coordinator, trainers]) {
      assert.deepEqual(parseServers(environment["SINTONIA_NATS_URL"] ?? "").addresses, ["nats:4222"]);
    }
    const port = coordinator.environment["SINTONIA_GRPC_PORT"];
    assert.equal(trainers.environment["SINTONIA_COORDINATOR_ADDRESS"], `coordinator:${port}`);
  });

  it("opens the coordinator's ports of gRPC and of the page to this machine alone, and no other port", () => {
    const page = coordinator.environment["SINTONIA_PAGE_ADDRESS"]?.split(":")[1];
    const ports = [coordinator.environment["SINTONIA_GRPC_PORT"], page];
    assert.deepEqual(
      coordinator.ports,
      ports.map((port) => `127.0.0.1:${port}:${port}`),
    );
    assert.deepEqual([nats.ports, trainers.ports], [undefined, undefined]);
  });

  it("restricts every container as the pods of deploy/k8s are", () => {
    for (const [name, each] of Object.entries(services)) {
      assert.equal(each.read_only, true, name);
      assert.deepEqual([each.cap_drop, each.security_opt], [["ALL"], ["no-new-privileges:true"]], name);
    }
  });

  it("mounts every folder that a service writes, and files that exist", () => {
    for (const [name, { environment, volumes }] of Object.entries(OWN)) {
      const mounted = volumes.map((volume) => volume.split(":")[1]);
      for (const [variable, folder] of Object.entries(environment)) {
        if (variable.endsWith("_DIR")) assert.ok(mounted.includes(folder), `${name}: ${variable}`);
      }
    }
    for (const { file } of Object.values(configs)) assert.ok(existsSync(resolve(ROOT, "deploy", file)), file);
  });

  it("builds the images from the services' Dockerfiles", () => {
    for (const [name, { build }] of Object.entries(OWN)) {
      assert.equal(resolve(ROOT, "deploy", build?.context ?? ""), resolve(ROOT), name);
      assert.equal(build?.dockerfile, `services/${name}/Dockerfile`);
    }
  });

  it("ends trainers before the coordinator, and the coordinator before NATS", () => {
    assert.deepEqual([trainers.depends_on, coordinator.depends_on], [["coordinator"], ["nats"]]);
  });
});

describe("deploy/compose.yaml and deploy/k8s/base", {
  skip: hasKubectl() ? false : "kubectl is not on the PATH, so nothing renders the manifests",
}, () => {
  const pods: readonly Workload[] = hasKubectl() ? workloads(render("deploy/k8s/base")) : [];

  for (const name of Object.keys(services)) {
    it(`run the same image, and the same memory limit: ${name}`, () => {
      const [container] = containersOf(podNamed(name));
      const service = serviceNamed(name) as ReturnType<typeof serviceNamed> & { readonly mem_limit: string };
      assert.equal(service.image, container?.image);
      const limit = String(container?.resources?.limits?.["memory"]);
      assert.equal(service.mem_limit, limit.replace("Mi", "m").replace("Gi", "g"));
    });
  }

  it("start NATS alike, with the same configuration", () => {
    const [container] = containersOf(podNamed("nats"));
    assert.deepEqual(nats.entrypoint, container?.command);
    const targets = (nats.configs ?? []).map(({ target }) => target);
    const mounts = (container?.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    for (const target of targets)
      assert.ok(
        mounts.some((path) => target.startsWith(path)),
        target,
      );
  });

  it("give the coordinator the same time to end", () => {
    assert.equal(
      coordinator.stop_grace_period,
      `${podOf(podNamed("coordinator")).spec?.terminationGracePeriodSeconds}s`,
    );
  });

  function podNamed(name: string): Workload {
    const found = pods.find(({ metadata }) => metadata.name === name);
    assert.ok(found, name);
    return found;
  }
});

describe("the health check of the coordinator in deploy/compose.yaml", () => {
  /** Runs the check on another port than the coordinator's. @returns its exit code */
  async function check(port: number): Promise<number> {
    const [, program = "", ...args] = coordinator.healthcheck?.test ?? [];
    assert.equal(program, "node");
    const grpc = coordinator.environment["SINTONIA_GRPC_PORT"] ?? "";
    assert.ok(args.join(" ").includes(`(${grpc}, `));
    const child = spawn(
      process.execPath,
      args.map((arg) => arg.replace(`(${grpc}, `, `(${port}, `)),
    );
    const [code] = (await once(child, "exit")) as [number];
    return code;
  }

  it("passes while the port is open, and fails while it is closed", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { readonly port: number };
    assert.equal(await check(port), 0);
    server.close();
    await once(server, "close");
    assert.equal(await check(port), 1);
  });
});

function serviceNamed(name: string) {
  const found = services[name];
  assert.ok(found, name);
  return found;
}
