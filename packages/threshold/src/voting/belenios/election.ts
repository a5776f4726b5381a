/** What is voted on, by whom: the setup of an election (sections 4.11 to 4.13). */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8 } from "../../bytes.ts";
import { readCount, readInteger, readJson, readList, readObject, readText } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import { type BeleniosGroup, beleniosGroups, isElement, multiply } from "./group.ts";
import type { TrusteeSet } from "./trustees.ts";

const answersMax = 1_000;

/** A question whose answers are only ever added. */
export interface Question {
  readonly text: string;
  readonly answers: readonly string[];
  readonly min: number;
  readonly max: number;
  /** Whether a voter may choose nothing whatever `min` says. */
  readonly blank: boolean;
}

export interface Election {
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  readonly groupName: string;
  readonly group: BeleniosGroup;
  readonly publicKey: bigint;
  readonly questions: readonly Question[];
  /** Base64 of the hash of the election's text: what ballots and factors are bound to. */
  readonly fingerprint: string;
}

export function readElection(text: string): Election {
  const fields = readObject(
    readJson(text),
    ["version", "description", "name", "group", "public_key", "questions", "uuid"],
    ["administrator", "credential_authority"],
  );
  demand(fields.version === 1, "the election is of another version");
  const groupName = readText(fields.group);
  const group = beleniosGroups.get(groupName) ?? refuse("the group is not known");
  const publicKey = readInteger(fields.public_key);
  demand(isElement(group, publicKey), "the election's key is no element");
  const uuid = readText(fields.uuid);
  demand(/^[1-9A-HJ-NP-Za-km-z]{14,64}$/.test(uuid), "the election's id is something else");
  return {
    uuid,
    name: readText(fields.name),
    description: readText(fields.description),
    groupName,
    group,
    publicKey,
    questions: readList(fields.questions, readQuestion),
    fingerprint: jsonHash(text),
  };
}

function readQuestion(value: unknown): Question {
  const isNested = typeof value === "object" && value !== null && "type" in value;
  if (isNested) refuse("a question without a homomorphic tally, which needs shuffles");
  const fields = readObject(value, ["answers", "min", "max", "question"], ["blank"]);
  const answers = readList(fields.answers, readText);
  const [min, max] = [readCount(fields.min), readCount(fields.max)];
  const { blank = false } = fields;
  demand(typeof blank === "boolean", "a switch is something else");
  const isSane = answers.length >= 1 && answers.length <= answersMax && min <= max;
  demand(isSane && max <= answers.length, "a question's limits make no sense");
  return { text: readText(fields.question), answers, min, max, blank };
}

/** Unpadded base64 of SHA-256. */
export function jsonHash(text: string): string {
  return btoa(String.fromCharCode(...sha256(utf8(text)))).replace(/=+$/, "");
}

/** The election's key is the product of its trustees'. */
export function checkKey({ group, publicKey }: Election, trustees: readonly TrusteeSet[]): void {
  const product = multiply(group, ...trustees.map((set) => set.publicKey));
  demand(product === publicKey, "the election's key is not that of its trustees");
}

/** Weights by credential. */
export type Credentials = ReadonlyMap<bigint, bigint>;

export function readCredentials({ group }: Election, value: unknown): Credentials {
  const credentials = new Map<bigint, bigint>();
  for (const text of readList(value, readText)) {
    const [key = "", weight = "1", ...more] = text.split(",");
    const credential = readInteger(key);
    demand(more.length === 0 && isElement(group, credential), "a credential is no element");
    demand(!credentials.has(credential), "a credential comes twice");
    const amount = readInteger(weight);
    demand(amount >= 1n && amount < 2n ** 31n, "a weight makes no sense");
    credentials.set(credential, amount);
  }
  return credentials;
}
