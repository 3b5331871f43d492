import { Lifetime } from "../lifetime";
import { screenOn } from "../terminal/screen";
import { preview } from "./preview";

void new Lifetime(process).run(() => preview(process.argv.slice(2), screenOn(process.stdout, process.env)));
