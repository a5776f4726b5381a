export { ByteReader, ByteWriter } from "./codec.ts";
export type { Fault, FaultKind, Outgoing, Party, Step } from "./party.ts";
export { createSeededRandom } from "./random.ts";
