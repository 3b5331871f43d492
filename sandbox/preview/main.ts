import { screenOn } from "../terminal/screen";
import { runMain } from "../usage-error";
import { preview } from "./preview";

void runMain(() => preview(process.argv.slice(2), screenOn(process.stdout, process.env)));
