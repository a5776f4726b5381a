/** The node's log: lines for people, or JSON lines for programs. It never gets a secret. */
import { painterFor } from "../output.ts";

const LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LEVELS)[number];

export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly json: boolean;
}

export async function createLogger(options: LogOptions): Promise<Logger> {
  return options.json ? jsonLogger(options.level) : textLogger(options.level);
}

async function jsonLogger(level: LogLevel): Promise<Logger> {
  const { pino } = await import("pino");
  const log = pino({ level, base: {} }, pino.destination({ sync: true }));
  return {
    error: (message) => log.error(message),
    warn: (message) => log.warn(message),
    info: (message) => log.info(message),
    debug: (message) => log.debug(message),
  };
}

function textLogger(level: LogLevel): Logger {
  const paint = painterFor(process.stderr);
  const limit = LEVELS.indexOf(level);
  const line = (of: LogLevel, mark: string) => (message: string) => {
    if (LEVELS.indexOf(of) > limit) return;
    const time = new Date().toISOString().slice(11, 23);
    process.stderr.write(`${paint.dim(time)} ${mark} ${message}\n`);
  };
  return {
    error: line("error", paint.red("error")),
    warn: line("warn", paint.yellow("warn ")),
    info: line("info", paint.green("info ")),
    debug: line("debug", paint.dim("debug")),
  };
}

/** The same log for parts that give fields beside the text. */
export function structured(logger: Logger) {
  const line = (write: (message: string) => void) => (fields: object, text: string) => {
    const details = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
    write([text, ...details].join(" "));
  };
  return {
    debug: line(logger.debug),
    info: line(logger.info),
    warn: line(logger.warn),
    error: line(logger.error),
  };
}
