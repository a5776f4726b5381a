/** A client for benchmarks: accounts by number, messages encrypted and signed as secretjs does. */
import {
  accountAddress,
  hkdfSha256,
  Secret,
  SivKey,
  secp256k1PublicKey,
  secp256k1Sign,
  sha256,
  X25519PrivateKey,
} from "@tacit/crypto";
import { directSignBytes, encodeMessage, toBech32, toHex } from "@tacit/encoding";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import {
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgStoreCodeSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";

const SALT = Buffer.from("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d", "hex");
const utf8 = (text: string) => new TextEncoder().encode(text);

export interface AnyValue {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** Encrypts as section 2.1 of the privacy protocol says; nonces are counted, not drawn. */
export class Encryptor {
  readonly #seed: string;
  readonly #key: X25519PrivateKey;
  readonly #networkKey: Uint8Array;
  #count = 0;

  constructor(seed: string, networkKey: Uint8Array) {
    this.#seed = seed;
    this.#key = new X25519PrivateKey(sha256(utf8(`x25519 ${seed}`)));
    this.#networkKey = networkKey;
  }

  /** `nonce32 ‖ publicKey32 ‖ ciphertext`. */
  encrypt(codeHash: Uint8Array, message: object): Uint8Array {
    this.#count += 1;
    const nonce = sha256(utf8(`nonce ${this.#seed} ${this.#count}`));
    const plaintext = utf8(toHex(codeHash) + JSON.stringify(message));
    const ciphertext = this.#txKey(nonce).seal(plaintext, [new Uint8Array()]);
    return Buffer.concat([nonce, this.#key.publicKey(), ciphertext]);
  }

  /** The answer to `message`, which this encryptor made. */
  open(message: Uint8Array, answer: Uint8Array): string {
    const plaintext = this.#txKey(message.subarray(0, 32)).open(answer, [new Uint8Array()]);
    return new TextDecoder().decode(plaintext);
  }

  #txKey(nonce: Uint8Array): SivKey {
    const ikm = Buffer.concat([this.#key.sharedSecret(this.#networkKey), nonce]);
    const info = new Uint8Array();
    return new SivKey(hkdfSha256({ salt: SALT, ikm, info, lengthBytes: 32 }));
  }
}

/** An account that counts its own sequence. */
export class BenchAccount {
  readonly address: Uint8Array;
  readonly bech32: string;
  readonly #key: Secret;
  readonly #publicKeyAny: AnyValue;
  readonly #accountNumber: bigint;
  #encryptor: Encryptor | undefined;
  /** Of the next transaction. */
  sequence = 0n;

  constructor(index: number, accountNumber: bigint) {
    this.#key = new Secret(sha256(utf8(`benchmark account ${index}`)), "benchmark key");
    const publicKey = secp256k1PublicKey(this.#key);
    this.address = accountAddress(publicKey);
    this.bech32 = toBech32("secret", this.address);
    this.#publicKeyAny = {
      typeUrl: "/cosmos.crypto.secp256k1.PubKey",
      value: encodeMessage(PubKeySchema, { key: publicKey }),
    };
    this.#accountNumber = accountNumber;
  }

  /** Of this account's own key, as every client has one. */
  encryptorTo(networkKey: Uint8Array): Encryptor {
    this.#encryptor ??= new Encryptor(this.bech32, networkKey);
    return this.#encryptor;
  }

  /** Signs the next transaction of this account. */
  sign(chainId: string, messages: readonly AnyValue[], gasLimit: bigint): Uint8Array {
    const bodyBytes = encodeMessage(TxBodySchema, { messages: [...messages] });
    const authInfoBytes = encodeMessage(AuthInfoSchema, {
      signerInfos: [
        {
          publicKey: this.#publicKeyAny,
          modeInfo: { sum: { case: "single", value: { mode: 1 } } },
          sequence: this.sequence,
        },
      ],
      fee: { amount: [{ denom: "uscrt", amount: `${gasLimit / 10n}` }], gasLimit },
    });
    this.sequence += 1n;
    const accountNumber = this.#accountNumber;
    const signBytes = directSignBytes({ bodyBytes, authInfoBytes, chainId, accountNumber });
    const signatures = [secp256k1Sign(sha256(signBytes), this.#key)];
    return encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures });
  }
}

export function storeCode(sender: Uint8Array, wasm: Uint8Array): AnyValue {
  const value = encodeMessage(MsgStoreCodeSchema, { sender, wasmByteCode: wasm });
  return { typeUrl: "/secret.compute.v1beta1.MsgStoreCode", value };
}

export function instantiate(
  sender: Uint8Array,
  { codeId, label, message }: { codeId: bigint; label: string; message: Uint8Array },
): AnyValue {
  const value = encodeMessage(MsgInstantiateContractSchema, {
    sender,
    codeId,
    label,
    initMsg: message,
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgInstantiateContract", value };
}

export function execute(sender: Uint8Array, contract: Uint8Array, message: Uint8Array): AnyValue {
  const value = encodeMessage(MsgExecuteContractSchema, { sender, contract, msg: message });
  return { typeUrl: "/secret.compute.v1beta1.MsgExecuteContract", value };
}

export function bankSend(from: string, to: string, amount: string): AnyValue {
  const value = encodeMessage(MsgSendSchema, {
    fromAddress: from,
    toAddress: to,
    amount: [{ denom: "uscrt", amount }],
  });
  return { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value };
}
