export {
  ACCOUNT_PREFIX,
  accountAddress,
  CONSENSUS_PREFIX,
  consensusAddress,
  fromAccountAddress,
  fromBech32,
  fromConsensusAddress,
  fromValidatorAddress,
  parseBech32,
  toBech32,
  VALIDATOR_PREFIX,
  validatorAddress,
} from "./address.ts";
export {
  type AnyValue,
  anyToAminoJson,
  goJsonString,
  namedAminoJson,
  toAminoJson,
} from "./amino-json.ts";
export { aminoPublicKey, multisigAminoBytes } from "./amino-keys.ts";
export {
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  toBase64,
  toHex,
  uint64BigEndian,
} from "./bytes.ts";
export { anyToClientJson, type JsonValue, type Types, toClientJson } from "./client-json.ts";
export {
  type FromJsonOptions,
  fromClientJson,
  parseJson,
} from "./client-json-parse.ts";
export { type DecodeOptions, decodeMessage, encodeMessage } from "./codec.ts";
export { typeNameOf, type UnknownFields } from "./codec-decode.ts";
export {
  addCoins,
  amountOf,
  byDenom,
  type Coin,
  type Coins,
  checkCoins,
  checkDenom,
  coinFromWire,
  coinsFromWire,
  coinsToText,
  coinsToWire,
  coinToText,
  coinToWire,
  coversCoins,
  equalCoins,
  isDenom,
  makeCoins,
  NO_COINS,
  parseCoin,
  parseCoins,
  subtractCoins,
  type WireCoin,
} from "./coins.ts";
export { toCompactText } from "./compact-text.ts";
export { DEC_PLACES, Dec } from "./dec.ts";
export {
  EncodingError,
  type EncodingFailure,
  InvariantError,
  invariant,
  ProtocolError,
} from "./errors.ts";
export { fieldOptions, messageOptions } from "./gogo-options.ts";
export { checkInt256, parseInt256 } from "./int.ts";
export { createTypeRegistry, type TypeRegistry } from "./registry.ts";
export {
  type AminoSignDoc,
  aminoSignBytes,
  aminoSignText,
  directSignBytes,
  eip191SignBytes,
  indentJson,
} from "./sign-doc.ts";
export {
  durationText,
  goDurationText,
  type Instant,
  parseDuration,
  parseTimestamp,
  secondsText,
  timestampText,
  timestampTextShort,
} from "./time-text.ts";
