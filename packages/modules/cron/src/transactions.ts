/**
 * Scheduled messages as transactions. Their key is no secret: upstream publishes it, so that
 * anybody can read what schedules send, and it is worth nothing, since the account holds no
 * coins and only governance makes schedules.
 */
import {
  accountAddress,
  concat,
  hkdfSha256,
  Secret,
  SivKey,
  secp256k1PublicKey,
  secp256k1Sign,
  sha256,
  X25519PrivateKey,
} from "@tacit/crypto";
import { directSignBytes, encodeMessage, fromBase64, fromHex } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { SignMode } from "@tacit/encoding/proto/cosmos/tx/signing/v1beta1/signing";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { MsgExecuteContractSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import type { MsgExecuteContract } from "@tacit/encoding/proto/secret/cron/schedule";
import { type AddressCodec, uint64BigEndian, utf8Bytes } from "@tacit/sdk";

const privateKey = new Secret(
  fromBase64("fgAMxmXhxA/Gah7CtAM1/Li9Slmn5pHWc75XOUusPPQ="),
  "published key of scheduled transactions",
);
const publicKey = secp256k1PublicKey(privateKey);

/** 20 bytes: who sends what schedules say. */
export const cronSender: Uint8Array = accountAddress(publicKey);

/** What a scheduled transaction may use; it pays nothing. */
const gasLimit = 5_000_000n;

/** The one salt of the protocol's key derivations (privacy protocol section 1.1). */
const hkdfSalt = fromHex("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d");

export interface SigningOptions {
  readonly addresses: AddressCodec;
  readonly chainId: string;
  /** Of the block they are for. */
  readonly height: bigint;
  readonly accountNumber: bigint;
  /** Of the first. */
  readonly sequence: bigint;
  /** X25519: the enclave reads messages encrypted to it. */
  readonly ioPublicKey: Uint8Array;
}

/**
 * One signed TxRaw for each message. Equal options give equal bytes: a message's nonce is made of
 * chain, height and position, where upstream's is random.
 */
export function signScheduled(
  messages: readonly MsgExecuteContract[],
  options: SigningOptions,
): readonly Uint8Array[] {
  return messages.map((message, index) => signOne(message, BigInt(index), options));
}

function signOne(message: MsgExecuteContract, index: bigint, options: SigningOptions): Uint8Array {
  const { addresses, chainId, accountNumber, sequence, height } = options;
  const nonce = sha256(
    concat(utf8Bytes(`cron/${chainId}/`), uint64BigEndian(height), uint64BigEndian(index)),
  );
  const execute = encodeMessage(MsgExecuteContractSchema, {
    sender: cronSender,
    contract: addresses.toBytes(message.contract),
    msg: encrypt(utf8Bytes(message.msg), nonce, options.ioPublicKey),
  });
  const bodyBytes = encodeMessage(TxBodySchema, {
    messages: [{ typeUrl: `/${MsgExecuteContractSchema.typeName}`, value: execute }],
  });
  const key = encodeMessage(PubKeySchema, { key: publicKey });
  const authInfoBytes = encodeMessage(AuthInfoSchema, {
    signerInfos: [
      {
        publicKey: { typeUrl: `/${PubKeySchema.typeName}`, value: key },
        modeInfo: { sum: { case: "single", value: { mode: SignMode.DIRECT } } },
        sequence: sequence + index,
      },
    ],
    fee: { gasLimit },
  });
  const doc = directSignBytes({ bodyBytes, authInfoBytes, chainId, accountNumber });
  const signature = secp256k1Sign(sha256(doc), privateKey);
  return encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [signature] });
}

/** As clients do: nonce ‖ public key ‖ AES-SIV of the plaintext. */
function encrypt(plaintext: Uint8Array, nonce: Uint8Array, ioPublicKey: Uint8Array): Uint8Array {
  const own = new X25519PrivateKey(sha256(privateKey.reveal()));
  const key = hkdfSha256({
    salt: hkdfSalt,
    ikm: concat(own.sharedSecret(ioPublicKey), nonce),
    info: new Uint8Array(0),
    lengthBytes: 32,
  });
  return concat(nonce, own.publicKey(), new SivKey(key).seal(plaintext, [new Uint8Array(0)]));
}
