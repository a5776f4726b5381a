/** What somebody outside got hold of, piece by piece, with the name of the place. */
import { MarkerSearch, type SecretBytes, type Sighting } from "../markers.ts";

export interface Evidence {
  /** Such as `rest /cosmos/bank/v1beta1/supply`. The first word is the kind of place. */
  readonly place: string;
  readonly bytes: Uint8Array;
}

export interface Found extends Sighting {
  readonly place: string;
}

export const evidence = (place: string, text: string | Uint8Array): Evidence => ({
  place,
  bytes: typeof text === "string" ? new TextEncoder().encode(text) : text,
});

/** Texts by their stem and, if they were encoded twice, in both. */
export function findText(pieces: readonly Evidence[], stem: string): Found[] {
  return find(pieces, new MarkerSearch([stem], { nested: true }));
}

export function findSecrets(
  pieces: readonly Evidence[],
  secrets: readonly (string | SecretBytes)[],
): Found[] {
  return find(pieces, new MarkerSearch(secrets));
}

function find(pieces: readonly Evidence[], search: MarkerSearch): Found[] {
  return pieces.flatMap(({ place, bytes }) =>
    search.search(bytes).map((sighting) => ({ place, ...sighting })),
  );
}

/** The kinds of place, each once. */
export const kindsOf = (found: readonly { readonly place: string }[]): string[] =>
  [...new Set(found.map(({ place }) => place.split(" ")[0] ?? ""))].sort();
