import { type Command, parseCommand, USAGE } from "./cli-arguments";
import { graph } from "./commands/graph";
import { replay } from "./commands/replay";
import { start } from "./commands/start";
import { Lifetime } from "./lifetime";
import { screenOn } from "./terminal/screen";

/** Runs a command and answers the exit code. */
async function run(command: Command, lifetime: Lifetime): Promise<number> {
  const screen = screenOn(process.stdout, process.env);
  switch (command.name) {
    case "help":
      screen.write(USAGE);
      return 0;
    case "start":
      return start(screen, command, lifetime);
    case "replay":
      return replay(screen, command, lifetime);
    case "graph":
      return graph(screen, command, lifetime);
  }
}

void new Lifetime(process).run(async (lifetime) => run(parseCommand(process.argv.slice(2)), lifetime));
