/** The services and types that clients are told of, against what the network's modules register. */
import { composeNetwork, secretdev1 } from "@tacit/app";
import type { EnclaveClient } from "@tacit/enclave-channel";
import type { BlobStore } from "@tacit/store";
import { expect, it } from "vitest";
import { createNetworkTypes, networkQueryServices } from "../src/services/network.ts";

/** Composed for its tables; nothing is run. */
const composition = composeNetwork({
  network: secretdev1,
  enclave: {} as EnclaveClient,
  blobs: {} as BlobStore,
});

it("every query service of a module is served, and none twice", () => {
  const served = networkQueryServices.map(({ typeName }) => typeName);
  const registered = composition.queries.services.map(({ typeName }) => typeName);
  expect(registered.length).toBeGreaterThan(15);
  expect(registered.filter((name) => !served.includes(name))).toEqual([]);
  expect(new Set(served).size).toBe(served.length);
});

it("every message of a module can be printed and read as JSON", () => {
  const types = createNetworkTypes();
  const names = [...composition.messages.routes].map(({ schema }) => schema.typeName);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => types.getMessage(name) === undefined)).toEqual([]);
});
