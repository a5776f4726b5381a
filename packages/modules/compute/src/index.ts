export { ContractCallError } from "./call-error.ts";
export { createCodeStore } from "./code-store.ts";
export { countTx } from "./count-tx.ts";
export { type ProposalKeeper, verifyDecisions } from "./enclave-decisions.ts";
export { computeErrors } from "./errors.ts";
export type {
  AccountKeeper,
  BankKeeper,
  CodeStore,
  ComputeCollaborators,
  ComputeOptions,
  DelegationSummary,
  PrivateView,
  StakingKeeper,
  ValidatorSummary,
} from "./expected.ts";
export { defaultGenesis as defaultComputeGenesis } from "./genesis.ts";
export { IbcContracts, zeroAddress } from "./ibc-contracts.ts";
export { computeStoreName, privateStoreName } from "./keys.ts";
export { enclaveMessages } from "./messages.ts";
export { type ComputeModule, createComputeModule } from "./module.ts";
export { type BlockBeginning, BlockRecords } from "./node-sync/block-records.ts";
export { defaultParams } from "./params.ts";
