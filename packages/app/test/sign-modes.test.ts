import {
  createMultisigThresholdPubkey,
  encodeSecp256k1Pubkey,
  makeSignDoc,
  pubkeyToAddress,
  Secp256k1Wallet,
} from "@cosmjs/amino";
import { encodePubkey } from "@cosmjs/proto-signing";
import { keccak256, secp256k1Sign } from "@tacit/crypto";
import { encodeMessage, fromBase64, fromHex, toHex } from "@tacit/encoding";
import { MultiSignatureSchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { SignMode } from "@tacit/encoding/proto/cosmos/tx/signing/v1beta1/signing";
import {
  AuthInfoSchema,
  type ModeInfo,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { MetaMaskWallet } from "secretjs";
import { describe, expect, it } from "vitest";
import { blockOf, createBankChain, testChainId } from "./bank-chain.ts";
import { sendMessage, type TestAccount, testAccount } from "./signing.ts";

const gas = "200000";
const fee = { amount: [{ denom: "uscrt", amount: "2500" }], gas };

function setUp(extra: readonly TestAccount[] = []) {
  const accounts = [testAccount(0), testAccount(1), ...extra];
  const chain = createBankChain({ accounts });
  const [from, to] = accounts.map(({ address }) => chain.addresses.toText(address));
  return { ...chain, from: from!, to: to!, account: accounts[0]! };
}

interface SendOptions {
  readonly from: string;
  readonly to: string;
  readonly memo: string;
  readonly sequence?: number;
}

/** What wallets sign for a bank send. */
function signDocOf({ from, to, memo, sequence = 0 }: SendOptions) {
  const value = { from_address: from, to_address: to, amount: [{ denom: "uscrt", amount: "7" }] };
  const message = { type: "cosmos-sdk/MsgSend", value };
  return makeSignDoc([message], fee, testChainId, memo, 0, sequence);
}

function txOf(options: SendOptions, mode: SignMode, publicKey: Uint8Array, signature: Uint8Array) {
  const { from, to, memo, sequence = 0 } = options;
  const value = encodeMessage(PubKeySchema, { key: publicKey });
  return encodeMessage(TxRawSchema, {
    bodyBytes: bodyOf(from, to, memo),
    authInfoBytes: encodeMessage(AuthInfoSchema, {
      signerInfos: [
        {
          publicKey: anyOf("/cosmos.crypto.secp256k1.PubKey", value),
          modeInfo: singleMode(mode),
          sequence: BigInt(sequence),
        },
      ],
      fee: { amount: fee.amount, gasLimit: BigInt(gas) },
    }),
    signatures: [signature],
  });
}

function anyOf(typeUrl: string, value: Uint8Array) {
  return { $typeName: "google.protobuf.Any" as const, typeUrl, value };
}

function singleMode(mode: SignMode): ModeInfo {
  return {
    $typeName: "cosmos.tx.v1beta1.ModeInfo",
    sum: { case: "single", value: { $typeName: "cosmos.tx.v1beta1.ModeInfo.Single", mode } },
  };
}

function bodyOf(from: string, to: string, memo: string): Uint8Array {
  return encodeMessage(TxBodySchema, { messages: [sendMessage(from, to, "7")], memo });
}

describe("amino JSON signatures of CosmJS", () => {
  const sign = async (chain: ReturnType<typeof setUp>, memo: string) => {
    const wallet = await Secp256k1Wallet.fromKey(chain.account.key.reveal(), "secret");
    const { signature } = await wallet.signAmino(chain.from, signDocOf({ ...chain, memo }));
    return fromBase64(signature.signature);
  };

  it("pass, with characters in the memo that Go escapes", async () => {
    const chain = setUp();
    const memo = '<b> & "quoted" ü';
    const tx = txOf(
      { ...chain, memo },
      SignMode.LEGACY_AMINO_JSON,
      chain.account.publicKey,
      await sign(chain, memo),
    );
    expect(chain.machine.finalizeBlock(blockOf(1n, [tx])).txResults[0]).toMatchObject({ code: 0 });
  });

  it("do not pass for another memo, and say what to look at", async () => {
    const chain = setUp();
    const signature = await sign(chain, "a");
    const tx = txOf(
      { ...chain, memo: "b" },
      SignMode.LEGACY_AMINO_JSON,
      chain.account.publicKey,
      signature,
    );
    expect(chain.machine.finalizeBlock(blockOf(1n, [tx])).txResults[0]).toMatchObject({
      code: 4,
      log: expect.stringMatching(
        /^signature verification failed; please verify account number \(0\), sequence \(0\) and chain-id \(test-1\): .*: unauthorized$/,
      ),
    });
  });
});

describe("MetaMask signatures of secretjs", () => {
  it("pass", async () => {
    const chain = setUp();
    const { key, publicKey } = chain.account;
    const provider = {
      request: async ({ params }: { params: string[] }) => {
        const message = fromHex(params[0]!.replace(/^0x/, ""));
        const frame = `\x19Ethereum Signed Message:\n${message.length}`;
        const digest = keccak256(Uint8Array.of(...new TextEncoder().encode(frame), ...message));
        return `0x${toHex(secp256k1Sign(digest, key))}1b`;
      },
    };
    const Wallet = MetaMaskWallet as unknown as new (
      ...parts: unknown[]
    ) => {
      signAmino(address: string, doc: unknown): Promise<{ signature: { signature: string } }>;
    };
    const wallet = new Wallet(provider, "0x0", publicKey);
    const { signature } = await wallet.signAmino(chain.from, signDocOf({ ...chain, memo: "x" }));
    const tx = txOf(
      { ...chain, memo: "x" },
      SignMode.EIP_191,
      publicKey,
      fromBase64(signature.signature),
    );
    expect(chain.machine.finalizeBlock(blockOf(1n, [tx])).txResults[0]).toMatchObject({ code: 0 });
  });
});

describe("multisig signatures of CosmJS", () => {
  const members = [testAccount(10), testAccount(11), testAccount(12)];
  const group = createMultisigThresholdPubkey(
    members.map(({ publicKey }) => encodeSecp256k1Pubkey(publicKey)),
    2,
    true,
  );
  const address = pubkeyToAddress(group, "secret");

  const signedBy = async (count: number, forged = false) => {
    const probe = createBankChain({ accounts: [] });
    const shared = {
      ...testAccount(0),
      address: probe.addresses.toBytes(address),
      accountNumber: 0n,
    };
    const chain = createBankChain({ accounts: [shared, { ...testAccount(1) }] });
    const to = chain.addresses.toText(testAccount(1).address);
    const doc = signDocOf({ from: address, to, memo: "" });
    const signatures: Uint8Array[] = [];
    for (const [index, member] of members.slice(0, count).entries()) {
      const signer = forged && index === 1 ? members[2]! : member;
      const wallet = await Secp256k1Wallet.fromKey(signer.key.reveal(), "secret");
      const [account] = await wallet.getAccounts();
      const { signature } = await wallet.signAmino(account!.address, doc);
      signatures.push(Uint8Array.from(fromBase64(signature.signature)));
    }
    const tx = multisigTx(bodyOf(address, to, ""), signatures);
    return chain.machine.finalizeBlock(blockOf(1n, [tx])).txResults[0];
  };

  /** Signed by the first members of the group, as many as there are signatures. */
  function multisigTx(bodyBytes: Uint8Array, signatures: readonly Uint8Array[]): Uint8Array {
    const { typeUrl, value } = encodePubkey(group);
    const bits = [0x00, 0x80, 0xc0, 0xe0][signatures.length]!;
    const authInfoBytes = encodeMessage(AuthInfoSchema, {
      signerInfos: [
        {
          publicKey: anyOf(typeUrl, value),
          modeInfo: {
            sum: {
              case: "multi",
              value: {
                bitarray: { extraBitsStored: 3, elems: Uint8Array.of(bits) },
                modeInfos: signatures.map(() => singleMode(SignMode.LEGACY_AMINO_JSON)),
              },
            },
          },
        },
      ],
      fee: { amount: fee.amount, gasLimit: BigInt(gas) },
    });
    const signature = encodeMessage(MultiSignatureSchema, { signatures: [...signatures] });
    return encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [signature] });
  }

  it("pass with two of three members", async () => {
    expect(await signedBy(2)).toMatchObject({ code: 0 });
  });

  it("pass with all members", async () => {
    expect(await signedBy(3)).toMatchObject({ code: 0 });
  });

  it("do not pass with one member", async () => {
    expect(await signedBy(1)).toMatchObject({ code: 4, codespace: "sdk" });
  });

  it("do not pass if one member's is another's", async () => {
    expect(await signedBy(2, true)).toMatchObject({ code: 4, codespace: "sdk" });
  });
});
