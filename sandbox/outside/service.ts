import type { FaultError } from "../types";

/** A request that a function sent to a host that is not AWS's. */
export interface OutsideRequest {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface OutsideAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body: string | object;
}

/** Something that a service outside took, for whoever writes the report. */
export type Taken =
  /** A message that people see. */
  | {
      readonly what: "message";
      readonly kind: "slack" | "teams" | "webhook";
      /** What the delivery's log line names. */
      readonly messageId: string;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  /** A change of a message that was taken before. */
  | { readonly what: "reaction"; readonly messageId: string; readonly name: string }
  | { readonly what: "update"; readonly messageId: string; readonly payload: Readonly<Record<string, unknown>> }
  /** Slack's: what only the person sees who pressed a button. */
  | { readonly what: "response"; readonly url: string; readonly payload: Readonly<Record<string, unknown>> };

/** An answer, and what was taken if anything was. */
export interface Reply {
  readonly answer: OutsideAnswer;
  readonly taken?: Taken;
}

/** A service on the internet, as far as tocsin's functions use it. */
export interface OutsideService {
  /** The name by which faults mean it. */
  readonly name: "slack" | "teams" | "webhook";
  /** Whether a host is this service's. */
  hasHost(hostname: string): Promise<boolean> | boolean;
  /** What a fault calls this request (`operation`), if anything. */
  operationOf(request: OutsideRequest): string | undefined;
  answer(request: OutsideRequest): Promise<Reply>;
  /** How the service tells of an error. */
  failure(error: FaultError, request: OutsideRequest): OutsideAnswer;
}

/** The current value of a secret; undefined if there is none. */
export type ReadSecret = (name: string) => Promise<string | undefined>;
