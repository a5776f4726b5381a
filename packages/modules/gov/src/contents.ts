/** What proposals of before v1 are about: contents, each type with a route to its handler. */
import type { DescMessage } from "@bufbuild/protobuf";
import { coinsFromWire, decodeMessage } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import { CommunityPoolSpendProposalSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { TextProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1beta1/gov";
import {
  CancelSoftwareUpgradeProposalSchema,
  type Plan,
  SoftwareUpgradeProposalSchema,
} from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/upgrade";
import { type AnyValue, type Context, registerError, sdkErrors, utf8Bytes } from "@tacit/sdk";
import { isValidCoins } from "./coins.ts";
import { govErrors } from "./errors.ts";
import { descriptionBytesMax, titleBytesMax } from "./limits.ts";
import { nanosOf, zeroTime } from "./times.ts";

/** What every content says. */
export interface Abstract {
  readonly title: string;
  readonly description: string;
}

/** One type of content. */
export interface LegacyContentKind {
  readonly schema: DescMessage;
  /** Name of the handler, which contents may share. */
  readonly route: string;
  readonly type: string;
  /** Whether clients may submit it with v1beta1; the SDK keeps a list of names. */
  readonly isListed: boolean;
  /** Checks without state, beyond title and description. @throws {SdkError}. */
  validate?(content: unknown): void;
  /** Runs it. A kind without one can be written but not executed. @throws {SdkError}. */
  handle?(context: Context, content: unknown): void;
}

/** A content that was read. */
export interface LegacyContent extends Abstract {
  readonly kind: LegacyContentKind;
  readonly value: unknown;
}

export class LegacyContents {
  readonly kinds: readonly LegacyContentKind[];
  readonly #byUrl: ReadonlyMap<string, LegacyContentKind>;

  /** @param more kinds of other modules, beyond those known to all. */
  constructor(more: readonly LegacyContentKind[]) {
    this.kinds = [...commonKinds, ...more];
    this.#byUrl = new Map(this.kinds.map((kind) => [`/${kind.schema.typeName}`, kind]));
    invariant(this.#byUrl.size === this.kinds.length, "a content has one kind");
  }

  has(typeUrl: string): boolean {
    return this.#byUrl.has(typeUrl);
  }

  /** @throws {SdkError} `sdk/29` if it is no content. */
  read(any: AnyValue | undefined): LegacyContent {
    const kind = any && this.#byUrl.get(any.typeUrl);
    if (any === undefined || kind === undefined) {
      throw sdkErrors.invalidType.wrap(
        `expected *v1beta1.Content, got ${any === undefined ? "<nil>" : any.typeUrl}`,
      );
    }
    const value = decodeMessage(kind.schema, any.value) as unknown as Abstract;
    return { kind, value, title: value.title, description: value.description };
  }
}

/** @throws {SdkError} `gov/5` and the kind's own. */
export function validateContent(content: LegacyContent): void {
  const { kind, value } = content;
  if (kind.schema === SoftwareUpgradeProposalSchema) kind.validate?.(value);
  validateAbstract(content);
  if (kind.schema !== SoftwareUpgradeProposalSchema) kind.validate?.(value);
}

function validateAbstract({ title, description }: Abstract): void {
  const refuse = (text: string) => govErrors.invalidContent.wrap(`proposal ${text}`);
  if (title.trim() === "") throw refuse("title cannot be blank");
  if (utf8Bytes(title).length > titleBytesMax) {
    throw refuse(`title is longer than max length of ${titleBytesMax}`);
  }
  if (description === "") throw refuse("description cannot be blank");
  if (utf8Bytes(description).length > descriptionBytesMax) {
    throw refuse(`description is longer than max length of ${descriptionBytesMax}`);
  }
}

/** A text that changes nothing. */
const text: LegacyContentKind = {
  schema: TextProposalSchema,
  route: "gov",
  type: "Text",
  isListed: true,
  handle: () => {},
};

const spendErrors = {
  amount: registerError("distribution", 10, "invalid community pool spend proposal amount"),
  recipient: registerError("distribution", 11, "invalid community pool spend proposal recipient"),
} as const;

/** Messages took the place of what the next three did; no route leads to them. */
const communityPoolSpend: LegacyContentKind = {
  schema: CommunityPoolSpendProposalSchema,
  route: "distribution",
  type: "CommunityPoolSpend",
  isListed: false,
  validate: (content) => {
    const { amount, recipient } = content as {
      readonly amount: readonly { readonly denom: string; readonly amount: string }[];
      readonly recipient: string;
    };
    if (!isValidCoins(coinsFromWire(amount))) throw spendErrors.amount.make();
    if (recipient === "") throw spendErrors.recipient.make();
  },
};

const softwareUpgrade: LegacyContentKind = {
  schema: SoftwareUpgradeProposalSchema,
  route: "upgrade",
  type: "SoftwareUpgrade",
  isListed: true,
  validate: (content) => validatePlan((content as { readonly plan?: Plan }).plan),
};

const cancelSoftwareUpgrade: LegacyContentKind = {
  schema: CancelSoftwareUpgradeProposalSchema,
  route: "upgrade",
  type: "CancelSoftwareUpgrade",
  isListed: true,
};

function validatePlan(plan: Plan | undefined): void {
  const refuse = (reason: string) => sdkErrors.invalidRequest.wrap(reason);
  if (plan?.time !== undefined && nanosOf(plan.time) !== nanosOf(zeroTime)) {
    throw refuse("time-based upgrades have been deprecated in the SDK");
  }
  if (plan?.upgradedClientState !== undefined) {
    throw refuse("upgrade logic for IBC has been moved to the IBC module");
  }
  if (plan === undefined || plan.name === "") throw refuse("name cannot be empty");
  if (plan.height <= 0n) throw refuse("height must be greater than 0");
}

const commonKinds: readonly LegacyContentKind[] = [
  text,
  communityPoolSpend,
  softwareUpgrade,
  cancelSoftwareUpgrade,
];
