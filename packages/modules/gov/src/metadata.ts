/** The metadata of a proposal: free text, or JSON that must not contradict the proposal. */
import { utf8Bytes } from "@tacit/sdk";
import { govErrors } from "./errors.ts";
import { metadataBytesMax, summaryBytesMax } from "./limits.ts";

/** @throws {SdkError} `gov/15` */
export function assertMetadataLength(metadata: string): void {
  const { length } = utf8Bytes(metadata);
  if (length <= metadataBytesMax) return;
  throw govErrors.metadataTooLong.wrap(`got metadata with length ${length}`);
}

/** @throws {SdkError} `gov/22` */
export function assertSummaryLength(summary: string): void {
  const { length } = utf8Bytes(summary);
  if (length <= summaryBytesMax) return;
  throw govErrors.summaryTooLong.wrap(`got summary with length ${length}`);
}

/** If the metadata are JSON of the recommended form, title and summary must be the proposal's. */
export function assertMetadataAgree(
  metadata: string,
  proposal: { readonly title: string; readonly summary: string },
): void {
  const stated = metadata === "" ? undefined : readMetadata(metadata);
  if (stated === undefined) return;
  for (const field of ["title", "summary"] as const) {
    if (stated[field] === proposal[field]) continue;
    throw govErrors.invalidContent.wrap(
      `metadata ${field} '${stated[field]}' must equal proposal ${field} '${proposal[field]}'`,
    );
  }
}

const textFields = ["title", "summary", "details", "proposal_forum_url", "vote_option_context"];

/**
 * Title and summary as Go's JSON package reads them into a struct: names in any case, null as
 * nothing, other fields passed over. @returns undefined for what is not of that form.
 */
function readMetadata(
  metadata: string,
): { readonly title: string; readonly summary: string } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(metadata);
  } catch {
    return undefined;
  }
  const found = { title: "", summary: "" };
  if (json === null) return found;
  if (typeof json !== "object" || Array.isArray(json)) return undefined;
  for (const [name, value] of Object.entries(json as Record<string, unknown>)) {
    const field = name.toLowerCase();
    if (field === "authors" && !isTextList(value)) return undefined;
    if (!textFields.includes(field) || value === null) continue;
    if (typeof value !== "string") return undefined;
    if (field === "title" || field === "summary") found[field] = value;
  }
  return found;
}

function isTextList(value: unknown): boolean {
  if (value === null) return true;
  return Array.isArray(value) && value.every((item) => item === null || typeof item === "string");
}
