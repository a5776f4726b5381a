/** What each ante decorator refuses, in the words that clients parse. */
import { secp256k1Sign, sha256 } from "@tacit/crypto";
import { directSignBytes, encodeMessage } from "@tacit/encoding";
import { PubKeySchema as Ed25519PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { LegacyAminoPubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import { MultiSignatureSchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import {
  AuthInfoSchema,
  SignDocDirectAuxSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { parsePublicKey } from "@tacit/module-auth";
import { signModes } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { alice, bob, type Changes, publicKeyOf, setUp } from "./ante-set-up.ts";
import { testChainId } from "./bank-chain.ts";
import { type TestAccount, testAccount } from "./signing.ts";

describe("a transaction is refused", () => {
  const { send, text } = setUp();
  const refusal = (changes: Changes) => setUp().refusal(changes);

  it("without a message", () => {
    expect(refusal({ messages: [] })).toBe(
      "sdk/18: must contain at least one message: invalid request",
    );
  });

  it("with an extension that is critical and known to nobody", () => {
    expect(refusal({ body: { extensionOptions: [send()] } })).toBe(
      "sdk/31: unknown extension options",
    );
  });

  it("with an extension of an unknown type, critical or not", () => {
    const any = { typeUrl: "/x.y.Z", value: new Uint8Array() };
    expect(refusal({ body: { extensionOptions: [any] } })).toMatch(/^sdk\/2: .*\/x\.y\.Z/);
    expect(refusal({ body: { nonCriticalExtensionOptions: [any] } })).toMatch(/^sdk\/2: /);
  });

  it("with a critical field that later versions have: unordered, with a time", () => {
    expect(refusal({ bodyTail: Uint8Array.of(0x20, 1) })).toMatch(/^sdk\/2: .*tx parse error$/);
    expect(refusal({ bodyTail: Uint8Array.of(0x2a, 0) })).toMatch(/^sdk\/2: .*tx parse error$/);
  });

  it("without a signature, or with too many", () => {
    expect(refusal({ signatures: [] })).toBe("sdk/15: no signatures supplied");
    expect(refusal({ signatures: [new Uint8Array(64), new Uint8Array(64)] })).toBe(
      "sdk/4: wrong number of signers; expected 1, got 2: unauthorized",
    );
  });

  it("with signatures of fewer signers than sign", () => {
    const messages = [send(), send(bob, alice)];
    expect(refusal({ messages, signatures: [new Uint8Array(64), new Uint8Array(64)] })).toBe(
      "sdk/4: invalid number of signer;  expected: 2, got 1: unauthorized",
    );
  });

  it("after its height", () => {
    const chain = setUp();
    chain.block(2n);
    chain.block(3n);
    expect(chain.refusal({ body: { timeoutHeight: 2n } })).toBe(
      "sdk/30: block height: 3, timeout height: 2: tx timeout height",
    );
    expect(chain.refusal({ body: { timeoutHeight: 3n } })).toBe("/0: ");
  });

  it("with a memo that is longer than parameters allow, in bytes", () => {
    expect(refusal({ body: { memo: "ü".repeat(129) } })).toBe(
      "sdk/12: maximum number of characters is 256 but received 258 characters: memo too large",
    );
  });

  it("without gas, with more than a block has, or more than there is", () => {
    expect(refusal({ fee: { gasLimit: 0n } })).toMatch(/^sdk\/11: out of gas in location: /);
    expect(setUp({ maxGas: 100n }).refusal({ fee: { gasLimit: 101n } })).toBe(
      "sdk/41: tx gas limit 101 exceeds block max gas 100: invalid gas limit",
    );
    expect(refusal({ fee: { gasLimit: 1n << 63n } })).toBe(
      "sdk/18: invalid gas supplied; 9223372036854775808 > 9223372036854775807: invalid request",
    );
  });

  it("with gas for less than its own bytes", () => {
    expect(refusal({ fee: { gasLimit: 1_000n } })).toMatch(
      /^sdk\/11: out of gas in location: txSize; gasWanted: 1000, gasUsed: \d+: out of gas$/,
    );
  });

  it("with a fee below this node's price, of any denomination", () => {
    const minGasPrices = [
      { denom: "uatom", amount: 10n ** 18n },
      { denom: "uscrt", amount: 25n * 10n ** 15n },
    ];
    const chain = setUp({ minGasPrices });
    const fee = { amount: [{ denom: "uscrt", amount: "4999" }] };
    expect(chain.refusal({ fee })).toBe(
      "sdk/13: insufficient fees; got: 4999uscrt required: 200000uatom,5000uscrt: insufficient fee",
    );
    expect(chain.refusal({ fee: { amount: [] } })).toBe(
      "sdk/13: insufficient fees; got:  required: 200000uatom,5000uscrt: insufficient fee",
    );
    expect(chain.refusal({ fee: { amount: [{ denom: "uscrt", amount: "5000" }] } })).toBe("/0: ");
  });

  it("with a fee that is no sum of coins", () => {
    const coin = (amount: string, denom = "uscrt") => ({ denom, amount });
    const of = (...amount: readonly object[]) => refusal({ fee: { amount } });
    expect(of(coin("-1"))).toBe("sdk/13: invalid fee provided: -1uscrt: insufficient fee");
    expect(of(coin("2"), coin("1", "uatom"))).toBe(
      "sdk/13: invalid fee amount: 2uscrt,1uatom: insufficient fee",
    );
    expect(of(coin("1"), coin("1"))).toBe(
      "sdk/13: invalid fee amount: 1uscrt,1uscrt: insufficient fee",
    );
    expect(of(coin("1", "1x"))).toBe("sdk/13: invalid fee amount: 11x: insufficient fee");
  });

  it("with a fee that its payer does not have", () => {
    const amount = [{ denom: "uscrt", amount: "1000000001" }];
    expect(refusal({ fee: { amount } })).toBe(
      "sdk/5: spendable balance 1000000000uscrt is smaller than 1000000001uscrt: insufficient funds: insufficient funds",
    );
  });

  it("with a payer that is no address, or has not signed", () => {
    expect(refusal({ fee: { payer: "secret1x" } })).toMatch(
      /^sdk\/7: Invalid fee payer address \(.*\): invalid address$/,
    );
    expect(refusal({ fee: { payer: text(bob.address) } })).toBe(
      "sdk/4: wrong number of signers; expected 2, got 1: unauthorized",
    );
  });

  it("with a granter on a chain without grants", () => {
    expect(refusal({ fee: { granter: text(bob.address) } })).toBe(
      "sdk/18: fee grants are not enabled: invalid request",
    );
  });

  it("without a fee", () => {
    expect(refusal({ fee: undefined })).toMatch(/^undefined\/111222: /);
  });

  it("with another account's key", () => {
    expect(refusal({ publicKey: publicKeyOf(bob) })).toBe(
      `sdk/8: pubKey does not match signer address ${text(alice.address)} with signer index: 0: invalid pubkey`,
    );
  });

  it("without saying who signs", () => {
    expect(refusal({ signers: [], signatures: [new Uint8Array(64)] })).toBe(
      "sdk/4: invalid number of signer;  expected: 1, got 0: unauthorized",
    );
  });

  it("with a key of consensus", () => {
    const value = encodeMessage(Ed25519PubKeySchema, { key: sha256(alice.publicKey) });
    const publicKey = { typeUrl: "/cosmos.crypto.ed25519.PubKey", value };
    const { address } = parsePublicKey(publicKey);
    const account = { ...alice, address };
    const chain = setUp({ accounts: [account, bob] });
    expect(chain.refusal({ messages: [chain.send(account)], publicKey })).toBe(
      "sdk/8: ED25519 public keys are unsupported: invalid pubkey",
    );
  });

  it("with another sequence", () => {
    expect(refusal({ sequence: 7n })).toBe(
      "sdk/32: account sequence mismatch, expected 0, got 7: incorrect account sequence",
    );
  });

  it("with a mode that the chain does not have", () => {
    const because = (mode: number) => refusal({ mode }).replace(/^.*chain-id \(test-1\): /, "");
    expect(because(signModes.textual)).toBe(
      "(unsuppored sign mode SIGN_MODE_TEXTUAL): unauthorized",
    );
    expect(because(0)).toBe("(unsupported sign mode SIGN_MODE_UNSPECIFIED): unauthorized");
    expect(because(77)).toBe("(unsupported sign mode 77): unauthorized");
  });

  it("with a tip that its amino signature cannot show", () => {
    const tip = { tipper: text(bob.address), amount: [] };
    expect(refusal({ mode: signModes.aminoJson, tip })).toContain(
      "chain-id (test-1): tips are not supported: unauthorized",
    );
  });

  it("with a signature of something else, showing both on Secret's network alone", () => {
    const signatures = [new Uint8Array(64).fill(1)];
    expect(refusal({ signatures })).toMatch(
      /^sdk\/4: signature verification failed; please verify account number \(0\) and chain-id \(test-1\): \(unable to verify single signer signature (01){64} for signBytes 0a[0-9a-f]+\): unauthorized$/,
    );
    expect(refusal({ signatures, mode: signModes.aminoJson })).toMatch(
      /^sdk\/4: .* account number \(0\), sequence \(0\) and chain-id \(test-1\): unable to verify single signer signature (01){64} for signBytes 7b[0-9a-f]+: unauthorized$/,
    );
    expect(refusal({ signatures, mode: signModes.eip191 })).toMatch(
      /^sdk\/4: .* account number \(0\) and chain-id \(test-1\): \(unable to verify single signer eip191 signature (01){64} for signBytes 19[0-9a-f]+\): unauthorized$/,
    );
    const upstream = setUp({ eip191: false });
    expect(upstream.refusal({ signatures })).toBe(
      "sdk/4: signature verification failed; please verify account number (0) and chain-id (test-1): (unable to verify single signer signature): unauthorized",
    );
    expect(upstream.refusal({ signatures, mode: signModes.aminoJson })).toBe(
      "sdk/4: signature verification failed; please verify account number (0), sequence (0) and chain-id (test-1): unauthorized",
    );
    expect(upstream.refusal({ signatures, mode: signModes.eip191 })).toContain(
      "(unsupported sign mode SIGN_MODE_EIP_191)",
    );
  });
});

describe("signers who do not pay", () => {
  /** Two senders; the first pays and signs everything, the second signs in mode DIRECT_AUX. */
  function twoSigners(auxSigner: 0 | 1) {
    const chain = setUp();
    const { send } = chain;
    const bodyBytes = encodeMessage(TxBodySchema, {
      messages: [send(alice, bob), send(bob, alice)].map(({ typeUrl, value }) => ({
        typeUrl,
        value,
      })),
    });
    const modes = [0, 1].map((index) =>
      index === auxSigner ? signModes.directAux : signModes.direct,
    );
    const authInfoBytes = encodeMessage(AuthInfoSchema, {
      signerInfos: [alice, bob].map((account, index) => ({
        publicKey: publicKeyOf(account),
        modeInfo: { sum: { case: "single" as const, value: { mode: modes[index] as 1 } } },
      })),
      fee: { amount: [{ denom: "uscrt", amount: "2500" }], gasLimit: 200_000n },
    });
    const signatures = [alice, bob].map((account, index) => {
      const { accountNumber, key } = account;
      const doc = { bodyBytes, chainId: testChainId, accountNumber };
      const bytes =
        index === auxSigner
          ? encodeMessage(SignDocDirectAuxSchema, { ...doc, publicKey: publicKeyOf(account) })
          : directSignBytes({ ...doc, authInfoBytes });
      return secp256k1Sign(sha256(bytes), key);
    });
    const tx = encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures });
    return { ...chain, result: chain.machine.checkTx(tx, "check") };
  }

  it("sign in mode DIRECT_AUX, without the fee", () => {
    expect(twoSigners(1).result).toMatchObject({ code: 0, log: "" });
  });

  it("cannot be the one who pays", () => {
    const { result, text } = twoSigners(0);
    expect(result.log).toContain(
      `(fee payer ${text(alice.address)} cannot sign with SIGN_MODE_DIRECT_AUX: unauthorized): unauthorized`,
    );
  });
});

describe("groups of keys", () => {
  const members = [testAccount(20), testAccount(21), testAccount(22), testAccount(23)];
  type Key = { readonly typeUrl: string; readonly value: Uint8Array };
  type Signed =
    | { readonly by: TestAccount; readonly forged?: boolean }
    | { readonly bits: string; readonly signed: readonly Signed[]; readonly extra?: number };

  const group = (threshold: number, publicKeys: readonly Key[]): Key => ({
    typeUrl: "/cosmos.crypto.multisig.LegacyAminoPubKey",
    value: encodeMessage(LegacyAminoPubKeySchema, { threshold, publicKeys: [...publicKeys] }),
  });

  /** Two of: one key, and one of two keys; and a third key. */
  const inner = group(1, [publicKeyOf(members[1]!), publicKeyOf(members[2]!)]);
  const nested = group(2, [publicKeyOf(members[0]!), inner, publicKeyOf(members[3]!)]);

  function modeOf(signed: Signed): object {
    if ("by" in signed) return { sum: { case: "single", value: { mode: 1 } } };
    const bits = [...signed.bits];
    const byte = bits.reduce((sum, bit, at) => sum | (bit === "1" ? 1 << (7 - at) : 0), 0);
    return {
      sum: {
        case: "multi",
        value: {
          bitarray: { extraBitsStored: bits.length % 8, elems: Uint8Array.of(byte) },
          modeInfos: signed.signed.map(modeOf),
        },
      },
    };
  }

  function signatureOf(signed: Signed, bytes: Uint8Array): Uint8Array {
    if ("by" in signed) {
      return secp256k1Sign(sha256(signed.forged ? Uint8Array.of(0) : bytes), signed.by.key);
    }
    const signatures = signed.signed.map((one) => signatureOf(one, bytes));
    for (let left = signed.extra ?? 0; left > 0; left--) signatures.push(new Uint8Array(64));
    return encodeMessage(MultiSignatureSchema, { signatures });
  }

  function run(key: Key, signed: Signed, txKey = key) {
    const account = { ...alice, address: parsePublicKey(key).address };
    const chain = setUp({ accounts: [account, bob] });
    const { typeUrl, value } = chain.send(account);
    const bodyBytes = encodeMessage(TxBodySchema, { messages: [{ typeUrl, value }] });
    const authInfoBytes = encodeMessage(AuthInfoSchema, {
      signerInfos: [{ publicKey: txKey, modeInfo: modeOf(signed) }],
      fee: { amount: [{ denom: "uscrt", amount: "2500" }], gasLimit: 200_000n },
    });
    const bytes = directSignBytes({
      bodyBytes,
      authInfoBytes,
      chainId: testChainId,
      accountNumber: 0n,
    });
    const signatures = [signatureOf(signed, bytes)];
    const tx = encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures });
    const { code, codespace, log } = chain.machine.checkTx(tx, "check");
    return `${codespace}/${code}: ${log.replace(/^.*chain-id \(test-1\): /, "")}`;
  }

  const by = (index: number, forged = false): Signed => ({ by: members[index]!, forged });

  it("sign with a group inside", () => {
    const signed = { bits: "110", signed: [by(0), { bits: "01", signed: [by(2)] }] };
    expect(run(nested, signed)).toBe("/0: ");
  });

  it("sign without it", () => {
    expect(run(nested, { bits: "101", signed: [by(0), by(3)] })).toBe("/0: ");
  });

  it.each<[string, Signed, string]>([
    [
      "a member of the inner group did not sign",
      { bits: "110", signed: [by(0), { bits: "01", signed: [by(1)] }] },
      "sdk/4: (unable to verify signature at index 1): unauthorized",
    ],
    [
      "the inner group has too few signatures",
      { bits: "110", signed: [by(0), { bits: "00", signed: [] }] },
      "sdk/4: (signature size is incorrect 0): unauthorized",
    ],
    [
      "the outer group has too few signatures",
      { bits: "100", signed: [by(0)] },
      "sdk/4: (signature size is incorrect 1): unauthorized",
    ],
    [
      "fewer are marked than sign",
      { bits: "100", signed: [by(0), by(3)] },
      "sdk/4: (not enough signatures set, have 1, expected 2): unauthorized",
    ],
    [
      "one signature is forged",
      { bits: "101", signed: [by(0), by(3, true)] },
      "sdk/4: (unable to verify signature at index 2): unauthorized",
    ],
    [
      "a single key signs as a group",
      { bits: "101", signed: [by(0), { bits: "1", signed: [by(3)] }] },
      "sdk/4: (unable to parse pubkey of index 2): unauthorized",
    ],
    [
      "the group has another size",
      { bits: "1010", signed: [by(0), by(3)] },
      "sdk/4: (bit array size is incorrect, expecting: 3): unauthorized",
    ],
    [
      "there are signatures that nobody is said to have made",
      { bits: "101", signed: [by(0), by(3)], extra: 1 },
      "undefined/1: got empty SignatureData",
    ],
  ])("do not sign where %s", (_name, signed, expected) => {
    expect(run(nested, signed)).toBe(expected);
  });

  it("do not sign as one key", () => {
    expect(run(nested, by(0))).toBe(
      "undefined/1: expected *signing.MultiSignatureData, got, *signing.SingleSignatureData",
    );
  });

  it("count with all their keys", () => {
    const many = group(
      1,
      Array.from({ length: 8 }, (_, index) => publicKeyOf(testAccount(30 + index))),
    );
    expect(run(many, { bits: "10000000", signed: [by(0)] })).toBe(
      "sdk/14: signatures: 8, limit: 7: maximum number of signatures exceeded",
    );
  });
});
