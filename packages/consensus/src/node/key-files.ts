/** Key files in CometBFT's format, so that a directory can later be used with CometBFT itself. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Ed25519PrivateKey, randomBytes } from "@tacit/crypto";
import { base64Of, bytesOfBase64, hexOf } from "../embedded/bytes.ts";
import { validatorAddress } from "../embedded/validator-set.ts";
import { ConsensusError } from "../errors.ts";

const SEED_BYTES = 32;
const PRIVATE_TYPE = "tendermint/PrivKeyEd25519";
const PUBLIC_TYPE = "tendermint/PubKeyEd25519";

/**
 * The key that signs blocks, from `priv_validator_key.json`; made if the file does not exist.
 * @throws {ConsensusError} `consensus/bad_key_file`.
 */
export function loadValidatorKey(path: string, seed?: Uint8Array): Ed25519PrivateKey {
  return load(path, seed, (key, secret) => ({
    address: hexOf(validatorAddress(key.publicKey())).toUpperCase(),
    pub_key: { type: PUBLIC_TYPE, value: base64Of(key.publicKey()) },
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
  return hexOf(validatorAddress(nodeKey.publicKey()));
}

function load(
  path: string,
  seed: Uint8Array | undefined,
  toJson: (key: Ed25519PrivateKey, secret: string) => unknown,
): Ed25519PrivateKey {
  if (existsSync(path)) return read(path);
  const bytes = seed ?? randomBytes(SEED_BYTES);
  const key = new Ed25519PrivateKey(bytes);
  const secret = base64Of(Buffer.concat([bytes, key.publicKey()]));
  const text = `${JSON.stringify(toJson(key, secret), undefined, 2)}\n`;
  writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  return key;
}

function read(path: string): Ed25519PrivateKey {
  try {
    const json = JSON.parse(readFileSync(path, "utf8"));
    if (json.priv_key.type !== PRIVATE_TYPE) throw new TypeError("type");
    const bytes = bytesOfBase64(json.priv_key.value);
    const key = new Ed25519PrivateKey(bytes.slice(0, SEED_BYTES));
    const publicKey = key.publicKey();
    if (Buffer.compare(publicKey, bytes.slice(SEED_BYTES)) !== 0) throw new TypeError("public key");
    return key;
  } catch {
    // The cause is left out: a JSON error quotes what it read.
    throw new ConsensusError({ code: "consensus/bad_key_file", path });
  }
}
