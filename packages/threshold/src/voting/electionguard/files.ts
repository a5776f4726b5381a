/** The files of a record, by the names that the library gives them. */
import { ThresholdError } from "../../errors.ts";
import { demand, refuse } from "../refuse.ts";
import { FILE_BYTES_MAX, FILES_MAX } from "./limits.ts";

/** A record to be verified: a directory, an archive, whatever has named files. */
export interface RecordFiles {
  /** Every file, relative to the record's top, with `/` between folders. */
  readonly paths: Iterable<string>;
  /** Called once for each of {@link paths}; what it throws goes through. */
  read(path: string): Uint8Array;
}

/** What one device encrypted. */
export interface DeviceFiles {
  readonly ballots: readonly string[];
  readonly chain: string | undefined;
}

const TOP_FILES: ReadonlySet<string> = new Set([
  "constants.json",
  "manifest.json",
  "election_config.json",
  "election_initialized.json",
  "encrypted_tally.json",
  "tally.json",
]);
const BALLOT = /^encrypted_ballots\/([^/]+)\/(?:(ballot_chain)|eballot-[^/]+)\.json$/;
const CHALLENGED = /^challenged_ballots\/dballot-[^/]+\.json$/;

/** Names of files have no spaces. */
export function fileName(name: string): string {
  return name.replaceAll(" ", "_");
}

/** Knows where everything is, and reads each file once. */
export class RecordReader {
  /** By the folder's name, ascending; so are the ballots of each. */
  readonly devices: ReadonlyMap<string, DeviceFiles>;
  /** Paths of challenged ballots, ascending. */
  readonly challenged: readonly string[];
  readonly ballotCount: number;
  readonly #files: RecordFiles;

  /** @throws {ThresholdError} `threshold/record` for a file that no record has, or one that it lacks. */
  constructor(files: RecordFiles) {
    this.#files = files;
    const paths = listPaths(files.paths);
    const devices = new Map<string, { ballots: string[]; chain: string | undefined }>();
    const challenged: string[] = [];
    for (const path of paths) {
      const [, device, chain] = BALLOT.exec(path) ?? [];
      if (CHALLENGED.test(path)) challenged.push(path);
      else if (device === undefined) demand(TOP_FILES.has(path), "a file that no record has");
      else {
        const own = devices.get(device) ?? { ballots: [], chain: undefined };
        devices.set(device, own);
        if (chain === undefined) own.ballots.push(path);
        else own.chain = path;
      }
    }
    for (const name of TOP_FILES) demand(paths.has(name), `${name} is not there`);
    this.devices = devices;
    this.challenged = challenged;
    this.ballotCount = [...devices.values()].reduce((sum, { ballots }) => sum + ballots.length, 0);
  }

  /** Reads a file; what is wrong with its form is said with the file's name. */
  readonly parse = <T>(path: string, read: (text: string) => T): T => {
    const bytes = this.#files.read(path);
    try {
      return read(decodeText(bytes));
    } catch (error) {
      if (!(error instanceof ThresholdError) || error.failure.code !== "threshold/record")
        throw error;
      const { code, what } = error.failure;
      throw new ThresholdError({ code, what: `${what} (${path})` }, { cause: error });
    }
  };
}

/** In order, so that a record is verified one way wherever it lies. */
function listPaths(paths: Iterable<string>): ReadonlySet<string> {
  const list: string[] = [];
  for (const path of paths) {
    if (list.length === FILES_MAX) refuse("a record has too many files");
    list.push(path);
  }
  const sorted = new Set(list.toSorted((left, right) => (left < right ? -1 : 1)));
  demand(sorted.size === list.length, "a file comes twice");
  return sorted;
}

function decodeText(bytes: Uint8Array): string {
  demand(bytes.length <= FILE_BYTES_MAX, "a file is too large");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("a file is no text");
  }
}
