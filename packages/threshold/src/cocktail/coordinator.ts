/** The coordinator carries messages. It has no key, and nobody has to trust it but with going on. */
import { concatBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import { blaming, decodeFirstMessage, encodeContribution, isPossessionProven } from "./messages.ts";
import { cocktailSignatureBytes } from "./schnorr.ts";
import { blameCocktail, type CocktailParams, decodeHostKeys } from "./session.ts";
import { withFrame } from "./suites.ts";

/**
 * @param messages the participants' first, in their order.
 * @returns one message for each participant.
 * @throws {ThresholdError} `threshold/too_few`; `threshold/cocktail`: message or possession, with
 * the first participant to blame; as {@link decodeHostKeys}.
 */
export function cocktailDistribute<P>(
  params: CocktailParams<P>,
  messages: readonly Uint8Array[],
): Uint8Array[] {
  decodeHostKeys(params);
  assertAll(params, messages);
  const decoded = messages.map((message, i) =>
    blaming(i + 1, () => decodeFirstMessage(params, message)),
  );
  decoded.forEach((first, i) => {
    if (!isPossessionProven(params, first)) throw blameCocktail("possession", [i + 1]);
  });
  return decoded.map((_, to) =>
    concatBytes(
      ...decoded.flatMap((first) => [
        encodeContribution(first),
        withFrame(first.ciphertexts[to] as Uint8Array),
      ]),
    ),
  );
}

/**
 * @param signatures the participants' second messages, in their order.
 * @returns the certificate, for all.
 * @throws {ThresholdError} `threshold/too_few`, `threshold/length`. Whether they verify, only
 * participants see: the transcript may have what no coordinator knows.
 */
export function cocktailCertify<P>(
  params: CocktailParams<P>,
  signatures: readonly Uint8Array[],
): Uint8Array {
  assertAll(params, signatures);
  const width = cocktailSignatureBytes(params.suite);
  for (const signature of signatures) assertLength(signature, width, "signature");
  return concatBytes(...signatures);
}

function assertAll<P>({ hostPublicKeys }: CocktailParams<P>, list: readonly Uint8Array[]): void {
  const [have, need] = [list.length, hostPublicKeys.length];
  if (have !== need) throw new ThresholdError({ code: "threshold/too_few", have, need });
}
