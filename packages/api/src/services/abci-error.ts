/** Failures of service methods as they look after a way through ABCI. */
import { type AbciErrorInfo, errorToAbci, sdkErrors } from "@tacit/sdk";
import { codes, type StatusError } from "./status.ts";

/** What ABCI answers for a method that failed. @see sdk-fork section 5 */
export function abciErrorOf(error: StatusError): AbciErrorInfo {
  return errorToAbci(sdkErrorOf(error));
}

function sdkErrorOf({ status, message }: StatusError): Error {
  const named = `rpc error: code = ${NAMES[status] ?? "Unknown"} desc = ${message}`;
  switch (status) {
    case codes.notFound:
      return sdkErrors.keyNotFound.wrap(named);
    case codes.invalidArgument:
    case codes.failedPrecondition:
      return sdkErrors.invalidRequest.wrap(named);
    default:
      return sdkErrors.unknownRequest.wrap(named);
  }
}

/** As Go prints them. */
const NAMES: Readonly<Record<number, string>> = {
  [codes.unknown]: "Unknown",
  [codes.invalidArgument]: "InvalidArgument",
  [codes.notFound]: "NotFound",
  [codes.failedPrecondition]: "FailedPrecondition",
  [codes.unimplemented]: "Unimplemented",
  [codes.internal]: "Internal",
  [codes.unavailable]: "Unavailable",
};
