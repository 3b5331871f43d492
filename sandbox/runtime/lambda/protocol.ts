/** What a worker is started with. */
export interface WorkerStart {
  /** Directory of the archive's files. */
  readonly directory: string;
  /** `file.export` as the function declares it. */
  readonly handler: string;
  /** Where the AWS SDK is found that Lambda's runtime brings along. */
  readonly sdkDirectory: string;
  /** URL of what stands for the internet. */
  readonly outside: string;
  readonly seed: number;
  readonly now: number;
}

/** From the sandbox to a worker. */
export type ToWorker =
  | {
      readonly kind: "invoke";
      /** JSON text. */
      readonly event: string;
      readonly requestId: string;
      readonly functionArn: string;
      readonly trace: string;
      readonly now: number;
      readonly deadline: number;
    }
  /** The clock has come to the time that the worker waits for. */
  | { readonly kind: "wake"; readonly now: number }
  /** So many of its calls wait for something that takes virtual time. */
  | { readonly kind: "parked"; readonly calls: number; readonly now: number };

/** What a function's error looks like to its caller. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** From a worker to the sandbox. */
export type FromWorker =
  | { readonly kind: "log"; readonly text: string }
  /** Nothing goes on in it until a time, or at all. */
  | { readonly kind: "idle"; readonly wake?: number }
  | {
      readonly kind: "done";
      /** JSON text. */
      readonly result?: string;
      readonly failure?: FunctionFailure;
      /** Whether the worker cannot be used again. */
      readonly broken?: boolean;
      /** CPU time since the last report, in milliseconds. */
      readonly cpu: number;
    };
