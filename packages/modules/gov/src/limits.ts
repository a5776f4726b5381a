/** Bounds of this module. */

/** UTF-8 bytes of a proposal's metadata and title and of a vote's metadata. The SDK's default. */
export const metadataBytesMax = 255;
/** UTF-8 bytes of a proposal's summary: forty times the metadata. */
export const summaryBytesMax = 40 * metadataBytesMax;
/** UTF-8 bytes of a legacy content's title. */
export const titleBytesMax = 140;
/** UTF-8 bytes of a legacy content's description. */
export const descriptionBytesMax = 10_000;
