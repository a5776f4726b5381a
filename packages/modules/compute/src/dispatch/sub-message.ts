/** What contracts send on, parsed (privacy protocol section 7.5). */
import type { OutputSubMessage } from "@tacit/enclave-channel";
import type { Coin } from "@tacit/encoding";
import { computeErrors } from "../errors.ts";
import {
  type JsonObject,
  JsonShapeError,
  parseJson,
  readObject,
  readObjects,
  readString,
  readVariant,
} from "../json.ts";

/** Kinds of messages a contract may emit; each has an encoder. */
export type MessageKind =
  | "bank"
  | "staking"
  | "distribution"
  | "wasm"
  | "gov"
  | "stargate"
  | "ibc"
  | "custom"
  | "finalize_tx";

const kinds: ReadonlySet<string> = new Set<MessageKind>([
  "bank",
  "staking",
  "distribution",
  "wasm",
  "gov",
  "stargate",
  "ibc",
  "custom",
  "finalize_tx",
]);

export interface ContractMessage {
  readonly kind: MessageKind;
  /** Which message of the kind; empty where the kind is one message. */
  readonly variant: string;
  readonly fields: JsonObject;
}

const singleKinds: ReadonlySet<string> = new Set(["stargate", "custom", "finalize_tx"]);

/** @throws {SdkError} `compute/10` if the message is none that this chain knows. */
export function parseSubMessage(message: OutputSubMessage): ContractMessage {
  try {
    const [kind, content] = readVariant(parseJson(message.message), "msg");
    if (!kinds.has(kind)) throw computeErrors.invalidMessage.wrap("Unknown variant of Wasm");
    if (singleKinds.has(kind)) {
      return { kind: kind as MessageKind, variant: "", fields: content };
    }
    const [variant, fields] = readVariant(content, kind);
    return { kind: kind as MessageKind, variant, fields };
  } catch (error) {
    throw malformedToError(error);
  }
}

/** Turns a failed read of a contract's JSON into the chain's error. */
export function malformedToError(error: unknown): unknown {
  if (!(error instanceof JsonShapeError)) return error;
  return computeErrors.invalidMessage.wrap(`malformed message, field '${error.path}'`);
}

/** One coin. @throws {JsonShapeError} if it is none. */
export function readCoin(object: JsonObject): Coin {
  const amount = readString(object, "amount");
  if (!/^\d{1,78}$/.test(amount)) throw new JsonShapeError("amount");
  return { denom: readString(object, "denom"), amount: BigInt(amount) };
}

export function readCoinField(object: JsonObject, key: string): Coin {
  return readCoin(readObject(object, key));
}

export function readCoins(object: JsonObject, key: string): Coin[] {
  return readObjects(object, key).map(readCoin);
}
