import { concatBytes } from "../bytes.ts";
import type { RandomBytes } from "../groups/group.ts";
import { BurnVault, type VaultParts } from "../protocol/burn-vault.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import type { Share } from "../vss.ts";
import { drawNonces, type NonceCommitments, type Nonces } from "./sign.ts";
import type { FrostSuite } from "./suites.ts";

/** Nonces that sign once: a nonce used for several messages gives the key share away. */
export class NonceVault<P> {
  readonly #suite: FrostSuite<P>;
  readonly #share: Share;
  readonly #vault: BurnVault;

  private constructor(suite: FrostSuite<P>, share: Share, vault: BurnVault) {
    this.#suite = suite;
    this.#share = share;
    this.#vault = vault;
  }

  /** @throws as {@link BurnVault.open}. */
  static async open<P>(
    parts: VaultParts & { readonly suite: FrostSuite<P>; readonly share: Share },
  ): Promise<NonceVault<P>> {
    return new NonceVault(parts.suite, parts.share, await BurnVault.open(parts));
  }

  /**
   * Draws nonces, stores them, and returns their commitments to publish.
   *
   * @throws {ThresholdError} `threshold/range` for more waiting than a vault takes.
   */
  async commit(count: number, random?: RandomBytes): Promise<NonceCommitments[]> {
    const { group } = this.#suite;
    const drawn = Array.from({ length: count }, () => drawNonces(this.#suite, this.#share, random));
    await this.#vault.put(
      drawn.map(({ nonces, commitments }) => ({
        name: nameOf(commitments),
        secret: new ByteWriter().scalar(group, nonces.hiding).scalar(group, nonces.binding).bytes(),
      })),
    );
    return drawn.map(({ commitments }) => commitments);
  }

  /** The nonces of `commitments`, gone before this resolves. @throws as {@link BurnVault.take}. */
  async take(commitments: NonceCommitments): Promise<Nonces> {
    const reader = new ByteReader(await this.#vault.take(nameOf(commitments)));
    const { group } = this.#suite;
    const nonces = { hiding: reader.scalar(group), binding: reader.scalar(group) };
    reader.end();
    return nonces;
  }
}

function nameOf({ hiding, binding }: NonceCommitments): Uint8Array {
  return concatBytes(hiding, binding);
}
