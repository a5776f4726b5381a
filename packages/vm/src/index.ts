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
  WasmGasMeter,
} from "./types.ts";
