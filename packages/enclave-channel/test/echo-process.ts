/** The child process of the FIFO transport's tests. */
import { serveFifo } from "../src/index.ts";
import { echoService } from "./echo-service.ts";

const argument = (name: string) =>
  process.argv.find((value) => value.startsWith(`--${name}=`))?.slice(name.length + 3) ?? "";

serveFifo(
  { directory: argument("directory"), channel: 0 },
  echoService(Object.keys(process.env).join()),
  () => {},
);
