export type {
  FheCiphertext,
  FheDecryptionRequest,
  FheOperation,
  FhePartial,
  FheWidth,
  ThresholdFhe,
} from "./interface.ts";
export { createFheSimulator } from "./simulator.ts";
