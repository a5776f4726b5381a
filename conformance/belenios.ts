/** The reference tool of Belenios 2.0: it makes elections that we verify, and verifies ours. */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyBelenios } from "../packages/threshold/src/voting/belenios/index.ts";
import {
  BeleniosBoard,
  type BeleniosKey,
  beleniosTrustee,
  type Choice,
  defineBelenios,
  generateBeleniosKey,
  makeBeleniosBallot,
  type Question,
} from "../packages/threshold/src/voting/belenios-prover/index.ts";
import {
  archiveChanges,
  changeArchive,
  TIMESTAMP,
} from "../packages/threshold/test/belenios-archive.ts";
import { type Checks, hasCommand, type Part, type PartOptions } from "./part.ts";

const TOOL = "belenios-tool";
const UUID = "TacitBe1enios2";
/** Those that version 2.0 of the tool has. It refuses `Ed25519`, which later ones have. */
const GROUPS = ["BELENIOS-2048", "RFC-3526-2048"] as const;

const questions: readonly Question[] = [
  { text: "“Who”\n\\?", options: ["Ada", "Émilie"], min: 0, max: 1, blank: false },
  { text: "Which?", options: ["1", "2", "3"], min: 1, max: 2, blank: true },
];

const claims: readonly (readonly [claim: string, make: Maker])[] = [
  ["our election is verified by the tool", makeAlone],
  ["the tool counts and decrypts our ballots", letCount],
  ["the tool's election verifies here", letMake],
];

export const beleniosPart: Part = {
  name: "belenios",
  about: "belenios-tool makes elections that we verify, and verifies ours",
  prepare: () => (hasCommand(TOOL) ? "ready" : { missing: TOOL }),
  run,
};

async function run(checks: Checks, { rounds }: PartOptions): Promise<void> {
  for (const group of GROUPS) {
    // Its exponents are eight times as long.
    const times = group === "BELENIOS-2048" ? rounds : 1;
    for (let round = 0; round < times; round++) {
      for (const [claim, make] of claims) {
        await checks.check(`${group}: ${claim}`, () => agree(make, group));
      }
    }
  }
  await checks.check("a 2-of-3 group of trustees: the tool's election verifies here", () =>
    agree(letShare, GROUPS[0]),
  );
  const whole = inDirectory((tool) => makeAlone(tool, GROUPS[0]).archive);
  await checks.check("an archive that was written again, unchanged, is taken by both", () => {
    const archive = changeArchive(whole, () => false, String);
    agree(() => ({ archive, expected: verifyBelenios(whole).result }), GROUPS[0]);
  });
  for (const { what, find, edit, isUnreadByTool = false } of archiveChanges) {
    const by = isUnreadByTool ? "us; the tool does not read it" : "both";
    await checks.check(`a change of ${what} is refused by ${by}`, () =>
      beRefused(changeArchive(whole, find, edit), isUnreadByTool),
    );
  }
}

interface Made {
  readonly archive: Uint8Array;
  /** By counting the votes. */
  readonly expected: readonly (readonly number[])[];
}

type Maker = (tool: Tool, group: string) => Made;

/** Both verify it, and find what counting finds. */
function agree(make: Maker, group: string): void {
  inDirectory((tool) => {
    const { archive, expected } = make(tool, group);
    writeFileSync(join(tool.directory, `${UUID}.bel`), archive);
    tool.call(["election", "verify"]);
    const { result } = verifyBelenios(archive);
    if (`${result}` !== `${expected}`) throw new RangeError(`${result}, not ${expected}`);
  });
}

function beRefused(archive: Uint8Array, isTakenByTool: boolean): void {
  inDirectory((tool) => {
    writeFileSync(join(tool.directory, `${UUID}.bel`), archive);
    const isTaken = tool.accepts(["election", "verify"]);
    if (isTaken !== isTakenByTool)
      throw new RangeError(isTaken ? "the tool takes it" : "the tool reads it");
  });
  let isTaken = true;
  try {
    verifyBelenios(archive);
  } catch {
    isTaken = false;
  }
  if (isTaken) throw new RangeError("we take it");
}

interface Vote {
  readonly voter: number;
  readonly choices: readonly Choice[];
}

/** Every voter once; the first again, in other words. */
function drawVotes(voters: number): readonly Vote[] {
  const drawn = Array.from({ length: voters }, (_, voter) => voter);
  return [...drawn, 0].map((voter) => {
    const first = [[], [0], [1]][randomInt(3)] as number[];
    const second = (["blank", [0], [2], [0, 1], [1, 2]] as const)[randomInt(5)] as Choice;
    return { voter, choices: [first, second] };
  });
}

/** 0 or 1 for each answer, with the blank vote first, as Belenios has it. */
function valuesOf({ choices }: Vote): number[][] {
  return questions.map(({ options, blank }, i) => {
    const choice = choices[i] as Choice;
    const chosen = options.map((_, at) => Number(choice !== "blank" && choice.includes(at)));
    return blank ? [Number(choice === "blank"), ...chosen] : chosen;
  });
}

function countVotes(votes: readonly Vote[], weights: readonly number[]): number[][] {
  const last = [...new Map(votes.map((vote) => [vote.voter, vote])).values()];
  const sums = questions.map(({ options, blank }) =>
    new Array<number>(options.length + Number(blank)).fill(0),
  );
  for (const vote of last) {
    for (const [i, values] of valuesOf(vote).entries()) {
      for (const [j, value] of values.entries()) {
        const sum = sums[i] as number[];
        sum[j] = (sum[j] as number) + value * (weights[vote.voter] as number);
      }
    }
  }
  return sums;
}

/** Trustees, credentials, ballots, sum, decryptions and archive of ours, weights among them. */
function makeAlone(_tool: Tool, group: string): Made {
  const trustees = [0, 1].map(() => generateBeleniosKey(group));
  const weights = [1, 5, 1_000];
  const { setup, voters, votes } = openOurs(
    group,
    trustees.map((trustee) => beleniosTrustee(group, trustee)),
    weights,
  );
  const board = new BeleniosBoard(setup, TIMESTAMP);
  for (const { voter, choices } of votes) {
    board.append(makeBeleniosBallot(setup.election, voters[voter] as BeleniosKey, choices));
  }
  board.close();
  for (const trustee of trustees) board.decrypt(trustee);
  return { archive: board.finish().archive, expected: countVotes(votes, weights) };
}

/** The tool's trustees; our credentials, definition and ballots; the tool counts and decrypts. */
function letCount(tool: Tool, group: string): Made {
  const keys = tool.trustees(group, 2);
  const weights = [2, 1];
  const trustees = keys.map(({ publicKey }) => publicKey);
  const { setup, voters, votes } = openOurs(group, trustees, weights);
  tool.write("election.json", setup.election);
  tool.write("trustees.json", setup.trustees);
  tool.write("public_creds.json", setup.credentials);
  tool.call(["archive", "init"]);
  for (const { voter, choices } of votes) {
    const ballot = makeBeleniosBallot(setup.election, voters[voter] as BeleniosKey, choices);
    tool.event("Ballot", `${ballot}\n`);
  }
  tool.close(keys.map(({ file }, i) => ["decrypt", ["--privkey", file], i + 1]));
  return { archive: tool.archive(), expected: countVotes(votes, weights) };
}

function openOurs(group: string, trustees: readonly string[], weights: readonly number[]) {
  const voters = weights.map(() => generateBeleniosKey(group));
  const setup = defineBelenios({
    uuid: UUID,
    name: "Élection",
    description: 'A "test".',
    groupName: group,
    trustees,
    questions,
    voters: voters.map(({ publicKey }, i) => ({ publicKey, weight: BigInt(weights[i] as number) })),
  });
  return { setup, voters, votes: drawVotes(weights.length) };
}

/** All of it the tool's. */
function letMake(tool: Tool, group: string): Made {
  const keys = tool.trustees(group, 2);
  tool.write("public_keys.jsons", keys.map(({ publicKey }) => `${publicKey}\n`).join(""));
  const votes = tool.vote(group);
  tool.close(keys.map(({ file }, i) => ["decrypt", ["--privkey", file], i + 1]));
  return { archive: tool.archive(), expected: countVotes(votes, [1, 1, 1]) };
}

/** All of it the tool's, under a key that two of three trustees share. */
function letShare(tool: Tool, group: string): Made {
  const keys = tool.sharedKey(group);
  tool.write("public_keys.jsons", "");
  const votes = tool.vote(group);
  tool.close(
    [0, 2].map((at) => {
      const key = keys[at] as string;
      const files = ["--key", `${key}.key`, "--decryption-key", `${key}.dkey`];
      return ["decrypt-threshold", files, at + 1];
    }),
  );
  return { archive: tool.archive(), expected: countVotes(votes, [1, 1, 1]) };
}

/** How a trustee decrypts: the command, its keys, and which one it is. */
type Decrypter = readonly [command: string, files: readonly string[], owner: number];

/** belenios-tool in a directory of its own. */
class Tool {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  accepts(command: readonly string[], input = ""): boolean {
    return this.#spawn(command, input).status === 0;
  }

  /** What it prints. */
  call(command: readonly string[], input = ""): string {
    const { status, stdout, stderr } = this.#spawn(command, input);
    if (status !== 0) throw new RangeError(`${TOOL} ${command.join(" ")}: ${stderr}`);
    return stdout;
  }

  #spawn(command: readonly string[], input: string) {
    const options = { cwd: this.directory, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
    const result = spawnSync(TOOL, command, { ...options, input });
    if (result.error !== undefined) throw result.error;
    return result;
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  #list(ending: string): string[] {
    return readdirSync(this.directory)
      .filter((name) => name.endsWith(ending))
      .sort();
  }

  trustees(group: string, count: number): { readonly file: string; readonly publicKey: string }[] {
    for (let i = 0; i < count; i++) this.call(["setup", "generate-trustee-key", "--group", group]);
    return this.#list(".privkey").map((file) => ({
      file,
      publicKey: this.read(file.replace(".privkey", ".pubkey")).trim(),
    }));
  }

  /** Six steps of three trustees. @returns the names of their keys, in the order of the shares. */
  sharedKey(group: string): string[] {
    const step = (number: number, more: readonly string[] = [], input = "") => {
      const command = ["setup", "generate-trustee-key-threshold", "--group", group];
      return this.call([...command, "--step", `${number}`, ...more], input);
    };
    for (let i = 0; i < 3; i++) step(1);
    const names = this.#list(".key").map((file) => file.replace(/\.key$/, ""));
    this.write("certs.jsons", names.map((name) => this.read(`${name}.cert`)).join(""));
    const known = ["--certs", "certs.jsons", "--threshold", "2"];
    const polynomials = names.map((name) => step(3, [...known, "--key", `${name}.key`]));
    this.write("polynomials.jsons", polynomials.join(""));
    const all = [...known, "--polynomials", "polynomials.jsons"];
    step(4, all);
    const outputs = names.map((name) =>
      step(5, [...known, "--key", `${name}.key`], this.read(`${name}.vinput`)),
    );
    this.write("threshold.json", step(6, all, outputs.join("")));
    return names;
  }

  /** An election of its own definition, in which three voters have voted. */
  vote(group: string): readonly Vote[] {
    const template = questions.map(({ text, options, min, max, blank }) => ({
      answers: options,
      ...(blank ? { blank } : {}),
      min,
      max,
      question: text,
    }));
    const text = { description: "Sample.", name: "Élection", questions: template };
    this.write("template.json", JSON.stringify(text));
    const own = ["--group", group, "--uuid", UUID];
    this.call(["setup", "make-trustees"]);
    this.call(["setup", "make-election", ...own, "--template", "template.json"]);
    this.call(["setup", "generate-credentials", ...own, "--count", "3"]);
    const [secrets = "", keys = ""] = [this.#list(".privcreds")[0], this.#list(".pubcreds")[0]];
    copyFileSync(join(this.directory, keys), join(this.directory, "public_creds.json"));
    this.call(["archive", "init"]);
    const credentials = this.read(secrets)
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[1] as string);
    const votes = drawVotes(credentials.length);
    for (const vote of votes) {
      this.write("credential", credentials[vote.voter] as string);
      this.write("vote.json", JSON.stringify(valuesOf(vote)));
      const files = ["--privcred", "credential", "--ballot", "vote.json"];
      this.event("Ballot", this.call(["election", "generate-ballot", ...files]));
    }
    return votes;
  }

  event(type: string, input = ""): void {
    this.call(["archive", "add-event", "--type", type], input);
  }

  close(decrypters: readonly Decrypter[]): void {
    this.event("EndBallots");
    this.event("EncryptedTally", this.call(["election", "compute-encrypted-tally"]));
    for (const [command, files, owner] of decrypters) {
      const own = ["election", command, ...files, "--trustee-id", `${owner}`];
      this.event("PartialDecryption", this.call(own));
    }
    this.event("Result", this.call(["election", "compute-result"]));
  }

  archive(): Uint8Array {
    return new Uint8Array(readFileSync(join(this.directory, `${UUID}.bel`)));
  }
}

function inDirectory<T>(use: (tool: Tool) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "tacit-belenios-"));
  try {
    return use(new Tool(directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
