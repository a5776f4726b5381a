import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type ChillDkgOutput,
  coordinatorFinalize,
  coordinatorInvestigate,
  coordinatorStep1,
  hostPublicKey,
  InvestigableError,
  paramsHash,
  participantFinalize,
  participantInvestigate,
  participantStep1,
  participantStep2,
  recoverChillDkg,
  type SessionParams,
} from "../src/chilldkg/index.ts";
import { ThresholdError } from "../src/errors.ts";
import { findVectors, fromHex, listFiles, toHex } from "./vectors.ts";

type Json = Readonly<Record<string, unknown>>;

const FIELDS = [
  ...["description", "totalTests", "testGroups", "validTestCases", "errorTestCases", "tcId"],
  ...["comment", "params", "hostpubkeys", "t", "hostseckey", "random", "auxRand", "pmsg1"],
  ...["pmsgs1", "pmsg2", "cmsg1", "cmsg2", "cinvMsg", "pmsg1Pool", "pmsg1Indices", "pmsg2Pool"],
  ...["pmsg2Indices", "cmsg1Pool", "cmsg1Index", "recoveryData", "dkgOutput", "secshare"],
  ...["threshPk", "pubshares", "type", "message", "participantId", "participantId1"],
  ...["participantId2", "expectedCmsg1", "expectedCinvMsgs", "expectedError", "expectedOutput"],
  ...["expectedHostpubkey", "expectedParamsHash", "expectedPmsg1", "expectedPmsg2"],
];

/** The names of the reference implementation's exceptions, and our reasons. */
const REASONS: Readonly<Record<string, string>> = {
  HostSeckeyError: "host_secret_key",
  ThresholdOrCountError: "threshold_or_count",
  InvalidHostPubkeyError: "host_public_key",
  DuplicateHostPubkeyError: "duplicate_key",
  RandomnessError: "randomness",
  FaultyParticipantError: "participant",
  FaultyParticipantOrCoordinatorError: "participant_or_coordinator",
  FaultyCoordinatorError: "coordinator",
  UnknownFaultyParticipantOrCoordinatorError: "unknown",
  RecoveryDataError: "recovery_data",
};

const bytes = (value: unknown) => fromHex(value as string);
const list = (value: unknown) => (value as string[]).map(fromHex);
const upper = (value: Uint8Array) => toHex(value).toUpperCase();
const params = (item: Json): SessionParams => {
  const { hostpubkeys, t } = item.params as { hostpubkeys: string[]; t: number };
  return { hostPublicKeys: hostpubkeys.map(fromHex), threshold: t };
};
const pick = (pool: unknown, indices: unknown) =>
  (indices as number[]).map((i) => fromHex((pool as string[])[i] as string));
const outputJson = ({ secretShare, publicKey, publicShares }: ChillDkgOutput) => ({
  secshare: secretShare === undefined ? null : upper(secretShare),
  threshPk: upper(publicKey),
  pubshares: publicShares.map(upper),
});

/** What each file's cases call; a group's fields stand in where a case has none. */
const RUNS: Readonly<Record<string, (item: Json) => unknown>> = {
  "hostpubkey_gen_vectors.json": (item) => ({
    expectedHostpubkey: upper(hostPublicKey(bytes(item.hostseckey))),
  }),
  "params_hash_vectors.json": (item) => ({ expectedParamsHash: upper(paramsHash(params(item))) }),
  "participant_step1_vectors.json": (item) => {
    const { message } = participantStep1(bytes(item.hostseckey), params(item), bytes(item.random));
    return { expectedPmsg1: upper(message) };
  },
  "participant_step2_vectors.json": (item) => ({ expectedPmsg2: upper(step2(item).message) }),
  "participant_finalize_vectors.json": (item) => {
    const { state, message } = step2(item);
    expect(upper(message)).toBe(item.pmsg2);
    const { output, recoveryData } = participantFinalize(state, bytes(item.cmsg2));
    const expectedOutput = { dkgOutput: outputJson(output), recoveryData: upper(recoveryData) };
    return { expectedOutput };
  },
  "participant_investigate_vectors.json": (item) => {
    const cmsg1 = (item.cmsg1Pool as string[])[item.cmsg1Index as number];
    try {
      step2({ ...item, cmsg1 });
    } catch (error) {
      if (error instanceof InvestigableError) participantInvestigate(error, bytes(item.cinvMsg));
      throw error;
    }
    return {};
  },
  "coordinator_step1_vectors.json": (item) => {
    const { message } = coordinatorStep1(pick(item.pmsg1Pool, item.pmsg1Indices), params(item));
    return { expectedCmsg1: upper(message) };
  },
  "coordinator_finalize_vectors.json": (item) => {
    const { state, message: first } = coordinatorStep1(list(item.pmsgs1), params(item));
    if (item.cmsg1 !== undefined) expect(upper(first)).toBe(item.cmsg1);
    const signatures = pick(item.pmsg2Pool, item.pmsg2Indices);
    const { message, output, recoveryData } = coordinatorFinalize(state, signatures);
    const common = { dkgOutput: outputJson(output), recoveryData: upper(recoveryData) };
    return { expectedOutput: { cmsg2: upper(message), ...common } };
  },
  "coordinator_investigate_vectors.json": (item) => ({
    expectedCinvMsgs: coordinatorInvestigate(list(item.pmsgs1), params(item)).map(upper),
  }),
  "recover_vectors.json": (item) => {
    const secret = item.hostseckey === null ? undefined : bytes(item.hostseckey);
    const result = recoverChillDkg(secret, bytes(item.recoveryData));
    const hostpubkeys = result.params.hostPublicKeys.map(upper);
    const again = { hostpubkeys, t: result.params.threshold };
    return { expectedOutput: { dkgOutput: outputJson(result.output), params: again } };
  },
};

/** Step 1 with the group's key, then step 2 with the case's, which may be another. */
function step2(item: Json) {
  const first = item.groupKey ?? item.hostseckey;
  const { state, message } = participantStep1(bytes(first), params(item), bytes(item.random));
  expect(upper(message)).toBe(item.pmsg1);
  return participantStep2(bytes(item.hostseckey), state, bytes(item.cmsg1), bytes(item.auxRand));
}

function checkError(item: Json, error: unknown): void {
  const expected = item.expectedError as Json;
  if (!(error instanceof ThresholdError)) throw error;
  const { failure } = error;
  const where = `${item.tcId} ${item.comment}: ${JSON.stringify(failure)}`;
  if (expected.type === "ValueError") {
    expect(failure.code, where).toMatch(/length|too_few/);
    return;
  }
  const { participantId, participantId1, participantId2 } = expected;
  const participants = [participantId, participantId1, participantId2].filter(
    (id) => id !== undefined,
  );
  const reason = REASONS[expected.type as string];
  expect(failure, where).toEqual({ code: "threshold/chilldkg", reason, participants });
}

const directory = findVectors("chilldkg");
const folder = join(directory ?? "", "vectors");

describe.runIf(directory !== undefined)("ChillDKG's vectors, byte by byte, blame by blame", () => {
  const files = directory === undefined ? [] : listFiles(folder);
  it.each(files.filter((file) => file !== "COPYING"))("%s", (file) => {
    const run = RUNS[file];
    if (run === undefined) return expect.unreachable(`unknown file ${file}`);
    const document = JSON.parse(readFileSync(join(folder, file), "utf8"), (name, value) => {
      if (name !== "" && !/^\d+$/.test(name) && !FIELDS.includes(name)) {
        throw new TypeError(`unknown field ${name} in ${file}`);
      }
      return value;
    }) as Json;
    let count = 0;
    for (const group of (document.testGroups ?? [document]) as Json[]) {
      const { validTestCases = [], errorTestCases = [], hostseckey, ...shared } = group;
      const withGroup = (item: Json) => ({ hostseckey, groupKey: hostseckey, ...shared, ...item });
      for (const item of validTestCases as Json[]) {
        expect(item, String(item.comment)).toMatchObject(run(withGroup(item)) as Json);
        count++;
      }
      for (const item of errorTestCases as Json[]) {
        let failure: unknown;
        try {
          run(withGroup(item));
        } catch (error) {
          failure = error;
        }
        checkError(item, failure);
        count++;
      }
    }
    expect(count).toBe(document.totalTests);
  });
});
