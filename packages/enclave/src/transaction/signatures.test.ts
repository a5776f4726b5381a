import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Secp256k1HdWallet, type StdSignDoc, serializeSignDoc } from "@cosmjs/amino";
import {
  accountAddress,
  keccak256,
  Secret,
  secp256k1PublicKey,
  secp256k1Sign,
  sha256,
  truncatedHashAddress,
} from "@tacit/crypto";
import {
  aminoPublicKey,
  eip191SignBytes,
  encodeMessage,
  fromBech32,
  toBase64,
  toBech32,
} from "@tacit/encoding";
import { LegacyAminoPubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import {
  CompactBitArraySchema,
  MultiSignatureSchema,
} from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import type { SignMode } from "@tacit/encoding/proto/cosmos/tx/signing/v1beta1/signing";
import {
  AuthInfoSchema,
  FeeSchema,
  type ModeInfo,
  ModeInfo_MultiSchema,
  ModeInfo_SingleSchema,
  ModeInfoSchema,
  SignerInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { describe, expect, it } from "vitest";
import { type Account, account, executeMessage } from "../../test/chain.ts";
import { SIGN_MODE } from "./sign-bytes.ts";
import { Transaction } from "./transaction.ts";

const NETWORK = { chainId: "secretdev-1", bech32Prefix: "secret" };
const contract = new Uint8Array(20).fill(7);
const message = new Uint8Array(100).fill(8);
const funds = [{ denom: "uscrt", amount: "5" }];

/** What secretjs and Keplr let the user sign for an execute message. */
function aminoDoc(sender: Uint8Array): StdSignDoc {
  return {
    chain_id: NETWORK.chainId,
    account_number: "4",
    sequence: "3",
    fee: { amount: [{ denom: "uscrt", amount: "100" }], gas: "50000" },
    msgs: [
      {
        type: "wasm/MsgExecuteContract",
        value: {
          sender: toBase64(sender),
          contract: toBase64(contract),
          msg: toBase64(message),
          sent_funds: funds,
        },
      },
    ],
    memo: "a < b & c",
  };
}

interface Signing {
  readonly address: Uint8Array;
  readonly publicKey: { readonly typeUrl: string; readonly value: Uint8Array };
  readonly modeInfo: ModeInfo;
  readonly signature: Uint8Array;
}

function transaction(signing: Signing, change: { readonly memo?: string } = {}): Transaction {
  const fields = { sender: signing.address, contract, message, funds };
  const body = create(TxBodySchema, {
    messages: [create(AnySchema, executeMessage(fields))],
    memo: change.memo ?? "a < b & c",
  });
  const authInfo = create(AuthInfoSchema, {
    signerInfos: [
      create(SignerInfoSchema, {
        publicKey: create(AnySchema, signing.publicKey),
        modeInfo: signing.modeInfo,
        sequence: 3n,
      }),
    ],
    fee: create(FeeSchema, { amount: [{ denom: "uscrt", amount: "100" }], gasLimit: 50_000n }),
  });
  const txBytes = encodeMessage(TxRawSchema, {
    bodyBytes: encodeMessage(TxBodySchema, body),
    authInfoBytes: encodeMessage(AuthInfoSchema, authInfo),
    signatures: [signing.signature],
  });
  const { address } = signing;
  const signers = [{ address, accountNumber: 4n, sequence: 3n, publicKey: new Uint8Array(0) }];
  return new Transaction({ index: 0, txBytes, signers }, NETWORK);
}

const single = (mode: number) =>
  create(ModeInfoSchema, {
    sum: { case: "single", value: create(ModeInfo_SingleSchema, { mode: mode as SignMode }) },
  });

const keyOf = (publicKey: Uint8Array) => ({
  typeUrl: "/cosmos.crypto.secp256k1.PubKey",
  value: encodeMessage(PubKeySchema, { key: publicKey }),
});

const isSigned = (tx: Transaction, address: Uint8Array) => tx.authorize(address, () => true);

describe("an amino signature", () => {
  it("made by CosmJS over the wallet's document is good, and for nothing else", async () => {
    const wallet = await Secp256k1HdWallet.fromMnemonic(
      "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love must tape steak together observe swap guitar",
      { prefix: "secret" },
    );
    const [first] = await wallet.getAccounts();
    const { address, pubkey } = first!;
    const sender = Uint8Array.from(fromBech32("secret", address));
    const { signature } = await wallet.signAmino(address, aminoDoc(sender));
    const signing = {
      address: sender,
      publicKey: keyOf(pubkey),
      modeInfo: single(SIGN_MODE.aminoJson),
      signature: Uint8Array.from(Buffer.from(signature.signature, "base64")),
    };
    expect(isSigned(transaction(signing), sender)).toBe(true);
    expect(isSigned(transaction(signing, { memo: "other" }), sender)).toBe(false);
    expect(isSigned(transaction(signing), contract)).toBe(false);
    const direct = { ...signing, modeInfo: single(SIGN_MODE.direct) };
    expect(isSigned(transaction(direct), sender)).toBe(false);
    const textual = { ...signing, modeInfo: single(2) };
    expect(isSigned(transaction(textual), sender)).toBe(false);
  });
});

describe("an EIP-191 signature", () => {
  it("is over the Keccak hash of the indented document", () => {
    const key = new Secret(new Uint8Array(32).fill(9), "test");
    const signer = { ...account(1), key, publicKey: secp256k1PublicKey(key) };
    const address = accountOf(signer);
    const bytes = eip191SignBytes(serializeSignDoc(aminoDoc(address)));
    const signing = {
      address,
      publicKey: keyOf(signer.publicKey),
      modeInfo: single(SIGN_MODE.eip191),
      signature: secp256k1Sign(keccak256(bytes), key),
    };
    expect(isSigned(transaction(signing), address)).toBe(true);
    const sha = { ...signing, signature: secp256k1Sign(sha256(bytes), key) };
    expect(isSigned(transaction(sha), address)).toBe(false);
  });
});

describe("a multisig", () => {
  const members = [account(1), account(2), account(3)];
  const any = {
    typeUrl: "/cosmos.crypto.multisig.LegacyAminoPubKey",
    value: encodeMessage(LegacyAminoPubKeySchema, {
      threshold: 2,
      publicKeys: members.map(({ publicKey }) => create(AnySchema, keyOf(publicKey))),
    }),
  };
  const address = truncatedHashAddress(aminoPublicKey(any));
  const document = sha256(serializeSignDoc(aminoDoc(address)));

  function signedBy(signers: readonly Account[], bits: number): Signing {
    const signatures = signers.map(({ key }) => secp256k1Sign(document, key));
    const bitarray = create(CompactBitArraySchema, {
      extraBitsStored: 3,
      elems: Uint8Array.of(bits),
    });
    const modeInfos = signers.map(() => single(SIGN_MODE.aminoJson));
    const modeInfo = create(ModeInfoSchema, {
      sum: { case: "multi", value: create(ModeInfo_MultiSchema, { bitarray, modeInfos }) },
    });
    const signature = encodeMessage(MultiSignatureSchema, { signatures });
    return { address, publicKey: any, modeInfo, signature };
  }

  it("needs enough distinct members, at their places", () => {
    const [first, second, third] = members as [Account, Account, Account];
    expect(isSigned(transaction(signedBy([first, third], 0b10100000)), address)).toBe(true);
    expect(isSigned(transaction(signedBy([first, second, third], 0b11100000)), address)).toBe(true);
    expect(isSigned(transaction(signedBy([first, third], 0b11000000)), address)).toBe(false);
    expect(isSigned(transaction(signedBy([first], 0b10000000)), address)).toBe(false);
    expect(isSigned(transaction(signedBy([first, first], 0b11000000)), address)).toBe(false);
    expect(isSigned(transaction(signedBy([], 0)), address)).toBe(false);
  });

  it("has the address of its amino form", () => {
    expect(toBech32("secret", address)).toMatch(/^secret1/);
  });
});

function accountOf({ publicKey }: { readonly publicKey: Uint8Array }): Uint8Array {
  return Uint8Array.from(accountAddress(publicKey));
}
