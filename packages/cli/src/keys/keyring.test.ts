import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkMnemonic, deriveKey, newMnemonic } from "./derive.ts";
import { DEV_ACCOUNTS } from "./dev-accounts.ts";
import { Keyring } from "./keyring.ts";

const home = mkdtempSync(join(tmpdir(), "tacit-keys-"));
afterAll(() => rmSync(home, { recursive: true }));
const keyring = new Keyring(home);
const passphrase = "correct horse battery";

describe("key derivation", () => {
  it.each(DEV_ACCOUNTS)("gives test account $name the address LocalSecret has", (account) => {
    expect(deriveKey(account.mnemonic, 0).address).toBe(account.address);
  });

  it("makes mnemonics that are valid and differ", () => {
    const words = newMnemonic();
    expect(checkMnemonic(`  ${words.toUpperCase()}\n`)).toBe(words);
    expect(newMnemonic()).not.toBe(words);
  });

  it("refuses a mnemonic with a wrong checksum without quoting it", () => {
    const words = `${"abandon ".repeat(11)}abandon`;
    expect(() => checkMnemonic(words)).toThrow(expect.objectContaining({ code: "cli/mnemonic" }));
    expect(() => checkMnemonic(words)).not.toThrow(/abandon/);
  });
});

describe("the key ring", () => {
  const mnemonic = newMnemonic();

  it("opens a key with its passphrase only, and keeps no two words of it in the file", async () => {
    const info = keyring.add("alice", mnemonic, 3, passphrase);
    expect(info.address).toBe(deriveKey(mnemonic, 3).address);
    const file = join(home, "keys", "alice.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, "utf8");
    const words = mnemonic.split(" ");
    /** One word alone may be the name of a field: "address" is in the list of mnemonics' words. */
    for (const [index, word] of words.slice(1).entries()) {
      expect(text).not.toContain(`${words[index]} ${word}`);
    }
    const open = await keyring.open("alice", async () => passphrase);
    expect(open).toMatchObject({ mnemonic, accountIndex: 3 });
    const wrong = keyring.open("alice", async () => `${passphrase}!`);
    await expect(wrong).rejects.toMatchObject({ code: "cli/passphrase" });
  });

  it("does not open a key file that was renamed or changed", async () => {
    const text = readFileSync(join(home, "keys", "alice.json"), "utf8");
    writeFileSync(join(home, "keys", "bob.json"), text.replace('"alice"', '"bob"'));
    const renamed = keyring.open("bob", async () => passphrase);
    await expect(renamed).rejects.toMatchObject({ code: "cli/passphrase" });
    writeFileSync(join(home, "keys", "bob.json"), "{}");
    expect(() => keyring.info("bob")).toThrow(expect.objectContaining({ code: "cli/key_file" }));
    rmSync(join(home, "keys", "bob.json"));
  });

  it("refuses a second key of one name, and names that are paths", () => {
    const again = () => keyring.add("alice", mnemonic, 0, passphrase);
    expect(again).toThrow(expect.objectContaining({ code: "cli/key_exists" }));
    const path = () => keyring.add("../x", mnemonic, 0, passphrase);
    expect(path).toThrow(expect.objectContaining({ code: "cli/key_name" }));
    expect(() => keyring.info("../x")).toThrow(
      expect.objectContaining({ code: "cli/key_unknown" }),
    );
  });

  it("lists own keys before the test accounts, and deletes only own ones", () => {
    expect(keyring.list().map(({ name }) => name)).toEqual([
      "alice",
      "validator",
      "a",
      "b",
      "c",
      "d",
    ]);
    expect(() => keyring.delete("a")).toThrow(expect.objectContaining({ code: "cli/key_unknown" }));
    keyring.delete("alice");
    expect(keyring.list().map(({ name }) => name)).not.toContain("alice");
  });
});
