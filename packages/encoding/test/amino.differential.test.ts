/** Our amino JSON against what two client libraries sign, and against a real chain's signature. */
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  type AminoMsg,
  createMultisigThresholdPubkey,
  encodeAminoPubkey,
  makeSignDoc,
  serializeSignDoc,
} from "@cosmjs/amino";
import { Registry } from "@cosmjs/proto-signing";
import {
  AminoTypes,
  createAuthzAminoConverters,
  createBankAminoConverters,
  createDistributionAminoConverters,
  createFeegrantAminoConverters,
  createGovAminoConverters,
  createStakingAminoConverters,
  defaultRegistryTypes,
} from "@cosmjs/stargate";
import * as secretjs from "secretjs";
import { describe, expect, it } from "vitest";
import { allFiles } from "../src/generated/all_files.ts";
import { LegacyAminoPubKeySchema } from "../src/generated/cosmos/crypto/multisig/keys_pb.ts";
import { PubKeySchema } from "../src/generated/cosmos/crypto/secp256k1/keys_pb.ts";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "../src/generated/cosmos/tx/v1beta1/tx_pb.ts";
import {
  type AnyValue,
  aminoPublicKey,
  aminoSignBytes,
  createTypeRegistry,
  decodeMessage,
  eip191SignBytes,
  encodeMessage,
} from "../src/index.ts";

const types = createTypeRegistry(...allFiles);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");
const A = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03";
const B = "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne";
const V = "secretvaloper1ap26qrlp8mcq2pg6r47w43l0y8zkqm8aynpdzc";
const coins = [{ denom: "uscrt", amount: "12345678901234567890" }];
const MEMO = 'a <memo> & "more"';

function ourDoc(messages: readonly AnyValue[]) {
  return aminoSignBytes(
    {
      chainId: "secretdev-1",
      accountNumber: 7n,
      sequence: 1n << 50n,
      timeoutHeight: 0n,
      memo: MEMO,
      fee: { amount: coins, gasLimit: 200_000n, payer: "", granter: B },
      messages,
    },
    types,
  );
}

const fee = { amount: coins, gas: "200000", granter: B };
const theirDoc = (messages: readonly AminoMsg[]) =>
  serializeSignDoc(makeSignDoc(messages, fee, "secretdev-1", MEMO, 7, String(1n << 50n)));

/** Stands in for the network's key: what is encrypted does not matter here. */
const encryption = {
  encrypt: async () => Uint8Array.from({ length: 90 }, (_, index) => index),
  decrypt: async (bytes: Uint8Array) => bytes,
  getPubkey: async () => new Uint8Array(32),
  getTxEncryptionKey: async () => new Uint8Array(32),
} as unknown as secretjs.EncryptionUtils;

const codeHash = "ab".repeat(32);
const contract = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";

describe("secretjs signs the same text", () => {
  const messages: [string, secretjs.Msg][] = [
    ["send", new secretjs.MsgSend({ from_address: A, to_address: B, amount: coins })],
    [
      "multi-send",
      new secretjs.MsgMultiSend({
        inputs: [{ address: A, coins }],
        outputs: [{ address: B, coins }],
      }),
    ],
    [
      "execute",
      new secretjs.MsgExecuteContract({
        sender: A,
        contract_address: contract,
        msg: { a: 1 },
        code_hash: codeHash,
        sent_funds: [],
      }),
    ],
    [
      "instantiate with an admin",
      new secretjs.MsgInstantiateContract({
        sender: A,
        code_id: 5,
        label: "a < b",
        init_msg: {},
        init_funds: coins,
        code_hash: codeHash,
        admin: B,
      }),
    ],
    [
      "store code",
      new secretjs.MsgStoreCode({
        sender: A,
        wasm_byte_code: new Uint8Array([0, 97, 115, 109]),
        source: "",
        builder: "",
      }),
    ],
    [
      "migrate",
      new secretjs.MsgMigrateContract({
        sender: A,
        contract_address: contract,
        code_id: 6,
        msg: {},
        code_hash: codeHash,
      }),
    ],
    [
      "update admin",
      new secretjs.MsgUpdateAdmin({ sender: A, new_admin: B, contract_address: contract }),
    ],
    ["clear admin", new secretjs.MsgClearAdmin({ sender: A, contract_address: contract })],
    [
      "delegate",
      new secretjs.MsgDelegate({
        delegator_address: A,
        validator_address: V,
        amount: coins[0] as { denom: string; amount: string },
      }),
    ],
    [
      "redelegate",
      new secretjs.MsgBeginRedelegate({
        delegator_address: A,
        validator_src_address: V,
        validator_dst_address: V,
        amount: coins[0] as { denom: string; amount: string },
      }),
    ],
    [
      "set withdraw address",
      new secretjs.MsgSetWithdrawAddress({ delegator_address: A, withdraw_address: B }),
    ],
    ["unjail", new secretjs.MsgUnjail({ validator_addr: V })],
    [
      "grant a send authorization",
      new secretjs.MsgGrant({
        granter: A,
        grantee: B,
        authorization: { spend_limit: coins, allow_list: [] },
        expiration: 1_900_000_000,
      }),
    ],
    [
      "grant a fee allowance",
      new secretjs.MsgGrantAllowance({ granter: A, grantee: B, allowance: { spend_limit: coins } }),
    ],
  ];

  it.each(messages)("%s", async (_name, message) => {
    const proto = await message.toProto(encryption);
    const amino = await message.toAmino(encryption);
    const ours = ourDoc([{ typeUrl: proto.type_url, value: proto.encode() }]);
    expect(text(ours)).toBe(text(theirDoc([amino])));
  });
});

describe("CosmJS signs the same text", () => {
  const registry = new Registry(defaultRegistryTypes);
  const aminoTypes = new AminoTypes({
    ...createAuthzAminoConverters(),
    ...createBankAminoConverters(),
    ...createDistributionAminoConverters(),
    ...createFeegrantAminoConverters(),
    ...createGovAminoConverters(),
    ...createStakingAminoConverters(),
  });
  const key = {
    typeUrl: "/cosmos.crypto.ed25519.PubKey",
    value: Uint8Array.of(10, 32, ...new Uint8Array(32).fill(7)),
  };
  const messages = [
    {
      typeUrl: "/cosmos.bank.v1beta1.MsgSend",
      value: { fromAddress: A, toAddress: B, amount: [] },
    },
    {
      typeUrl: "/cosmos.staking.v1beta1.MsgCreateValidator",
      value: {
        // All filled in: CosmJS keeps empty ones, which the chain leaves out.
        description: {
          moniker: "x<>",
          identity: "i",
          website: "w",
          securityContact: "s",
          details: "d",
        },
        commission: {
          rate: "100000000000000000",
          maxRate: "200000000000000000",
          maxChangeRate: "10000000000000000",
        },
        minSelfDelegation: "1",
        delegatorAddress: A,
        validatorAddress: V,
        pubkey: key,
        value: coins[0],
      },
    },
    {
      typeUrl: "/cosmos.gov.v1beta1.MsgVoteWeighted",
      value: {
        proposalId: 3n,
        voter: A,
        options: [
          { option: 1, weight: "700000000000000000" },
          { option: 2, weight: "300000000000000000" },
        ],
      },
    },
    {
      typeUrl: "/cosmos.distribution.v1beta1.MsgFundCommunityPool",
      value: { depositor: A, amount: coins },
    },
  ];
  it.each(messages.map((message) => [message.typeUrl, message] as const))(
    "%s",
    (_name, message) => {
      const any = { typeUrl: message.typeUrl, value: registry.encode(message) };
      expect(text(ourDoc([any]))).toBe(text(theirDoc([aminoTypes.toAmino(message)])));
    },
  );

  it("and hashes the same multisig key", () => {
    const keys = [1, 2, 3].map((fill) => new Uint8Array(33).fill(fill));
    const theirs = createMultisigThresholdPubkey(
      keys.map((bytes) => ({
        type: "tendermint/PubKeySecp256k1",
        value: Buffer.from(bytes).toString("base64"),
      })),
      2,
      true,
    );
    const any = {
      typeUrl: "/cosmos.crypto.multisig.LegacyAminoPubKey",
      value: encodeMessage(LegacyAminoPubKeySchema, {
        threshold: 2,
        publicKeys: keys.map((bytes) => ({
          typeUrl: "/cosmos.crypto.secp256k1.PubKey",
          value: encodeMessage(PubKeySchema, { key: bytes }),
        })),
      }),
    };
    expect(aminoPublicKey(any)).toEqual(encodeAminoPubkey(theirs));
  });
});

describe("a real chain's amino transaction", () => {
  it("has a signature over our text", () => {
    const blocks = new URL("../../../vectors/sdk-golden/blocks.jsonl", import.meta.url);
    const line = readFileSync(blocks, "utf8").split("\n")[45] as string;
    const block = JSON.parse(line) as { height: number; txs: string[] };
    expect(block.height).toBe(46);
    const raw = decodeMessage(TxRawSchema, Buffer.from(block.txs[0] as string, "base64"));
    const body = decodeMessage(TxBodySchema, raw.bodyBytes);
    const auth = decodeMessage(AuthInfoSchema, raw.authInfoBytes);
    const signer = auth.signerInfos[0];
    const publicKey = decodeMessage(PubKeySchema, signer?.publicKey?.value as Uint8Array);
    const genesis = JSON.parse(
      readFileSync(new URL("../../../vectors/sdk-golden/genesis.json", import.meta.url), "utf8"),
    ) as { chain_id: string };
    // The account number is not in the transaction: the right one is the one that verifies.
    const verified = Array.from({ length: 20 }, (_, accountNumber) => accountNumber).filter(
      (accountNumber) => {
        const signBytes = aminoSignBytes(
          {
            chainId: genesis.chain_id,
            accountNumber: BigInt(accountNumber),
            sequence: signer?.sequence as bigint,
            timeoutHeight: body.timeoutHeight,
            memo: body.memo,
            fee: {
              amount: auth.fee?.amount ?? [],
              gasLimit: auth.fee?.gasLimit ?? 0n,
              payer: auth.fee?.payer ?? "",
              granter: auth.fee?.granter ?? "",
            },
            messages: body.messages,
          },
          types,
        );
        return verifySecp256k1(publicKey.key, signBytes, raw.signatures[0] as Uint8Array);
      },
    );
    expect(verified).toHaveLength(1);
  });
});

/** With Node's OpenSSL: a compressed key as SubjectPublicKeyInfo. */
function verifySecp256k1(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const head = Buffer.from("3036301006072a8648ce3d020106052b8104000a032200", "hex");
  const publicKey = createPublicKey({
    key: Buffer.concat([head, key]),
    format: "der",
    type: "spki",
  });
  return verify("sha256", message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
}

describe("EIP-191", () => {
  it("frames the text indented by four spaces, escapes kept", () => {
    const bytes = ourDoc([]);
    const pretty = JSON.stringify(JSON.parse(text(bytes)), null, 4).replace(
      /[<>&]/g,
      (c) => `\\u00${c.charCodeAt(0).toString(16)}`,
    );
    expect(text(eip191SignBytes(bytes))).toBe(
      `\x19Ethereum Signed Message:\n${Buffer.byteLength(pretty)}${pretty}`,
    );
    expect(createHash("sha256").update(bytes).digest().length).toBe(32);
  });
});
