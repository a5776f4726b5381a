/** Encryption of keys at rest: scrypt and AES-256-GCM. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { CliError } from "../errors.ts";

/** 128 MiB and about 0.4 s of one core for each guess (RFC 7914; OWASP's present advice). */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const SCRYPT_MEMORY_MAX = 256 * 1024 * 1024;
/** Bounds for what a file may ask for. */
const COST_MAX = 2 ** 18;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;

export interface Sealed {
  readonly kdf: {
    readonly name: "scrypt";
    readonly N: number;
    readonly r: number;
    readonly p: number;
    readonly salt: string;
  };
  readonly cipher: "aes-256-gcm";
  /** Base64, as the following ones. */
  readonly nonce: string;
  readonly tag: string;
  readonly ciphertext: string;
}

/** @param context is authenticated along: what is sealed for one key does not open as another's. */
export function seal(plaintext: string, passphrase: string, context: string): Sealed {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", stretch(passphrase, salt, SCRYPT), nonce);
  cipher.setAAD(Buffer.from(context, "utf8"));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return {
    kdf: { name: "scrypt", ...SCRYPT, salt: salt.toString("base64") },
    cipher: "aes-256-gcm",
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    ciphertext: ciphertext.toString("base64"),
  };
}

/** @throws {CliError} `cli/passphrase` if it is wrong or the file was changed, `cli/key_file`. */
export function unseal(sealed: Sealed, passphrase: string, context: string): string {
  const { N, r, p, salt } = sealed.kdf;
  const cost = { N, r, p };
  if (!Object.values(cost).every(Number.isInteger) || N * r * p > COST_MAX * 8) {
    throw new CliError("cli/key_file", "The key file asks for an impossible scrypt cost.");
  }
  const key = stretch(passphrase, Buffer.from(salt, "base64"), cost);
  try {
    const nonce = Buffer.from(sealed.nonce, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(context, "utf8"));
    decipher.setAuthTag(Buffer.from(sealed.tag, "base64"));
    const ciphertext = Buffer.from(sealed.ciphertext, "base64");
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
  } catch {
    throw new CliError("cli/passphrase", `The passphrase does not open ${context}.`);
  }
}

function stretch(
  passphrase: string,
  salt: Uint8Array,
  cost: { readonly N: number; readonly r: number; readonly p: number },
): Buffer {
  const text = passphrase.normalize("NFKC");
  return scryptSync(text, salt, KEY_BYTES, { ...cost, maxmem: SCRYPT_MEMORY_MAX });
}
