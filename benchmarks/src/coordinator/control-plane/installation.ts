import type { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { type Connected, connectAdminService } from "@sintonia/runtime/grpc/client";
import { createLogger, type Logger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { startNatsServer } from "@sintonia/tests/support/nats-server";
import { CoordinatorProcess } from "../event-loop/coordinator-process.js";

/** A real nats-server, the real coordinator in its own process, and a client of both. */
export interface Installation {
  readonly coordinator: CoordinatorProcess;
  readonly admin: Connected<AdminServiceDefinition>["client"];
  readonly nats: Awaited<ReturnType<typeof connectNats>>;
  readonly natsUrl: string;
  /** Process id of nats-server. */
  readonly natsPid: number;
  readonly logger: Logger;
}

/** Starts an installation, calls `use`, and ends the installation. */
export async function withInstallation<T>(use: (installation: Installation) => Promise<T>): Promise<T> {
  const server = await startNatsServer();
  const logger = createLogger({ service: "trainer", instance: "synthetic", level: "silent" });
  try {
    const coordinator = await CoordinatorProcess.start(server.url);
    const nats = await connectNats({ settings: { natsUrl: parseServers(server.url) }, name: "trainers", logger });
    const { client: admin, close } = connectAdminService(coordinator.address);
    try {
      return await use({ coordinator, admin, nats, natsUrl: server.url, natsPid: server.pid, logger });
    } finally {
      close();
      await nats.close();
      await coordinator.stop();
    }
  } finally {
    await server.stop();
  }
}
