/** Contracts that succeed, fail, panic, call, ask and reply, with secrets in all of it. */
import { MsgExecuteContract, MsgInstantiateContract, MsgMigrateContract } from "secretjs";
import { type Contract, dataOf } from "../secretjs.ts";
import { type KnownActor, query, type SendOptions, send } from "./actors.ts";
import { b64, json, open, secret } from "./marked.ts";
import type { Story } from "./story.ts";

type Step = Record<string, unknown>;

export class ProbeStory {
  readonly #story: Story;
  readonly #by: KnownActor;
  readonly first: Contract;
  readonly second: Contract;

  private constructor(story: Story, by: KnownActor, contracts: readonly [Contract, Contract]) {
    this.#story = story;
    this.#by = by;
    [this.first, this.second] = contracts;
  }

  static async begin(story: Story, by: KnownActor): Promise<ProbeStory> {
    const make = async (label: string) => {
      const { codeId, code_hash } = story.code("host_probe");
      const message = new MsgInstantiateContract({
        sender: by.address,
        code_id: codeId,
        code_hash,
        label,
        init_msg: { steps: [write("init key", "init value")] },
        admin: by.address,
      });
      return story.made(await send(by, [message]), code_hash);
    };
    return new ProbeStory(story, by, [await make(open("probe")), await make(open("other probe"))]);
  }

  async outputs(): Promise<void> {
    const tx = await this.#run([
      write("key", "value"),
      { encrypted: { key: secret("attribute key"), value: secret("attribute value") } },
      { plaintext: { key: open("attribute key"), value: open("attribute value") } },
      {
        event: {
          kind: open("event"),
          attributes: [[secret("event key"), secret("event value")]],
          plaintext: false,
        },
      },
      { debug: { text: secret("debug") } },
      { data: { data: b64(secret("data")) } },
    ]);
    this.#story.expect(tx, 0);
    this.#story.answered(tx.arrayLog, secret("attribute value"));
    this.#story.answered(Buffer.from(dataOf(tx)).toString(), secret("data"));
  }

  async failures(): Promise<void> {
    const fails = async (steps: Step[], code: number, log: string, options?: SendOptions) =>
      this.#story.expect(await this.#run([write("lost", "lost"), ...steps], options), code, log);
    await fails([{ error: { message: secret("error") } }], 3, secret("error"));
    await fails([{ not_found: { kind: secret("not found") } }], 3, secret("not found"));
    await fails([{ panic: { message: secret("panic") } }], 3, "the contract panicked");
    await fails([{ loop: {} }], 11, "out of gas", { gasLimit: 200_000 });
    await fails([{ recurse: {} }], 3, "run out of space on the stack");
    const wrongShape = await this.#execute(this.first, { [secret("variant")]: {} });
    this.#story.expect(wrongShape, 3, secret("variant"));
    const { code_hash } = this.#story.code("snip20");
    const wrongHash = await this.#execute({ ...this.first, code_hash }, { run: secret("hash") });
    this.#story.expect(wrongHash, 3, "failed to validate transaction");
  }

  async messages(): Promise<void> {
    const inner = [
      write("inner key", "inner value"),
      { data: { data: b64(secret("inner data")) } },
    ];
    const replied = await this.#run([
      { set_reply_mode: { mode: "return_as_data" } },
      this.#call(inner, "always"),
    ]);
    this.#story.expect(replied, 0);
    this.#story.answered(Buffer.from(dataOf(replied)).toString(), b64(secret("inner data")));
    const failing = [{ error: { message: secret("inner error") } }];
    const handled = await this.#run([
      { set_reply_mode: { mode: "succeed" } },
      this.#call(failing, "error"),
    ]);
    this.#story.expect(handled, 0);
    this.#story.expect(await this.#run([this.#call(failing, "never")]), 3, secret("inner error"));
    const panicking = [{ panic: { message: secret("inner panic") } }];
    this.#story.note(await this.#run([this.#call(panicking, "error")]));
    this.#story.expect(await this.#run([this.#instantiate()]), 0);
    await this.#asksAndReplies();
  }

  async #asksAndReplies(): Promise<void> {
    const { contract_address: address, code_hash } = this.second;
    const msg = json({ get: { key: b64(secret("inner key")) } });
    const asked = await this.#run([{ query_as_data: { address, code_hash, msg } }]);
    this.#story.expect(asked, 0);
    this.#story.answered(Buffer.from(dataOf(asked)).toString(), b64(secret("inner value")));
    for (const mode of ["fail", "panic"]) {
      const steps = [{ set_reply_mode: { mode } }, this.#call([write("r", "r")], "success")];
      const refused = await this.#run(steps);
      this.#story.note(refused);
      if (refused.code === 0) throw new RangeError("a reply that fails fails the transaction");
    }
  }

  async migrations(): Promise<void> {
    const { codeId, code_hash } = this.#story.code("host_probe");
    const migrate = (fail: boolean) =>
      send(this.#by, [
        new MsgMigrateContract({
          sender: this.#by.address,
          contract_address: this.second.contract_address,
          code_id: codeId,
          code_hash,
          msg: { fail, padding: secret("migration") },
        }),
      ]);
    this.#story.expect(await migrate(false), 0);
    this.#story.expect(await migrate(true), 5, "migration refused");
  }

  async queries(): Promise<void> {
    const ask = (message: object) =>
      query<unknown>(this.#by, this.first, message).catch((error: unknown) => error);
    const { contract_address: address, code_hash } = this.second;
    const msg = json({ error: { message: secret("nested query error") } });
    this.#story.answered(await ask({ get: { key: b64(secret("key")) } }), b64(secret("value")));
    this.#story.answered(await ask({ error: { message: secret("query error") } }), secret("query"));
    this.#story.answered(await ask({ panic: { message: secret("query panic") } }), "Enclave");
    this.#story.answered(await ask({ contract: { address, code_hash, msg } }), secret("nested"));
    this.#story.answered(await ask({ raw: { request: b64(secret("raw request")) } }), "");
    this.#story.answered(await ask({ raw: { request: json({ [secret("raw kind")]: {} }) } }), "");
    this.#story.answered(await ask({ [secret("query variant")]: {} }), secret("query variant"));
    const wrong = { ...this.first, code_hash: this.#story.code("snip20").code_hash };
    await query(this.#by, wrong, { get: secret("hash") }).catch(() => undefined);
  }

  #call(steps: Step[], reply_on: string): Step {
    const { contract_address: address, code_hash } = this.second;
    const msg = json({ run: { steps } });
    return { execute: { address, code_hash, msg, funds: [], id: 7, reply_on, gas_limit: null } };
  }

  #instantiate(): Step {
    const { codeId, code_hash } = this.#story.code("host_probe");
    return {
      instantiate: {
        code_id: Number(codeId),
        code_hash,
        label: open("sub-instance"),
        msg: json({ steps: [write("child key", "child value")] }),
        funds: [],
        admin: null,
        id: 9,
        reply_on: "always",
      },
    };
  }

  #run(steps: Step[], options?: SendOptions) {
    return this.#execute(this.first, { run: { steps } }, options);
  }

  #execute(contract: Contract, msg: object, options?: SendOptions) {
    const message = new MsgExecuteContract({
      sender: this.#by.address,
      ...contract,
      msg,
      sent_funds: [],
    });
    return send(this.#by, [message], options);
  }
}

function write(key: string, value: string): Step {
  return { write: { key: b64(secret(key)), value: b64(secret(value)) } };
}
