// The HEALTHCHECK of the image, which has no shell to ask for the health. Exit code 0 if the
// coordinator of this container serves; else 1 and one line with the fault.

import { isVerbose } from "@sintonia/runtime/config";
import { UserError } from "@sintonia/runtime/errors";
import { runMain } from "@sintonia/runtime/lifecycle";
import { healthFault } from "@sintonia/runtime/process/health-check";
import { readCoordinatorConfig } from "./config.js";

/** Below the time limit of HEALTHCHECK (5 s), so that the line is printed. */
const ANSWER_MS = 3_000;

await runMain("sintonia-coordinator healthcheck", check, { verbose: isVerbose(process.env, process.argv) });

async function check(): Promise<void> {
  const { grpcPort, healthPort, grpcTlsCertFile } = readCoordinatorConfig(process.env);
  if (healthPort === undefined && grpcTlsCertFile !== undefined)
    throw new UserError("the gRPC port wants TLS; set SINTONIA_HEALTH_PORT to a port for health checks");
  const fault = await healthFault(`127.0.0.1:${healthPort ?? grpcPort}`, ANSWER_MS);
  if (fault === undefined) return;
  throw new UserError(
    `${fault}; it still starts, no coordinator leads, or NATS or the state folder fails: its log has the reason`,
  );
}
