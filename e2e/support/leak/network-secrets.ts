/**
 * The keys that must never leave the enclave, got the one way there is: with the sealing key,
 * which simulated attestation keeps in a file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Secret, SivKey, X25519PrivateKey } from "@tacit/crypto";
import { fromAccountAddress, fromHex } from "@tacit/encoding";
import {
  deriveFromKey,
  deriveFromSeed,
  KEY_PURPOSE,
  type KeyPurpose,
} from "../../../packages/enclave/src/keys/derive.ts";
import { createKeyRing } from "../../../packages/enclave/src/keys/key-ring.ts";
import { unsealState } from "../../../packages/enclave/src/sealing.ts";
import type { SecretBytes } from "../markers.ts";

export interface CreatedContract {
  readonly contract_address: string;
  readonly code_hash: string;
  readonly creator: string;
  readonly height: bigint;
}

export interface NetworkSecrets {
  readonly sealingKey: SecretBytes;
  /** Seeds and everything derived from them. */
  readonly derived: readonly SecretBytes[];
  /** Of the validator and of the node's id. */
  readonly nodeKeys: readonly SecretBytes[];
}

export function networkSecrets(
  home: string,
  contracts: readonly CreatedContract[],
  ciphertexts: readonly Uint8Array[],
): NetworkSecrets {
  const enclave = join(home, "data/enclave");
  const sealingKey = new Uint8Array(readFileSync(join(enclave, "sealing-key")));
  const sealed = new Uint8Array(readFileSync(join(enclave, "sealed")));
  const seeds = unsealState(new SivKey(sealingKey), sealed).seeds;
  return {
    sealingKey: { name: "sealing key", bytes: sealingKey },
    derived: [
      ...seedSecrets(seeds),
      ...contracts.flatMap((contract) => stateSecrets(seeds, contract)),
      ...messageSecrets(seeds, ciphertexts),
    ],
    nodeKeys: ["priv_validator_key.json", "node_key.json"].map((file) => {
      const { priv_key } = JSON.parse(readFileSync(join(home, "config", file), "utf8"));
      return { name: file, bytes: Buffer.from(priv_key.value, "base64").subarray(0, 32) };
    }),
  };
}

function seedSecrets(seeds: readonly Secret[]): SecretBytes[] {
  const purposes = Object.keys(KEY_PURPOSE) as KeyPurpose[];
  return seeds.flatMap((seed, index) => [
    { name: `seed ${index}`, bytes: seed.reveal() },
    ...purposes.map((purpose) => ({
      name: `${purpose} key of seed ${index}`,
      bytes: deriveFromSeed(seed.reveal(), purpose),
    })),
  ]);
}

function stateSecrets(seeds: readonly Secret[], contract: CreatedContract): SecretBytes[] {
  const identity = {
    contract: fromAccountAddress(contract.contract_address),
    codeHash: fromHex(contract.code_hash),
  };
  const creator = fromAccountAddress(contract.creator);
  const original = createKeyRing(seeds).createContractKey(identity, creator, contract.height);
  return seeds.map((seed, index) => ({
    name: `state key ${index} of ${contract.contract_address}`,
    bytes: deriveFromKey(deriveFromSeed(seed.reveal(), "state"), original),
  }));
}

/** For each message the agreed point and the key made of it. */
function messageSecrets(
  seeds: readonly Secret[],
  ciphertexts: readonly Uint8Array[],
): SecretBytes[] {
  const io = new X25519PrivateKey(deriveFromSeed((seeds.at(-1) as Secret).reveal(), "ioExchange"));
  const points = new Map<string, SecretBytes>();
  const keys = ciphertexts.map((ciphertext, index) => {
    const publicKey = ciphertext.subarray(32, 64);
    const bytes = io.sharedSecret(publicKey);
    points.set(Buffer.from(publicKey).toString("hex"), { name: "shared point", bytes });
    return {
      name: `key of message ${index}`,
      bytes: deriveFromKey(bytes, ciphertext.subarray(0, 32)),
    };
  });
  return [...points.values(), ...keys];
}
