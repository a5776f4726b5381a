/** What is voted on: `manifest.json`. */
import { readCount, readJson, readList, readObject, readText } from "../json.ts";
import { demand } from "../refuse.ts";
import { CONTESTS_MAX, SELECTIONS_MAX, VOTES_ALLOWED_MAX } from "./limits.ts";
import { readFlag, readName, readSome } from "./values.ts";

export interface ManifestSelection {
  readonly id: string;
  readonly order: number;
}

export interface ManifestContest {
  readonly id: string;
  readonly order: number;
  readonly name: string;
  /** How many selections a ballot may have in all; each may have one. */
  readonly votesAllowed: number;
  /** Ascending by order. */
  readonly selections: readonly ManifestSelection[];
}

export interface Manifest {
  readonly scope: string;
  /** Ascending by order. */
  readonly contests: readonly ManifestContest[];
  readonly byId: ReadonlyMap<string, ManifestContest>;
  /** Contests of each style of ballots, ascending by order. */
  readonly styles: ReadonlyMap<string, readonly ManifestContest[]>;
}

/** @throws {ThresholdError} `threshold/record` for other fields, orders or names that come twice. */
export function readManifest(text: string): Manifest {
  const fields = readObject(readJson(text), [
    "election_scope_id",
    "spec_version",
    "type",
    "start_date",
    "end_date",
    "geopolitical_units",
    "parties",
    "candidates",
    "contests",
    "ballot_styles",
    "name",
    "contact_information",
  ]);
  for (const name of ["spec_version", "type", "start_date", "end_date"] as const) {
    readText(fields[name]);
  }
  readDescriptions(fields);
  const districts = new Map<string, string>();
  const contests = readSome(fields.contests, CONTESTS_MAX, (one) => readContest(one, districts));
  const sorted = sortByOrder(contests, "contests");
  const styles = readSome(fields.ballot_styles, CONTESTS_MAX, (style) => {
    const { id, units } = readStyle(style);
    const own = sorted.filter((contest) => units.has(districts.get(contest.id) ?? ""));
    return [id, own] as const;
  });
  const manifest = {
    scope: readText(fields.election_scope_id),
    contests: sorted,
    byId: new Map(sorted.map((contest) => [contest.id, contest])),
    styles: new Map(styles),
  };
  demand(manifest.styles.size === styles.length, "a style of ballots comes twice");
  return manifest;
}

/** @param districts takes where each contest is held. */
function readContest(value: unknown, districts: Map<string, string>): ManifestContest {
  const fields = readObject(value, [
    "object_id",
    "sequence_order",
    "electoral_district_id",
    "vote_variation",
    "number_elected",
    "votes_allowed",
    "name",
    "ballot_selections",
    "ballot_title",
    "ballot_subtitle",
  ]);
  readText(fields.vote_variation);
  readCount(fields.number_elected);
  readTextOrNull(fields.ballot_title);
  readTextOrNull(fields.ballot_subtitle);
  const selections = readSome(fields.ballot_selections, SELECTIONS_MAX, (selection) => {
    const own = readObject(selection, ["object_id", "sequence_order", "candidate_id"]);
    readText(own.candidate_id);
    return { id: readName(own.object_id), order: readCount(own.sequence_order) };
  });
  const id = readName(fields.object_id);
  const votesAllowed = readCount(fields.votes_allowed);
  demand(
    votesAllowed >= 1 && votesAllowed <= VOTES_ALLOWED_MAX,
    "a contest's limit makes no sense",
  );
  districts.set(id, readName(fields.electoral_district_id));
  return {
    id,
    order: readCount(fields.sequence_order),
    name: readText(fields.name),
    votesAllowed,
    selections: sortByOrder(selections, "selections"),
  };
}

function sortByOrder<T extends { readonly id: string; readonly order: number }>(
  items: readonly T[],
  what: string,
): readonly T[] {
  const ids = new Set(items.map(({ id }) => id));
  const orders = new Set(items.map(({ order }) => order));
  const isUnique = ids.size === items.length && orders.size === items.length;
  demand(isUnique, `two ${what} of one name or place`);
  return items.toSorted((left, right) => left.order - right.order);
}

function readStyle(value: unknown): { readonly id: string; readonly units: ReadonlySet<string> } {
  const fields = readObject(value, [
    "object_id",
    "geopolitical_unit_ids",
    "party_ids",
    "image_url",
  ]);
  readList(fields.party_ids, readText);
  readTextOrNull(fields.image_url);
  return {
    id: readName(fields.object_id),
    units: new Set(readList(fields.geopolitical_unit_ids, readName)),
  };
}

/** Who stands, for whom and where: texts for people, which no verification depends on. */
function readDescriptions(fields: {
  readonly geopolitical_units: unknown;
  readonly parties: unknown;
  readonly candidates: unknown;
  readonly name: unknown;
  readonly contact_information: unknown;
}): void {
  readList(fields.geopolitical_units, (value) => {
    readTexts(value, ["object_id", "name", "type", "contact_information"]);
  });
  readList(fields.parties, (value) => {
    readTexts(value, ["object_id", "name", "abbreviation", "color", "logo_uri"]);
  });
  readList(fields.candidates, (value) => {
    const names = ["object_id", "name", "party_id", "image_url", "is_write_in"] as const;
    const { is_write_in: isWriteIn, ...texts } = readObject(value, names);
    readFlag(isWriteIn);
    Object.values(texts).forEach(readTextOrNull);
  });
  readList(fields.name, (value) => readTexts(value, ["value", "language"]));
  if (fields.contact_information === null) return;
  const names = ["address_line", "email", "phone", "name"] as const;
  const { address_line: lines, ...contact } = readObject(fields.contact_information, names);
  readList(lines, readText);
  Object.values(contact).forEach(readTextOrNull);
}

function readTexts(value: unknown, names: readonly string[]): void {
  for (const text of Object.values(readObject(value, names))) readTextOrNull(text);
}

function readTextOrNull(value: unknown): void {
  if (value !== null) readText(value);
}
