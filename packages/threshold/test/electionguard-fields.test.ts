/** Every field of a record of ElectionGuard, changed in turn: which verification covers it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBallot } from "../src/voting/electionguard/ballot.ts";
import { readChain } from "../src/voting/electionguard/chain.ts";
import { readManifest } from "../src/voting/electionguard/manifest.ts";
import { readSetup } from "../src/voting/electionguard/setup.ts";
import { readDecryption, readEncryptedTally } from "../src/voting/electionguard/tally.ts";
import type { Json, RecordTree } from "./electionguard-election.ts";
import { refusalOf, textOf, verify } from "./electionguard-helpers.ts";
import { Recorder } from "./electionguard-recorder.ts";

type Path = readonly [file: string, ...keys: (string | number)[]];

const record = new Recorder({ isSmall: true, isChaining: true }).record();
const ballot = "encrypted_ballots/hall_1/eballot-b_1.json";
const preEncrypted = "encrypted_ballots/post/eballot-p1.json";
const challenged = "challenged_ballots/dballot-b3.json";
const chain = "encrypted_ballots/hall_1/ballot_chain.json";

/** The record again, one of its values changed. */
function change([file, ...path]: Path, edit: (value: Json) => Json): RecordTree {
  const walk = (node: Json, rest: readonly (string | number)[]): Json => {
    const [key, ...more] = rest;
    if (key === undefined) return edit(node);
    if (Array.isArray(node)) return node.map((item, i) => (i === key ? walk(item, more) : item));
    const fields = node as { [name: string]: Json };
    return { ...fields, [key]: walk(fields[key] as Json, more) };
  };
  return new Map(record).set(file, walk(record.get(file) as Json, path));
}

const isLeaf = (value: Json) => typeof value !== "object" || value === null;
const isObject = (value: Json): value is { [name: string]: Json } =>
  !isLeaf(value) && !Array.isArray(value);

/** The first of each kind of value in a file, by name: `contests.*.selections.*.proof`. */
function kindsOf(file: string, isKind: (value: Json) => boolean): [string, Path][] {
  const kinds = new Map<string, Path>();
  const visit = (node: Json, path: Path) => {
    const names = path.slice(1).map((key) => (typeof key === "number" ? "*" : key));
    const kind = names.join(".");
    if (isKind(node) && !kinds.has(kind)) kinds.set(kind, path);
    if (isLeaf(node)) return;
    for (const [key, item] of Object.entries(node as object)) {
      visit(item as Json, [...path, Array.isArray(node) ? Number(key) : key]);
    }
  };
  visit(record.get(file) as Json, [file]);
  return [...kinds];
}

/** Of the same form where there is another: the last digit, one more, the opposite, more text. */
function mutate(value: Json): Json {
  if (value === null) return "x";
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  const text = value as string;
  const isHex = /^[0-9A-F]{32,}$/.test(text);
  const digit = (Number.parseInt(text.slice(-1), 16) ^ 1).toString(16).toUpperCase();
  return isHex ? text.slice(0, -1) + digit : `${text}x`;
}

/**
 * What refuses each field when it alone is changed: a verification; `form`, where the change makes
 * another record of it than the manifest, the file's name or another file say; or `none`: nothing
 * in the specification covers it, and no result depends on it.
 */
const coverage: Record<string, Record<string, string>> = {
  "constants.json": {
    name: "none",
    large_prime: "1.B",
    small_prime: "1.C",
    cofactor: "1.D",
    generator: "1.E",
  },
  "election_config.json": {
    config_version: "1.A",
    number_of_guardians: "1.H",
    quorum: "1.H",
    parameter_base_hash: "1.F",
    manifest_hash: "1.G",
    election_base_hash: "1.H",
    chain_confirmation_codes: "form",
    "baux0.*": "7.D",
    "metadata.made": "none",
  },
  "election_initialized.json": {
    joint_public_key: "3.B",
    extended_base_hash: "4.A",
    "guardians.*.guardian_id": "none",
    "guardians.*.x_coordinate": "form",
    "guardians.*.coefficient_proofs.*.public_key": "2.A",
    "guardians.*.coefficient_proofs.*.challenge": "2.C",
    "guardians.*.coefficient_proofs.*.response": "2.C",
  },
  [ballot]: {
    ballot_id: "form",
    ballot_style_id: "form",
    encrypting_device: "form",
    timestamp: "none",
    code_baux: "7.B",
    confirmation_code: "7.B",
    election_id: "form",
    "contests.*.contest_id": "form",
    "contests.*.sequence_order": "form",
    "contests.*.votes_allowed": "form",
    "contests.*.contest_hash": "7.A",
    "contests.*.selections.*.selection_id": "form",
    "contests.*.selections.*.sequence_order": "form",
    "contests.*.selections.*.encrypted_vote.pad": "5.A",
    "contests.*.selections.*.encrypted_vote.data": "5.A",
    "contests.*.selections.*.proof.proofs.*.challenge": "5.D",
    "contests.*.selections.*.proof.proofs.*.response": "5.D",
    "contests.*.proof.proofs.*.challenge": "6.D",
    "contests.*.proof.proofs.*.response": "6.D",
    "contests.*.encrypted_contest_data.c0": "none",
    "contests.*.encrypted_contest_data.c1": "none",
    "contests.*.encrypted_contest_data.c2": "none",
    "contests.*.encrypted_contest_data.numBytes": "form",
    "contests.*.pre_encryption": "form",
    state: "form",
    encrypted_sn: "form",
    is_preencrypt: "form",
    primary_nonce: "form",
  },
  [preEncrypted]: {
    code_baux: "17.C",
    confirmation_code: "17.C",
    "contests.*.contest_hash": "7.A",
    "contests.*.selections.*.encrypted_vote.pad": "15.A",
    "contests.*.selections.*.encrypted_vote.data": "15.A",
    "contests.*.selections.*.proof.proofs.*.challenge": "15.D",
    "contests.*.selections.*.proof.proofs.*.response": "15.D",
    "contests.*.proof.proofs.*.challenge": "16.D",
    "contests.*.proof.proofs.*.response": "16.D",
    "contests.*.pre_encryption.preencryption_hash": "17.B",
    "contests.*.pre_encryption.all_selection_hashes.*": "17.B",
    "contests.*.pre_encryption.selected_vectors.*.selection_hash": "17.A",
    "contests.*.pre_encryption.selected_vectors.*.short_code": "18.A",
    "contests.*.pre_encryption.selected_vectors.*.encryptions.*.pad": "17.A",
    "contests.*.pre_encryption.selected_vectors.*.encryptions.*.data": "17.A",
  },
  [chain]: {
    encrypting_device: "form",
    baux0: "7.D",
    "ballot_ids.*": "form",
    last_confirmation_code: "7.F",
    chaining: "form",
    closing_hash: "7.G",
  },
  "encrypted_tally.json": {
    tally_id: "form",
    "contests.*.contest_id": "form",
    "contests.*.sequence_order": "form",
    "contests.*.selections.*.selection_id": "form",
    "contests.*.selections.*.sequence_order": "form",
    "contests.*.selections.*.encrypted_vote.pad": "8.A",
    "contests.*.selections.*.encrypted_vote.data": "8.B",
    "cast_ballot_ids.*": "8.A",
    election_id: "form",
  },
  "tally.json": {
    id: "form",
    "contests.*.contest_id": "10.B",
    "contests.*.selections.*.selection_id": "10.C",
    "contests.*.selections.*.tally": "10.A",
    "contests.*.selections.*.b_over_m": "10.A",
    "contests.*.selections.*.encrypted_vote.pad": "9.B",
    "contests.*.selections.*.encrypted_vote.data": "9.B",
    "contests.*.selections.*.proof.challenge": "9.B",
    "contests.*.selections.*.proof.response": "9.B",
    "contests.*.decrypted_contest_data": "form",
    election_id: "form",
  },
  [challenged]: {
    id: "form",
    "contests.*.contest_id": "13.D",
    "contests.*.selections.*.selection_id": "13.E",
    "contests.*.selections.*.tally": "13.A",
    "contests.*.selections.*.b_over_m": "13.A",
    "contests.*.selections.*.encrypted_vote.pad": "12.B",
    "contests.*.selections.*.encrypted_vote.data": "12.B",
    "contests.*.selections.*.proof.challenge": "12.B",
    "contests.*.selections.*.proof.response": "12.B",
    "contests.*.decrypted_contest_data.contest_data.write_ins.*": "14.B",
    "contests.*.decrypted_contest_data.contest_data.status": "form",
    "contests.*.decrypted_contest_data.encrypted_contest_data.c0": "14.B",
    "contests.*.decrypted_contest_data.encrypted_contest_data.c1": "14.B",
    "contests.*.decrypted_contest_data.encrypted_contest_data.c2": "14.B",
    "contests.*.decrypted_contest_data.encrypted_contest_data.numBytes": "form",
    "contests.*.decrypted_contest_data.proof.challenge": "14.B",
    "contests.*.decrypted_contest_data.proof.response": "14.B",
    "contests.*.decrypted_contest_data.beta": "14.A",
    election_id: "form",
  },
};

describe("a record of ElectionGuard with one field changed", () => {
  it("is made of the files that this test knows", () => {
    const alike = ["b3", "post/ballot_chain"].map((part) => new RegExp(`/(?:eballot-)?${part}`));
    const known = [...Object.keys(coverage), "manifest.json"];
    const unknown = [...record.keys()].filter(
      (file) => !known.includes(file) && !alike.some((part) => part.test(file)),
    );
    expect(unknown).toEqual([]);
  });

  it.each(Object.entries(coverage))("is refused by what covers the field: %s", (file, expected) => {
    const isShared = (kind: string) => file === preEncrypted && kind in coverage[ballot]!;
    const kinds = kindsOf(file, isLeaf).filter(([kind]) => kind in expected || !isShared(kind));
    const found = kinds.map(([kind, path]) => {
      return [kind, refusalOf(() => verify(change(path, mutate))).refusal];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it("is refused for any of the manifest's, by the manifest's hash", () => {
    const found = kindsOf("manifest.json", isLeaf).map(
      ([, path]) => refusalOf(() => verify(change(path, mutate))).refusal,
    );
    expect(found.length).toBeGreaterThan(30);
    expect(new Set(found)).toEqual(new Set(["1.G"]));
  });

  it("is refused where a challenged ballot's data are not those that were opened", () => {
    const file = "encrypted_ballots/hall_1/eballot-b3.json";
    for (const part of ["c0", "c1", "c2"]) {
      const path = [file, "contests", 0, "encrypted_contest_data", part] as const;
      expect(refusalOf(() => verify(change(path, mutate))).refusal).toBe("14.B");
    }
  });

  it.each([
    ["2.B", ["election_initialized.json", "guardians", 0, "coefficient_proofs", 1, "response"]],
    ["5.B", [ballot, "contests", 0, "selections", 0, "proof", "proofs", 1, "challenge"]],
    ["5.C", [ballot, "contests", 0, "selections", 0, "proof", "proofs", 1, "response"]],
    ["6.B", [ballot, "contests", 0, "proof", "proofs", 0, "challenge"]],
    ["6.C", [ballot, "contests", 0, "proof", "proofs", 0, "response"]],
    ["15.B", [preEncrypted, "contests", 0, "selections", 0, "proof", "proofs", 1, "challenge"]],
    ["16.C", [preEncrypted, "contests", 0, "proof", "proofs", 0, "response"]],
    ["9.A", ["tally.json", "contests", 0, "selections", 0, "proof", "response"]],
    ["12.A", [challenged, "contests", 0, "selections", 0, "proof", "response"]],
    ["14.A", [challenged, "contests", 0, "decrypted_contest_data", "proof", "response"]],
  ] as [string, Path][])("is refused by %s if an exponent is not below q", (refusal, path) => {
    const wrong = change(path, () => "F".repeat(64));
    expect(refusalOf(() => verify(wrong)).refusal).toBe(refusal);
  });

  it("is refused if a ballot changes its state", () => {
    for (const state of ["SPOILED", "UNKNOWN"]) {
      expect(refusalOf(() => verify(change([ballot, "state"], () => state))).refusal).toBe("8.A");
    }
  });
});

describe("a record of ElectionGuard of another shape", () => {
  const lists: [string, Path, string][] = [
    ["guardians", ["election_initialized.json", "guardians"], "form"],
    ["coefficients", ["election_initialized.json", "guardians", 0, "coefficient_proofs"], "form"],
    ["contests of a ballot", [ballot, "contests"], "form"],
    ["selections of a ballot", [ballot, "contests", 0, "selections"], "form"],
    ["proofs of a selection", [ballot, "contests", 0, "selections", 0, "proof", "proofs"], "5.D"],
    ["proofs of a contest", [ballot, "contests", 0, "proof", "proofs"], "6.D"],
    [
      "hashes of choices",
      [preEncrypted, "contests", 0, "pre_encryption", "all_selection_hashes"],
      "form",
    ],
    ["chosen codes", [preEncrypted, "contests", 0, "pre_encryption", "selected_vectors"], "form"],
    ["chained ballots", [chain, "ballot_ids"], "form"],
    ["contests of the tally", ["encrypted_tally.json", "contests"], "form"],
    ["selections of the tally", ["encrypted_tally.json", "contests", 0, "selections"], "form"],
    ["decrypted selections", ["tally.json", "contests", 0, "selections"], "10.D"],
    ["decrypted contests", ["tally.json", "contests"], "10.E"],
    ["opened selections", [challenged, "contests", 0, "selections"], "13.F"],
    ["opened contests", [challenged, "contests"], "13.D"],
    [
      "what was written in",
      [challenged, "contests", 0, "decrypted_contest_data", "contest_data", "write_ins"],
      "14.B",
    ],
  ];

  it.each(lists)("is refused if one of its %s is gone, or comes twice", (_, path, refusal) => {
    const less = change(path, (list) => (list as Json[]).slice(0, -1));
    const more = change(path, (list) => [...(list as Json[]), (list as Json[])[0] as Json]);
    expect(refusalOf(() => verify(less)).refusal).toBe(refusal);
    expect(refusalOf(() => verify(more)).refusal).toBe(refusal);
  });

  it("is refused if a file is gone or is none of a record's", () => {
    for (const file of ["constants.json", "manifest.json", "encrypted_tally.json", "tally.json"]) {
      const less = new Map(record);
      less.delete(file);
      expect(refusalOf(() => verify(less)).refusal, file).toBe("form");
    }
    for (const file of [
      "private_data/input/pballot-1.json",
      "x.json",
      "encrypted_ballots/x.json",
    ]) {
      expect(refusalOf(() => verify(new Map(record).set(file, {}))).refusal, file).toBe("form");
    }
    const ballots = new Map(record);
    ballots.delete(ballot);
    expect(refusalOf(() => verify(ballots)).refusal).toBe("form");
    const unchained = new Map(record);
    unchained.delete(chain);
    expect(refusalOf(() => verify(unchained)).refusal).toBe("7.G");
  });

  const manifest = readManifest(textOf(record, "manifest.json"));
  /** The setup with one of its files in another text. */
  const setupOf = (file: string) => (text: string) =>
    readSetup((path, read) => read(path === file ? text : textOf(record, path)));
  const readers: [string, string, (text: string) => unknown][] = [
    ...["constants.json", "election_config.json", "election_initialized.json"].map(
      (file): [string, string, (text: string) => unknown] => [file, file, setupOf(file)],
    ),
    ["manifest", "manifest.json", readManifest],
    ["ballot", ballot, (text) => readBallot(manifest, text)],
    ["pre-encrypted ballot", preEncrypted, (text) => readBallot(manifest, text)],
    ["chain", chain, readChain],
    ["tally", "encrypted_tally.json", (text) => readEncryptedTally(manifest, text)],
    ["decryption", "tally.json", readDecryption],
    ["challenged ballot", challenged, readDecryption],
  ];

  const optional = ["encrypted_sn", "metadata", "made"];

  it.each(readers)("is refused for a field too few, too many or twice: %s", (_, file, read) => {
    expect(refusalOf(() => read(textOf(record, file))).refusal).toBe("none");
    const isIn = (record: RecordTree) => refusalOf(() => read(textOf(record, file))).refusal;
    const objects = kindsOf(file, isObject);
    expect(objects.length).toBeGreaterThan(0);
    for (const [kind, path] of objects) {
      expect(isIn(change(path, (node) => ({ ...(node as object), more: 1 }))), kind).toBe("form");
      const names = Object.keys(
        path.slice(1).reduce<Json>((node, key) => {
          return (node as Record<string, Json>)[key] as Json;
        }, record.get(file) as Json) as object,
      );
      for (const name of names.filter((one) => !optional.includes(one))) {
        const less = change(path, (node) => {
          const { [name]: _gone, ...rest } = node as { [name: string]: Json };
          return rest;
        });
        expect(isIn(less), `${kind}.${name}`).toBe("form");
      }
    }
    // The last of two is what the engine keeps, so nothing else is wrong with these.
    const name = firstName(file);
    const escaped = `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
    for (const again of [name, escaped]) {
      const twice = textOf(record, file).replace("{", () => `{"${again}": 1,`);
      expect(refusalOf(() => read(twice)).refusal, again).toBe("form");
    }
  });

  it.each(readers)("never makes a reader throw anything else: %s", (_, file, read) => {
    const text = textOf(record, file);
    const edits = fc.record({
      at: fc.nat(text.length - 1),
      cut: fc.nat(40),
      put: fc.constantFrom("", "0", "null", "[]", "{}", '"', "-1", "1e9", "F", ",", "\\"),
    });
    fc.assert(
      fc.property(edits, ({ at, cut, put }) => {
        refusalOf(() => read(text.slice(0, at) + put + text.slice(at + cut)));
      }),
      { numRuns: 200 },
    );
  });

  function firstName(file: string): string {
    return Object.keys(record.get(file) as object)[0] as string;
  }
});
