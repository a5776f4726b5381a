export { type DecodeOptions, decodeMessage, encodeMessage } from "./codec.ts";
export type { UnknownFields } from "./codec-decode.ts";
export {
  EncodingError,
  type EncodingFailure,
  InvariantError,
  invariant,
  ProtocolError,
} from "./errors.ts";
export { fieldOptions, messageOptions } from "./gogo-options.ts";
