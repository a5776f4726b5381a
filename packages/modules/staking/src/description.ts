/** How validators present themselves. */
import type { Description } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { sdkErrors, utf8Bytes } from "@tacit/sdk";

/** Stands for the text that is there already. */
const unchanged = "[do-not-modify]";

/** Bytes of each text at most, with its name in refusals; in the order they are judged. */
const limits = [
  ["moniker", "moniker", 70],
  ["identity", "identity", 3000],
  ["website", "website", 140],
  ["securityContact", "security contact", 140],
  ["details", "details", 280],
] as const;

export function isEmptyDescription(description: Description): boolean {
  return limits.every(([field]) => description[field] === "");
}

/** @throws {SdkError} `sdk/18` for the first text that is too long. */
export function assertDescription(description: Description): void {
  for (const [field, name, max] of limits) {
    const { length } = utf8Bytes(description[field]);
    if (length <= max) continue;
    throw sdkErrors.invalidRequest.wrap(`invalid ${name} length; got: ${length}, max: ${max}`);
  }
}

/** @throws {SdkError} `sdk/18` */
export function updatedDescription(
  before: Description | undefined,
  asked: Description,
): Description {
  const updated = { ...asked };
  for (const [field] of limits) {
    if (asked[field] === unchanged) updated[field] = before?.[field] ?? "";
  }
  assertDescription(updated);
  return updated;
}
