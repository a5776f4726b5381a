/** Contract messages as messages of the chain, signed by the contract. */
import type { AddressCodec, AnyValue } from "@tacit/sdk";
import { computeErrors } from "../errors.ts";
import {
  encodeBank,
  encodeDistribution,
  encodeGov,
  encodeStaking,
  encodeStargate,
} from "./encode-chain.ts";
import { encodeWasm } from "./encode-wasm.ts";
import { type ContractMessage, type MessageKind, malformedToError } from "./sub-message.ts";

export interface EncodeInput {
  /** Address of the contract. */
  readonly sender: Uint8Array;
  readonly addresses: AddressCodec;
  readonly message: ContractMessage;
  /** What authorises a message to a contract. */
  readonly callbackSignature: Uint8Array | undefined;
}

type Encoder = (input: EncodeInput) => readonly AnyValue[];

const encoders: Readonly<Record<MessageKind, Encoder>> = {
  bank: encodeBank,
  staking: encodeStaking,
  distribution: encodeDistribution,
  wasm: encodeWasm,
  gov: encodeGov,
  stargate: encodeStargate,
  ibc: () => {
    throw computeErrors.unsupportedForContract.wrap("ibc not supported");
  },
  custom: () => {
    throw computeErrors.invalidMessage.wrap("Custom variant not supported");
  },
  finalize_tx: () => {
    throw computeErrors.invalidMessage.wrap("Unknown variant of Wasm");
  },
};

/**
 * The messages to send, in order; none for an empty transfer.
 * @throws {SdkError} `compute/10` and others for what the chain does not know.
 */
export function encodeContractMessage(input: EncodeInput): readonly AnyValue[] {
  try {
    return encoders[input.message.kind](input);
  } catch (error) {
    throw malformedToError(error);
  }
}
