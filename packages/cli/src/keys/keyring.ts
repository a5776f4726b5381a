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
  readonly kind: "encrypted" | "test";
}

/** A key with its secret. */
export interface OpenKey extends KeyInfo {
  readonly mnemonic: string;
  readonly accountIndex: number;
}

interface KeyFile extends Sealed {
  readonly version: 1;
  readonly name: string;
  readonly address: string;
  readonly publicKey: string;
}

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
    checkName(name);
    if (this.#has(name)) {
      const hint = `Choose another name, or \`tacit keys delete ${name}\` first.`;
      throw new CliError("cli/key_exists", `There is a key "${name}" already.`, hint);
    }
    const { address, publicKey } = deriveKey(mnemonic, accountIndex);
    const secret = JSON.stringify({ mnemonic, accountIndex });
    const file: KeyFile = {
      version: 1,
      name,
      address,
      publicKey: toHex(publicKey),
      ...seal(secret, passphrase, contextOf(name, address)),
    };
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const text = `${JSON.stringify(file, undefined, 2)}\n`;
    writeFileSync(this.#path(name), text, { mode: 0o600, flag: "wx" });
    return infoOf(file);
  }

  /** @param passphrase is asked for only if the key is encrypted. */
  async open(name: string, passphrase: () => Promise<string>): Promise<OpenKey> {
    const info = this.info(name);
    const test = info.kind === "test" ? devAccount(name) : undefined;
    if (test !== undefined) return { ...info, mnemonic: test.mnemonic, accountIndex: 0 };
    const file = this.#read(name);
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
      if (file.version !== 1 || file.name !== name || file.kdf.name !== "scrypt") {
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

function infoOf({ name, address, publicKey }: KeyFile): KeyInfo {
  return { name, address, publicKey, kind: "encrypted" };
}

function testKeyInfo({ name, address }: { name: string; address: string }): KeyInfo {
  return { name, address, kind: "test" };
}
