import { systemClock } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { CordonRegister } from "../../shell/running/cordon-register.js";
import { MemoryCordonStore } from "./cordon-store.js";

/** Returns a register of cordons in memory. */
export function memoryCordons(store = new MemoryCordonStore()): CordonRegister {
  const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
  return new CordonRegister(store, { clock: systemClock, logger });
}
