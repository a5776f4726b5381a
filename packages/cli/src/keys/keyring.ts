/** The key ring: one encrypted file a key, `<home>/keys/<name>.json`, mode 0600. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "@tacit/encoding";
import { CliError } from "../errors.ts";
import { deriveKey } from "./derive.ts";
import { DEV_ACCOUNTS, devAccount } from "./dev-accounts.ts";
import { type Sealed, seal, unseal } from "./seal.ts";

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/;
const FILE_BYTES_MAX = 16_384;

/** What is known of a key without its passphrase. */
export interface KeyInfo {
  readonly name: string;
  readonly address: string;
  /** Hex, 33 bytes; absent for the network's test accounts. */
  readonly publicKey?: string;
  /** `test` accounts have public mnemonics and need no file. */
  readonly kind: "encrypted" | "multisig" | "test";
  readonly multisig?: MultisigMembers;
}

/** Who signs for a shared account. */
export interface MultisigMembers {
  readonly threshold: number;
  /** Hex, 33 bytes each, in their order in the key. */
  readonly publicKeys: readonly string[];
}

/** A key with its secret. */
export interface OpenKey extends KeyInfo {
  readonly mnemonic: string;
  readonly accountIndex: number;
}

interface EncryptedFile extends Sealed {
  readonly version: 1;
  readonly name: string;
  readonly address: string;
  readonly publicKey: string;
}

/** Nothing in it is secret. */
interface MultisigFile {
  readonly version: 1;
  readonly name: string;
  readonly address: string;
  readonly multisig: MultisigMembers;
}

type KeyFile = EncryptedFile | MultisigFile;

export class Keyring {
  readonly #directory: string;

  constructor(home: string) {
    this.#directory = join(home, "keys");
  }

  list(): KeyInfo[] {
    const own = existsSync(this.#directory)
      ? readdirSync(this.#directory)
          .filter((file) => file.endsWith(".json"))
          .sort()
          .map((file) => infoOf(this.#read(file.slice(0, -".json".length))))
      : [];
    const taken = new Set(own.map(({ name }) => name));
    return [...own, ...DEV_ACCOUNTS.filter(({ name }) => !taken.has(name)).map(testKeyInfo)];
  }

  /** @throws {CliError} `cli/key_unknown`. */
  info(name: string): KeyInfo {
    if (this.#has(name)) return infoOf(this.#read(name));
    const test = devAccount(name);
    if (test !== undefined) return testKeyInfo(test);
    throw new CliError(
      "cli/key_unknown",
      `There is no key "${name}" in ${this.#directory}.`,
      "`tacit keys list` shows those there are; `tacit keys add` makes one.",
    );
  }

  /** @throws {CliError} `cli/key_exists`, `cli/key_name`, `cli/mnemonic`. */
  add(name: string, mnemonic: string, accountIndex: number, passphrase: string): KeyInfo {
    this.#checkFree(name);
    const { address, publicKey } = deriveKey(mnemonic, accountIndex);
    const secret = JSON.stringify({ mnemonic, accountIndex });
    return this.#write({
      version: 1,
      name,
      address,
      publicKey: toHex(publicKey),
      ...seal(secret, passphrase, contextOf(name, address)),
    });
  }

  /** @throws {CliError} `cli/key_exists`, `cli/key_name`. */
  addMultisig(name: string, address: string, multisig: MultisigMembers): KeyInfo {
    this.#checkFree(name);
    return this.#write({ version: 1, name, address, multisig });
  }

  #checkFree(name: string): void {
    checkName(name);
    if (!this.#has(name)) return;
    const hint = `Choose another name, or \`tacit keys delete ${name}\` first.`;
    throw new CliError("cli/key_exists", `There is a key "${name}" already.`, hint);
  }

  #write(file: KeyFile): KeyInfo {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const text = `${JSON.stringify(file, undefined, 2)}\n`;
    writeFileSync(this.#path(file.name), text, { mode: 0o600, flag: "wx" });
    return infoOf(file);
  }

  /** @param passphrase is asked for only if the key is encrypted. */
  async open(name: string, passphrase: () => Promise<string>): Promise<OpenKey> {
    const info = this.info(name);
    const test = info.kind === "test" ? devAccount(name) : undefined;
    if (test !== undefined) return { ...info, mnemonic: test.mnemonic, accountIndex: 0 };
    const file = this.#read(name);
    if ("multisig" in file) {
      const hint = "Sign with its members: `tacit tx sign --multisig`, then `tacit tx multi-sign`.";
      throw new CliError("cli/usage", `"${name}" is a multisig account and has no secret.`, hint);
    }
    const text = unseal(file, await passphrase(), contextOf(name, file.address));
    const { mnemonic, accountIndex } = JSON.parse(text) as OpenKey;
    return { ...info, mnemonic, accountIndex };
  }

  /** @throws {CliError} `cli/key_unknown`. */
  delete(name: string): void {
    if (this.info(name).kind === "test") {
      throw new CliError("cli/key_unknown", `"${name}" is a test account, there is no file of it.`);
    }
    rmSync(this.#path(name));
  }

  #has(name: string): boolean {
    return NAME.test(name) && existsSync(this.#path(name));
  }

  #path(name: string): string {
    return join(this.#directory, `${name}.json`);
  }

  #read(name: string): KeyFile {
    try {
      const text = readFileSync(this.#path(name), "utf8");
      if (text.length > FILE_BYTES_MAX) throw new RangeError("size");
      const file = JSON.parse(text) as KeyFile;
      const isKnown = "multisig" in file || file.kdf.name === "scrypt";
      if (file.version !== 1 || file.name !== name || !isKnown) {
        throw new TypeError("shape");
      }
      return file;
    } catch (cause) {
      const message = `The key file ${this.#path(name)} cannot be read.`;
      throw new CliError("cli/key_file", message, "Import the key again from its mnemonic.", {
        cause,
      });
    }
  }
}

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new CliError(
    "cli/key_name",
    `"${name}" cannot be a key's name.`,
    "Use 1 to 64 letters, digits, hyphens or underscores.",
  );
}

function contextOf(name: string, address: string): string {
  return `key ${name} of ${address}`;
}

function infoOf(file: KeyFile): KeyInfo {
  const { name, address } = file;
  if ("multisig" in file) return { name, address, kind: "multisig", multisig: file.multisig };
  return { name, address, publicKey: file.publicKey, kind: "encrypted" };
}

function testKeyInfo({ name, address }: { name: string; address: string }): KeyInfo {
  return { name, address, kind: "test" };
}
