/** One operation for each message of the network; a test holds the list against its router. */
import type { Operation } from "../world.ts";
import { bankOperations } from "./bank.ts";
import { chainOperations } from "./chain.ts";
import { contractOperations } from "./contracts.ts";
import { distributionOperations } from "./distribution.ts";
import { govOperations } from "./gov.ts";
import { grantOperations } from "./grants.ts";
import { secretOperations } from "./secret.ts";
import { stakingOperations } from "./staking.ts";

export const operations: readonly Operation[] = [
  ...bankOperations,
  ...stakingOperations,
  ...distributionOperations,
  ...grantOperations,
  ...govOperations,
  ...chainOperations,
  ...contractOperations,
  ...secretOperations,
];
