/** Signatures of the beacon by mcl, beside noble alone. */
import { loadPairing, noblePairing } from "@tacit/threshold";
import { type BeaconScheme, createBeaconScheme } from "@tacit/threshold/beacon";
import { report, type ThresholdOptions, timesOf } from "./report.ts";

export async function benchPairings(options: ThresholdOptions): Promise<void> {
  const [runs, holders] = options.tiny ? [1, 3] : [5, 67];
  const mcl = createBeaconScheme(await loadPairing("mcl"));
  const noble = createBeaconScheme(noblePairing);
  const { g1, g2 } = noblePairing;
  const secret = g1.randomScalar();
  const publicKey = g2.encode(g2.multiplyBase(secret));
  const signature = noble.signRound(secret, 7n);
  const partials = Array.from({ length: holders }, (_, i) => ({
    index: i + 1,
    signature: noble.signRound(BigInt(i + 2), 7n),
  }));
  const both = (run: (scheme: BeaconScheme) => unknown) =>
    [
      ["mcl", timesOf(runs, () => run(mcl))],
      ["noble alone", timesOf(runs, () => run(noble))],
    ] as const;
  report(
    options,
    "BLS verify",
    both((scheme) => scheme.verifyRound(publicKey, 7n, signature)),
  );
  report(
    options,
    "BLS partial",
    both((scheme) => scheme.signRound(secret, 7n)),
  );
  report(
    options,
    `BLS, ${holders} combined`,
    both((scheme) => scheme.combineRound(partials, holders)),
  );
}
