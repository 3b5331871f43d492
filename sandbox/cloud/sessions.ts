import { createHash } from "node:crypto";
import type { Credentials } from "../types";

/** On whose behalf an access key calls. */
export interface Session {
  readonly account: string;
  /** ARN of the role, or of the account's root for the sandbox itself. */
  readonly principal: string;
  /** Calls of the sandbox itself: not counted, not observed, never failed, never refused. */
  readonly operator: boolean;
  /** What CloudTrail calls the role's session. */
  readonly name: string;
  /** When the credentials end, milliseconds since the epoch. */
  readonly expires?: number;
}

/** Name of a role's session that nobody gave one. */
const UNNAMED = "tocsin";

/** The account in an ARN of IAM. */
export const accountOfArn = (arn: string): string => arn.split(":")[4] ?? "";

/** The role's session as messages of AWS name it. */
export const sessionArn = (principal: string, name = UNNAMED): string => {
  const role = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
  return role ? `arn:aws:sts::${role[1]}:assumed-role/${role[2]}/${name}` : principal;
};

/** Issues credentials and knows whose they are. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  #issue(session: Session): Credentials {
    const { operator, principal, name, expires } = session;
    const digest = createHash("sha256")
      .update(JSON.stringify([operator, principal, name, expires]))
      .digest("hex")
      .toUpperCase();
    const accessKeyId = `ASIA${digest.slice(0, 16)}`;
    this.#sessions.set(accessKeyId, session);
    return { accessKeyId, secretAccessKey: digest.slice(0, 40), sessionToken: digest };
  }

  /** Credentials with which calls count as made by the role. @param expires milliseconds since the epoch; absent: never */
  ofRole(roleArn: string, name = UNNAMED, expires?: number): Credentials {
    return this.#issue({
      account: accountOfArn(roleArn),
      principal: roleArn,
      operator: false,
      name,
      ...(expires !== undefined && { expires }),
    });
  }

  /** Credentials of the sandbox itself in an account. */
  ofOperator(account: string): Credentials {
    return this.#issue({ account, principal: `arn:aws:iam::${account}:root`, operator: true, name: UNNAMED });
  }

  find(accessKey: string): Session | undefined {
    return this.#sessions.get(accessKey);
  }
}
