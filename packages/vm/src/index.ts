export { createAddressApi } from "./addresses.ts";
export { checkCode } from "./check.ts";
export { type ContractEngine, createEngine, type EngineOptions } from "./engine.ts";
export { VmError, vmFailureSentence } from "./errors.ts";
export { GAS_MULTIPLIER } from "./gas.ts";
export { callWithGasReport, type GasReport, type HostCallGas } from "./gas-report.ts";
export { ENGINE_STACK_MB } from "./limits.ts";
export type {
  AddressApi,
  ContractAbi,
  ContractAnalysis,
  ContractCall,
  ContractCallResult,
  ContractCrypto,
  ContractQuerier,
  ContractStorage,
  EntryPoint,
  VmFailure,
} from "./types.ts";
