import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import { undoChange } from "../../undo/undo";
import type { Sandbox } from "../sandbox";
import { untilDone } from "./until-done";

/** Does what `npm run undo -- ID` does, with the credentials of the security account. Answers what that is told. */
export async function undo({ cloud, home, runtime }: Pick<Sandbox, "cloud" | "home" | "runtime">, id: string): Promise<unknown> {
  const config = { endpoint: cloud.endpoint, region: home.region, credentials: cloud.operatorCredentials(home.account), maxAttempts: 1 };
  const [sfn, sts] = [new SFNClient(config), new STSClient(config)];
  try {
    return await untilDone(runtime, undoChange({ sfn, sts, now: () => runtime.now() }, home.region, id));
  } finally {
    sfn.destroy();
    sts.destroy();
  }
}
