/** Everything that must hold after every block. */
import { bankInvariants } from "./bank.ts";
import { distributionInvariants } from "./distribution.ts";
import { govInvariants } from "./gov.ts";
import { grantInvariants } from "./grants.ts";
import type { Checked, Invariant } from "./invariant.ts";
import { stakingInvariants } from "./staking.ts";

export const invariants: readonly Invariant[] = [
  ...bankInvariants,
  ...stakingInvariants,
  ...distributionInvariants,
  ...grantInvariants,
  ...govInvariants,
];

/** `name: what`, for each way in which one of them does not hold. */
export function brokenInvariants(checked: Checked): readonly string[] {
  return invariants.flatMap(({ name, broken }) =>
    Array.from(broken(checked), (text) => `${name}: ${text}`),
  );
}
