/** Failures with codes of codespace `params`. */
import { registerError } from "@tacit/sdk";

export const paramsErrors = {
  unknownSubspace: registerError("params", 2, "unknown subspace"),
  setting: registerError("params", 3, "failed to set parameter"),
  emptyChanges: registerError("params", 4, "submitted parameter changes are empty"),
  emptySubspace: registerError("params", 5, "parameter subspace is empty"),
  emptyKey: registerError("params", 6, "parameter key is empty"),
  emptyValue: registerError("params", 7, "parameter value is empty"),
} as const;
