/** `tacit completion`: a script for the shell, made from the commands themselves. */
import { Command } from "commander";
import { CliError } from "../errors.ts";
import { examples } from "../options.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

export function completionCommand(program: () => Command): Command {
  const command = new Command("completion")
    .description(`print a completion script for ${SHELLS.join(", ")}`)
    .argument("<shell>", SHELLS.join(" | "))
    .action((shell: string) => {
      const words = wordsOf(program());
      switch (shell) {
        case "bash":
          process.stdout.write(bashScript(words));
          return;
        case "zsh":
          process.stdout.write(`autoload -U +X bashcompinit && bashcompinit\n${bashScript(words)}`);
          return;
        case "fish":
          process.stdout.write(fishScript(words));
          return;
        default:
          throw new CliError("cli/usage", `"${shell}" is none of ${SHELLS.join(", ")}.`);
      }
    });
  return examples(command, [
    "tacit completion bash >> ~/.bashrc",
    "tacit completion zsh >> ~/.zshrc",
    "tacit completion fish > ~/.config/fish/completions/tacit.fish",
  ]);
}

/** What may follow each path of commands: `""`, `tx`, `tx bank`. */
type Words = ReadonlyMap<string, readonly string[]>;

function wordsOf(program: Command): Words {
  const words = new Map<string, readonly string[]>();
  const visit = (command: Command, path: string) => {
    const flags = command.options.flatMap(({ long }) => (long ? [long] : []));
    const names = command.commands.map((child) => child.name());
    words.set(path, [...names, ...flags, "--help"]);
    for (const child of command.commands) {
      visit(child, path === "" ? child.name() : `${path} ${child.name()}`);
    }
  };
  visit(program, "");
  return words;
}

function bashScript(words: Words): string {
  const cases = [...words].map(([path, next]) => `    "${path}") next="${next.join(" ")}" ;;`);
  return `_tacit() {
  local path="" word next
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) ;;
      *) case " ${paths(words).join(" ")} " in
           *" \${path:+$path/}$word "*) path="\${path:+$path/}$word" ;;
         esac ;;
    esac
  done
  case "\${path//\\// }" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$next" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}
complete -F _tacit tacit
`;
}

function paths(words: Words): string[] {
  return [...words.keys()].filter((path) => path !== "").map((path) => path.replaceAll(" ", "/"));
}

function fishScript(words: Words): string {
  const lines = [...words].map(([path, next]) => {
    const parts = path === "" ? [] : path.split(" ");
    const seen = parts.map((part) => `__fish_seen_subcommand_from ${part}`).join("; and ");
    const names = next.filter((word) => !word.startsWith("-"));
    const none = `not __fish_seen_subcommand_from ${names.join(" ")}`;
    const condition = [seen, names.length > 0 ? none : ""].filter((part) => part !== "");
    return `complete -c tacit -f -n '${condition.join("; and ")}' -a '${next.join(" ")}'`;
  });
  return `${lines.join("\n")}\n`;
}
