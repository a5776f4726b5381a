import { ENCLAVE_NODE_FLAGS } from "@tacit/enclave-channel";
import { ProtocolError } from "@tacit/encoding/errors";

/** The process was not started as an enclave must be. */
export class StartError extends ProtocolError<{
  readonly code: "enclave/bad_start";
  readonly reason: string;
}> {
  constructor(reason: string) {
    super({ code: "enclave/bad_start", reason }, `the enclave does not start: ${reason}`);
  }
}

export interface EnclaveArguments {
  /** Holds the FIFOs. */
  readonly directory: string;
  readonly channels: number;
  readonly sealingKeyFile: string;
  readonly cacheDirectory: string | undefined;
}

const CHANNELS_MAX = 64;

/**
 * The process's arguments, after checking that nothing else steers it: exactly the flags that are
 * measured, an empty environment (`NODE_OPTIONS` above all), no inspector.
 * @throws {StartError}
 */
export function readArguments(start: {
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}): EnclaveArguments {
  if (start.execArgv.join(" ") !== ENCLAVE_NODE_FLAGS.join(" ")) {
    throw new StartError("its flags are not the measured ones");
  }
  if (Object.keys(start.env).length > 0) throw new StartError("its environment is not empty");
  const values = new Map<string, string>();
  for (const argument of start.argv) {
    const match = /^--(directory|channels|sealing-key|cache)=(.+)$/.exec(argument);
    if (match === null || values.has(match[1]!)) throw new StartError("an unknown argument");
    values.set(match[1]!, match[2]!);
  }
  const channels = Number(values.get("channels"));
  const directory = values.get("directory");
  const sealingKeyFile = values.get("sealing-key");
  const isComplete = Number.isInteger(channels) && channels >= 1 && channels <= CHANNELS_MAX;
  if (!isComplete || directory === undefined || sealingKeyFile === undefined) {
    throw new StartError("an argument is missing");
  }
  return { directory, channels, sealingKeyFile, cacheDirectory: values.get("cache") };
}
