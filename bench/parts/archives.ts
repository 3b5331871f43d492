import type { ProgramResult } from "../../sandbox/engine/run-program";
import { functionsOf } from "../archives";
import type { Check, PartResult } from "../check";
import { coldLoadRatio } from "../cold-load";
import { significant } from "../statistics";

const MOST_KILOBYTES = 300;
const SLOWEST = 1.5;

/** Size and cold start of each function as the program deploys it. */
export async function archives(previewed: ProgramResult): Promise<PartResult> {
  const functions = functionsOf(previewed);
  const sizes: Check[] = [];
  const starts: Check[] = [];
  for (const deployed of functions) {
    sizes.push({ what: `archive of ${deployed.name}`, measured: significant(deployed.bytes / 1000), unit: "KB", budget: MOST_KILOBYTES });
    starts.push({
      what: `cold load of ${deployed.name}`,
      measured: significant(await coldLoadRatio(deployed)),
      unit: "× SDK",
      budget: SLOWEST,
    });
  }
  return { checks: [...sizes, ...starts], details: {} };
}
