import type { EnclaveService } from "../src/index.ts";

/**
 * Stands for an enclave in the channel's own tests: a `query` makes a chain query of its message
 * and answers with its answer; `check_code` answers with the code's length in the text, of no
 * code with the names in the environment; `info` is
 * refused with what it was told, of what comes next too.
 */
export function echoService(environment = ""): EnclaveService {
  let told = "";
  return {
    lookAhead({ index }) {
      told += `next:${index} `;
    },
    serve(notices, request, host) {
      told += notices.map((notice) => `${notice.kind} `).join("");
      if (request.kind === "info") return { kind: "refused", code: "told", text: told };
      if (request.kind === "start") return { kind: "done", sealed: undefined };
      if (request.kind === "check_code") {
        if (request.code.length === 0) return { kind: "refused", code: "env", text: environment };
        return { kind: "refused", code: "length", text: String(request.code.length) };
      }
      if (request.kind !== "query") return { kind: "refused", code: "unknown", text: request.kind };
      try {
        const answer = host.ask({
          kind: "chain_query",
          request: request.message,
          gasLimit: request.gasLimit,
          depth: request.depth + 1,
        });
        if (answer.kind !== "chain_query") return { kind: "refused", code: "kind", text: "" };
        return {
          kind: "query",
          result: { ok: answer.answer },
          gas: { compute: answer.gasUsed, storage: 0n },
        };
      } catch {
        return { kind: "refused", code: "host_failed", text: "" };
      }
    },
  };
}
