/** Reading of ElectionGuard's vectors, which are not of its records' form. */
import { integerToBytes } from "../src/bytes.ts";
import { type EncryptedBallot, readBallot } from "../src/voting/electionguard/ballot.ts";
import { elementBytes } from "../src/voting/electionguard/hash.ts";
import { readManifest } from "../src/voting/electionguard/manifest.ts";
import { FixedBase } from "../src/voting/electionguard/powers.ts";
import type { ElectionKey } from "../src/voting/electionguard/setup.ts";
import { readElement, readHash } from "../src/voting/electionguard/values.ts";
import { readObject } from "../src/voting/json.ts";
import { toHex } from "./vectors.ts";

export type Fields = Record<string, unknown>;

/** An object that has exactly these fields. @param names with spaces between them. */
export function open(value: unknown, names: string): Fields {
  return readObject(value, names.split(" "));
}

export function all<T>(value: unknown, read: (item: unknown) => T): T[] {
  return (value as unknown[]).map(read);
}

/** As the draft has small numbers. */
export function short(value: unknown): Uint8Array {
  return integerToBytes(BigInt(value as number), 2, false);
}

export function upper(bytes: Uint8Array): string {
  return toHex(bytes).toUpperCase();
}

export function electionOf(key: unknown, extendedBaseHash: unknown): ElectionKey {
  const element = readElement(key);
  return {
    keyBase: new FixedBase(element),
    keyBytes: elementBytes(element),
    extendedBaseHash: readHash(extendedBaseHash),
  };
}

/** A ballot of the vectors, which have no field for the election. */
export function ballotOf(
  value: unknown,
  election: ElectionKey,
  manifest: unknown,
): EncryptedBallot {
  const json = { ...(value as Fields), election_id: upper(election.extendedBaseHash) };
  return readBallot(readManifest(JSON.stringify(manifest)), JSON.stringify(json));
}

/** The manifest that fits a ballot: its contests with their selections, in its one district. */
export function manifestOf(ballot: Fields): unknown {
  const contests = (ballot.contests as Fields[]).map((contest) => ({
    object_id: contest.contest_id,
    sequence_order: contest.sequence_order,
    electoral_district_id: "district",
    vote_variation: "one_of_m",
    number_elected: 1,
    votes_allowed: contest.votes_allowed,
    name: contest.contest_id,
    ballot_selections: (contest.selections as Fields[]).map((selection) => ({
      object_id: selection.selection_id,
      sequence_order: selection.sequence_order,
      candidate_id: selection.selection_id,
    })),
    ballot_title: null,
    ballot_subtitle: null,
  }));
  const style = { object_id: ballot.ballot_style_id, geopolitical_unit_ids: ["district"] };
  return {
    election_scope_id: "vectors",
    spec_version: "v2.0.0",
    type: "general",
    start_date: "",
    end_date: "",
    geopolitical_units: [],
    parties: [],
    candidates: [],
    contests,
    ballot_styles: [{ ...style, party_ids: [], image_url: null }],
    name: [],
    contact_information: null,
  };
}
