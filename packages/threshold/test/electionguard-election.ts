/** The election that tests make records of, and how its bytes and files are written. */
import { createHmac } from "node:crypto";
import { Q } from "../src/voting/electionguard/group.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type RecordTree = Map<string, Json>;

export const H = (key: Uint8Array, ...parts: readonly Uint8Array[]) =>
  new Uint8Array(createHmac("sha256", key).update(Buffer.concat(parts)).digest());
export const toInteger = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();
export const big = (value: bigint, bytes: number) =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(2 * bytes, "0"), "hex"));
export const p = (value: bigint) => big(value, 512);
export const q = (value: bigint) => big(value, 32);
export const i4 = (value: number) => big(BigInt(value), 4);
export const byte = (value: number) => Uint8Array.of(value);
export const text = (value: string) => new TextEncoder().encode(value);
export const mod = (value: bigint) => ((value % Q) + Q) % Q;

export const contests = [
  { id: "mayor", order: 1, district: "town", limit: 1, selections: ["ada", "emmy"] },
  { id: "board", order: 2, district: "land", limit: 2, selections: ["kurt", "grace", "hedy"] },
  { id: "ferry", order: 3, district: "island", limit: 1, selections: ["yes", "no"] },
] as const;
export const styles = { full: ["town", "land"], short: ["town"], island: ["island"] } as const;
type Style = keyof typeof styles;
export type ContestOf = (typeof contests)[number];

export function manifestOf(own: readonly ContestOf[]): Json {
  return {
    election_scope_id: "test",
    spec_version: "v2.0.0",
    type: "general",
    start_date: "2027-01-01",
    end_date: "2027-01-02",
    geopolitical_units: ["town", "land", "island"].map((id) => ({
      object_id: id,
      name: id,
      type: "district",
      contact_information: null,
    })),
    parties: [{ object_id: "none", name: "none", abbreviation: null, color: null, logo_uri: null }],
    candidates: own.flatMap(({ selections }) =>
      selections.map((id) => ({
        object_id: id,
        name: null,
        party_id: null,
        image_url: null,
        is_write_in: false,
      })),
    ),
    contests: own.map(({ id, order, district, limit, selections }) => ({
      object_id: id,
      sequence_order: order,
      electoral_district_id: district,
      vote_variation: limit === 1 ? "one_of_m" : "n_of_m",
      number_elected: limit,
      votes_allowed: limit,
      name: `For ${id}`,
      ballot_selections: selections.map((candidate, i) => ({
        object_id: candidate,
        sequence_order: i + 1,
        candidate_id: candidate,
      })),
      ballot_title: null,
      ballot_subtitle: "choose",
    })),
    ballot_styles: Object.entries(styles).map(([id, units]) => ({
      object_id: id,
      geopolitical_unit_ids: [...units],
      party_ids: [],
      image_url: null,
    })),
    name: [{ value: "Test", language: "en" }],
    contact_information: { address_line: ["1 Street"], email: null, phone: null, name: "clerk" },
  };
}

/** Votes by contest, 1 for what is chosen. */
export interface Plan {
  readonly id: string;
  readonly device: string;
  readonly style: Style;
  readonly state: "CAST" | "SPOILED" | "UNKNOWN";
  readonly votes: readonly (readonly number[])[];
  readonly writeIns?: readonly string[];
  readonly isPreEncrypted?: boolean;
}

export const plans: readonly Plan[] = [
  {
    id: "b 1",
    device: "hall 1",
    style: "full",
    state: "CAST",
    votes: [
      [1, 0],
      [1, 0, 1],
    ],
  },
  { id: "b2", device: "hall 1", style: "short", state: "CAST", votes: [[1, 0]] },
  {
    id: "b3",
    device: "hall 1",
    style: "full",
    state: "SPOILED",
    votes: [
      [0, 1],
      [0, 1, 0],
    ],
    writeIns: ["Évariste"],
  },
  {
    id: "p1",
    device: "post",
    style: "full",
    state: "CAST",
    votes: [
      [0, 1],
      [1, 1, 0],
    ],
    isPreEncrypted: true,
  },
  { id: "u1", device: "post", style: "short", state: "UNKNOWN", votes: [[0, 0]] },
];

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** As the library writes JSON. */
export function serialise(tree: Json): Uint8Array {
  return text(JSON.stringify(tree, null, 4));
}
