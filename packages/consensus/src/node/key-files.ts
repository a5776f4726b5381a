/** Key files in CometBFT's format, so that a directory can later be used with CometBFT itself. */
import { existsSync, readFileSync } from "node:fs";
import { Ed25519PrivateKey, randomBytes } from "@tacit/crypto";
import { concatBytes, equalBytes, fromBase64, toBase64, toHex } from "@tacit/encoding";
import { validatorAddress } from "@tacit/light";
import { ConsensusError } from "../errors.ts";
import { writeNewFile } from "./new-file.ts";

const SEED_BYTES = 32;
const PRIVATE_TYPE = "tendermint/PrivKeyEd25519";
const PUBLIC_TYPE = "tendermint/PubKeyEd25519";

/**
 * The key that signs blocks, from `priv_validator_key.json`; made if the file does not exist.
 * @throws {ConsensusError} `consensus/bad_key_file`.
 */
export function loadValidatorKey(path: string, seed?: Uint8Array): Ed25519PrivateKey {
  return load(path, seed, (key, secret) => ({
    address: toHex(validatorAddress(key.publicKey())).toUpperCase(),
    pub_key: { type: PUBLIC_TYPE, value: toBase64(key.publicKey()) },
    priv_key: { type: PRIVATE_TYPE, value: secret },
  }));
}

/**
 * The key whose address is the node's id, from `node_key.json`; made if the file does not exist.
 * @throws {ConsensusError} `consensus/bad_key_file`.
 */
export function loadNodeKey(path: string, seed?: Uint8Array): Ed25519PrivateKey {
  return load(path, seed, (_, secret) => ({ priv_key: { type: PRIVATE_TYPE, value: secret } }));
}

/** 40 lower-case hex digits. */
export function nodeIdOf(nodeKey: Ed25519PrivateKey): string {
  return toHex(validatorAddress(nodeKey.publicKey()));
}

function load(
  path: string,
  seed: Uint8Array | undefined,
  toJson: (key: Ed25519PrivateKey, secret: string) => unknown,
): Ed25519PrivateKey {
  if (existsSync(path)) return read(path);
  const bytes = seed ?? randomBytes(SEED_BYTES);
  const key = new Ed25519PrivateKey(bytes);
  const secret = toBase64(concatBytes(bytes, key.publicKey()));
  const text = `${JSON.stringify(toJson(key, secret), undefined, 2)}\n`;
  writeNewFile(path, text, 0o600);
  return key;
}

function read(path: string): Ed25519PrivateKey {
  try {
    const json = JSON.parse(readFileSync(path, "utf8"));
    if (json.priv_key.type !== PRIVATE_TYPE) throw new TypeError("type");
    const bytes = fromBase64(json.priv_key.value);
    const key = new Ed25519PrivateKey(bytes.slice(0, SEED_BYTES));
    const publicKey = key.publicKey();
    if (!equalBytes(publicKey, bytes.slice(SEED_BYTES))) throw new TypeError("public key");
    return key;
  } catch {
    // The cause is left out: a JSON error quotes what it read.
    throw new ConsensusError({ code: "consensus/bad_key_file", path });
  }
}
