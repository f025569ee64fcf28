import type { Oracle } from "@sintonia/tuning/oracle/oracle";
export interface TimeResult { readonly observations: number }
export function measureTime(_oracle: Oracle, observations: number): TimeResult { return { observations }; }
