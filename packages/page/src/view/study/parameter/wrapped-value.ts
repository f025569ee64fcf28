import { ParameterValue } from "@sintonia/proto/sintonia/v1/study";
import type { Value } from "../../../plot/data/study-data.js";

/** Returns a value as the API has it. */
export function wrappedValue(value: Value): ParameterValue {
  switch (typeof value) {
    case "number":
      return ParameterValue.fromPartial({ kind: { $case: "doubleValue", value } });
    case "boolean":
      return ParameterValue.fromPartial({ kind: { $case: "booleanValue", value } });
    default:
      return ParameterValue.fromPartial({ kind: { $case: "categoricalValue", value } });
  }
}
