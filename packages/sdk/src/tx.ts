/** A decoded transaction: what ante decorators and the runner work with. */
import type { MessageRoute } from "./router.ts";

/** Protobuf Any. */
export interface AnyValue {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** A fee's coin as sent; a missing amount stays missing and is refused by ValidateBasic. */
export interface TxCoin {
  readonly denom: string;
  readonly amount: bigint | undefined;
}

/** Numbers of `cosmos.tx.signing.v1beta1.SignMode`. */
export const signModes = {
  unspecified: 0,
  direct: 1,
  textual: 2,
  directAux: 3,
  aminoJson: 127,
  eip191: 191,
} as const;

export type ModeInfo =
  | { readonly kind: "single"; readonly mode: number }
  | {
      readonly kind: "multi";
      /** Which members signed, by position. */
      readonly bits: readonly boolean[];
      readonly modeInfos: readonly ModeInfo[];
    };

export interface SignerInfo {
  readonly publicKey: AnyValue | undefined;
  /** Absent when the transaction leaves it out. */
  readonly modeInfo: ModeInfo | undefined;
  readonly sequence: bigint;
}

export interface TxFee {
  readonly amount: readonly TxCoin[];
  readonly gasLimit: bigint;
  /** Bech32, or empty: the first signer pays. */
  readonly payer: string;
  /** Bech32, or empty. */
  readonly granter: string;
}

export interface DecodedMessage {
  readonly typeUrl: string;
  /** The message's bytes as signed. */
  readonly bytes: Uint8Array;
  readonly value: unknown;
  readonly route: MessageRoute<unknown>;
  /**
   * Account addresses that must sign, worked out when first asked for.
   * @throws {ProtocolError} if one of them does not parse.
   */
  readonly signers: readonly Uint8Array[];
}

export interface DecodedTx {
  /** TxRaw as received. */
  readonly bytes: Uint8Array;
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  readonly messages: readonly DecodedMessage[];
  readonly memo: string;
  readonly timeoutHeight: bigint;
  readonly extensionOptions: readonly AnyValue[];
  readonly nonCriticalExtensionOptions: readonly AnyValue[];
  /** TxBody has unknown fields with bit 11 set: amino JSON cannot sign those. */
  readonly hasUnknownNonCritical: boolean;
  readonly signerInfos: readonly SignerInfo[];
  /** Absent when the transaction leaves it out. */
  readonly fee: TxFee | undefined;
  readonly hasTip: boolean;
  /**
   * All messages' signers in order of first appearance, then the fee payer if it is none of them.
   * @throws {ProtocolError} if an address does not parse; so does `feePayer`.
   */
  readonly signers: readonly Uint8Array[];
  /** Who pays: the named payer or the first signer. */
  readonly feePayer: Uint8Array;
}
