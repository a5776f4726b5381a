import { ThresholdError } from "../errors.ts";
import type { Group } from "../groups/group.ts";

/**
 * A share multiplies points that attackers choose, again and again: by constant-time code only.
 *
 * @throws {ThresholdError} `threshold/backend` for a backend of bigints.
 */
export function assertHidesSecrets<P>({ backend }: Group<P>): void {
  if (backend !== "libsodium" && backend !== "wasm") {
    throw new ThresholdError({ code: "threshold/backend", backend });
  }
}
