// The calls that a coordinator answers: its services behind the gate of the leader, and the checks
// of each answer.

import { leaderGate } from "@sintonia/coordinator/adapters/grpc/edge/leader-gate";
import { presentService } from "@sintonia/coordinator/adapters/grpc/edge/present-service";
import type { TermServices } from "@sintonia/coordinator/adapters/grpc/server";
import type { Standing } from "@sintonia/coordinator/shell/leadership/leading";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";
import { sendPushback } from "@sintonia/runtime/grpc/pushback";
import { behind } from "../network/middleware.js";
import type { Server } from "../network/network.js";
import { overloaded } from "../network/overload.js";
import { collected, streamOf } from "../network/streams.js";
import { type Answerer, checkAnswer, heldLease } from "./answers.js";
import type { Surroundings } from "./surroundings.js";

const METHODS: Readonly<Record<string, { readonly requestStream: boolean; readonly responseStream: boolean }>> = {
  ...TrainerServiceDefinition.methods,
  ...AdminServiceDefinition.methods,
};

interface Led {
  readonly standing: () => Standing;
  readonly services: () => TermServices | undefined;
}

type OnTrailer = Parameters<Server["answer"]>[2];
type Calls = Readonly<Record<string, (request: unknown, options: { onTrailer: OnTrailer }) => unknown>>;

/** Returns the function that answers the calls of the network, and checks each answer. */
export function answering(cluster: Surroundings, own: Answerer, led: Led): Server["answer"] {
  const calls = callsOf(cluster, led);
  const { world } = cluster;
  return async (method, request, onTrailer) => {
    const call = (sent: unknown): unknown => calls[method]?.(sent, { onTrailer });
    const { requestStream = false, responseStream = false } = METHODS[method] ?? {};
    const answers = async (sent: unknown): Promise<unknown[]> => await collected(call(sent) as AsyncIterable<unknown>);
    const checked = async (sent: unknown, answer: () => Promise<unknown>): Promise<unknown> => {
      const arrivedMs = world.nowMs;
      const before = heldLease(cluster, sent);
      const given = await answer();
      checkAnswer(cluster, { own, arrivedMs, before, method, request: sent, answer: given });
      return given;
    };
    if (!requestStream && !responseStream) return await checked(request, async () => await call(request));
    if (!requestStream) return await answers(request);
    const parts = request as readonly unknown[];
    if (responseStream) return [await checked(parts[0], async () => (await answers(streamOf(parts)))[0])];
    const isBroken = world.chance(world.faults.brokenUpload);
    return await call(streamOf(parts, isBroken ? world.random.integer(parts.length + 1) : undefined));
  };
}

/** Returns the calls of both services, behind the middleware of the product's server. */
function callsOf({ world }: Surroundings, { standing, services }: Led): Calls {
  const middleware = [leaderGate(standing), overloaded(world), sendPushback];
  const served = (definition: typeof TrainerServiceDefinition | typeof AdminServiceDefinition, own: object): Calls => {
    const implementation = middleware.reduce((inner, outer) => behind(definition, inner, outer), own);
    return inProcessClient<Calls>(definition, implementation);
  };
  const trainers = presentService(TrainerServiceDefinition, () => services()?.trainer);
  const admins = presentService(AdminServiceDefinition, () => services()?.admin);
  return { ...served(TrainerServiceDefinition, trainers), ...served(AdminServiceDefinition, admins) };
}
