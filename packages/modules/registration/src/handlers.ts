/** RaAuthenticate: a node asks to be let in (privacy protocol section 10). */
import type { RaAuthenticate } from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import { type Context, sdkErrors } from "@tacit/sdk";
import { registrationErrors } from "./errors.ts";
import type { RefusalRecords } from "./module.ts";

/** @throws {SdkError} `sdk/18`, `sdk/9` for a message nobody could answer. */
export function validateAuthenticate({ sender, certificate }: RaAuthenticate): void {
  if (sender.length !== 20 && sender.length !== 32) {
    throw sdkErrors.unknownAddress.wrap("addresses cannot be empty");
  }
  if (certificate.length === 0) throw sdkErrors.invalidRequest.wrap("certificate cannot be empty");
}

/**
 * A software build has no hardware that would vouch for another machine, so it lets none in: it
 * only bootstraps a network of its own.
 * @throws {SdkError} `register/2`, always.
 */
export function authenticate(
  context: Context,
  { certificate }: RaAuthenticate,
  records: RefusalRecords | undefined,
): never {
  const refusal = registrationErrors.authenticateFailed.wrap(
    "attestation of this network is simulated, so no other node can be verified",
  );
  if (context.mode === "finalize") records?.refused(certificate, refusal.message);
  throw refusal;
}
