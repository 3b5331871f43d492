import { type Asff, type ServiceCall, ServiceError, type ServiceHandler } from "../types";
import { at, completeSeverity, faultsOf, isControlFinding } from "./securityhub-asff";
import { filterOf, orderOf } from "./securityhub-filters";

/** What a member of the batch API says about a finding that it did not take. */
interface Failure {
  readonly Id: string;
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

interface Kept {
  finding: Asff;
  readonly sequence: number;
  /** Virtual time of the last import or update. */
  touched: number;
  /** Fields that a customer set: imports no longer change them. */
  readonly owned: Set<string>;
}

/** Only customers change these after the first import. */
const CUSTOMERS = ["Note", "UserDefinedFields", "VerificationState", "Workflow", "WorkflowState"] as const;
/** Providers and customers both set these; a customer's value stays. */
const SHARED = ["Confidence", "Criticality", "RelatedFindings", "Severity", "Types"] as const;
const WORKFLOW = ["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"];
const FAILING = ["FAILED", "WARNING", "NOT_AVAILABLE"];
const MOST_A_BATCH = 100;
/** Findings that nothing touches for so long are deleted. */
const RETENTION = 90 * 86_400_000;

const keyOf = (id: unknown, productArn: unknown): string => JSON.stringify([id, productArn]);
const refuse = (message: string): never => {
  throw new ServiceError("InvalidInputException", message);
};
const workflowOf = (finding: Asff): string => String(at(finding, "Workflow.Status") ?? "NEW");
const setWorkflow = (finding: Asff, status: string): Asff => ({ ...finding, Workflow: { Status: status } });

/** Security Hub as the delegated administrator's home Region sees it: the findings of all accounts and Regions. */
export class SecurityHub {
  readonly #kept = new Map<string, Kept>();
  readonly #listeners: ((finding: Asff) => void)[] = [];
  #sequence = 0;

  constructor(
    private readonly now: () => number,
    private readonly progress: (text: string) => void = () => {},
  ) {}

  /** Calls the listener with each finding as it is published. */
  onEvent(listener: (finding: Asff) => void): void {
    this.#listeners.push(listener);
  }

  #publish(finding: Asff): void {
    for (const listener of this.#listeners) listener(structuredClone(finding));
  }

  /**
   * Takes findings of providers. With `strict`, as the API does, one that lacks a required field fails; without, it is taken as long as it can be told apart
   * from others, so that a replay can show what becomes of findings that are not as they should be.
   */
  import(findings: readonly Asff[], strict: boolean): readonly Failure[] {
    const failures: Failure[] = [];
    for (const finding of findings) {
      const faults = faultsOf(finding);
      const nameless = !finding.Id || !finding.ProductArn || !finding.AwsAccountId;
      if (faults.length > 0 && (strict || nameless)) {
        failures.push({ Id: String(finding.Id ?? ""), ErrorCode: "InvalidInput", ErrorMessage: faults.join("; ") });
        continue;
      }
      if (faults.length > 0) this.progress(`Security Hub would not take finding ${String(finding.Id)}: ${faults.join("; ")}`);
      this.#importOne(finding);
    }
    return failures;
  }

  #importOne(given: Asff): void {
    const key = keyOf(given.Id, given.ProductArn);
    const kept = this.#kept.get(key);
    const finding = this.#complete(given);
    if (kept === undefined) {
      const first =
        isControlFinding(finding) && at(finding, "Compliance.Status") === "PASSED" && workflowOf(finding) !== "SUPPRESSED"
          ? setWorkflow(finding, "RESOLVED")
          : finding;
      this.#sequence += 1;
      this.#kept.set(key, { finding: first, sequence: this.#sequence, touched: this.now(), owned: new Set() });
      this.#publish(first);
      return;
    }
    // An update whose UpdatedAt is not after the finding's is ignored:
    // https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
    const order = Date.parse(String(finding.UpdatedAt)) - Date.parse(String(kept.finding.UpdatedAt));
    if (order < 0) {
      this.progress(`Security Hub ignored an import of ${String(finding.Id)}: its UpdatedAt is before the one it has`);
      return;
    }
    // At the same time it is a repetition: nothing changes, but it is published, as any event may be published twice.
    if (order !== 0) {
      kept.finding = this.#merge(kept, finding);
      kept.touched = this.now();
    }
    this.#publish(kept.finding);
  }

  /** What Security Hub adds to a finding that a provider sends. */
  #complete(given: Asff): Asff {
    const severity = completeSeverity(given.Severity ?? at(given, "FindingProviderFields.Severity"));
    const types = given.Types ?? at(given, "FindingProviderFields.Types");
    const region = given.Region ?? String(given.ProductArn).split(":")[3];
    return {
      RecordState: "ACTIVE",
      WorkflowState: "NEW",
      ...structuredClone(given),
      ...(severity !== undefined && { Severity: severity }),
      ...(types !== undefined && { Types: types }),
      ...(region && { Region: region }),
      Workflow: { Status: workflowOf(given) },
      ProcessedAt: new Date(this.now()).toISOString(),
    };
  }

  #merge({ finding: before, owned }: Kept, update: Asff): Asff {
    const merged: Record<string, unknown> = { ...update };
    for (const field of [...CUSTOMERS, ...SHARED.filter((name) => owned.has(name))])
      if (before[field] === undefined) delete merged[field];
      else merged[field] = before[field];

    const workflow = workflowOf(before);
    if (workflow === "SUPPRESSED") return merged;
    const compliance = at(update, "Compliance.Status");
    if (isControlFinding(update) && compliance === "PASSED") return setWorkflow(merged, "RESOLVED");
    const reactivated = before.RecordState === "ARCHIVED" && update.RecordState === "ACTIVE";
    const failedAgain = at(before, "Compliance.Status") === "PASSED" && FAILING.includes(String(compliance));
    return workflow !== "NEW" && (reactivated || failedAgain) ? setWorkflow(merged, "NEW") : merged;
  }

  /** BatchUpdateFindings by an account: `own` is what it may see. */
  update(input: Readonly<Record<string, unknown>>, own: (finding: Asff) => boolean): Record<string, unknown> {
    const identifiers = Array.isArray(input.FindingIdentifiers)
      ? (input.FindingIdentifiers as { Id?: unknown; ProductArn?: unknown }[])
      : [];
    if (identifiers.length < 1 || identifiers.length > MOST_A_BATCH) refuse(`FindingIdentifiers must have 1 to ${MOST_A_BATCH} items.`);
    const status = at(input, "Workflow.Status");
    if (status !== undefined && !WORKFLOW.includes(String(status))) refuse(`Workflow.Status must be one of ${WORKFLOW.join(", ")}.`);
    const note = input.Note as { Text?: unknown; UpdatedBy?: unknown } | undefined;
    if (note !== undefined && (typeof note.Text !== "string" || typeof note.UpdatedBy !== "string" || note.Text.length > 512))
      refuse("Note needs Text of at most 512 characters and UpdatedBy.");

    const processed: unknown[] = [];
    const unprocessed: unknown[] = [];
    for (const { Id, ProductArn } of identifiers) {
      const kept = this.#kept.get(keyOf(Id, ProductArn));
      if (kept === undefined || !own(kept.finding)) {
        unprocessed.push({ FindingIdentifier: { Id, ProductArn }, ErrorCode: "FindingNotFound", ErrorMessage: "Finding Not Found" });
        continue;
      }
      this.#updateOne(kept, input);
      processed.push({ Id, ProductArn });
    }
    return { ProcessedFindings: processed, UnprocessedFindings: unprocessed };
  }

  #updateOne(kept: Kept, input: Readonly<Record<string, unknown>>): void {
    let finding: Asff = { ...kept.finding };
    for (const field of SHARED) {
      if (input[field] === undefined) continue;
      finding[field] = field === "Severity" ? completeSeverity(input.Severity) : input[field];
      kept.owned.add(field);
    }
    for (const field of ["UserDefinedFields", "VerificationState"]) if (input[field] !== undefined) finding[field] = input[field];
    if (input.Note !== undefined) finding.Note = { ...(input.Note as object), UpdatedAt: new Date(this.now()).toISOString() };
    const status = at(input, "Workflow.Status");
    if (status !== undefined) finding = setWorkflow(finding, String(status));
    // UpdatedAt is the provider's: an update of a customer leaves it.
    kept.finding = finding;
    kept.touched = this.now();
    this.#publish(finding);
  }

  /** GetFindings by an account: `own` is what it may see. */
  get(input: Readonly<Record<string, unknown>>, own: (finding: Asff) => boolean): Record<string, unknown> {
    const most = input.MaxResults === undefined ? MOST_A_BATCH : Number(input.MaxResults);
    if (!Number.isInteger(most) || most < 1 || most > MOST_A_BATCH) refuse(`MaxResults must be a number between 1 and ${MOST_A_BATCH}.`);
    const matches = filterOf(input.Filters, this.now());
    const order = orderOf(input.SortCriteria);
    this.#forget();

    const found = [...this.#kept.values()].filter(({ finding }) => own(finding) && matches(finding));
    if (order) found.sort((a, b) => order(a.finding, b.finding));
    // Unsorted pages go on behind the last finding that was told: what changes in between neither repeats nor skips any other.
    const token = decodeToken(input.NextToken);
    const rest = token === undefined ? found : order ? found.slice(token) : found.filter(({ sequence }) => sequence > token);
    const page = rest.slice(0, most);
    const next = order ? (token ?? 0) + page.length : page.at(-1)?.sequence;
    return {
      Findings: structuredClone(page.map(({ finding }) => finding)),
      ...(rest.length > page.length && { NextToken: encodeToken(next ?? 0) }),
    };
  }

  #forget(): void {
    const oldest = this.now() - RETENTION;
    for (const [key, { touched }] of this.#kept) if (touched < oldest) this.#kept.delete(key);
  }
}

const encodeToken = (position: number): string => Buffer.from(`after ${position}`).toString("base64url");

function decodeToken(token: unknown): number | undefined {
  if (token === undefined) return undefined;
  const position = /^after (\d+)$/.exec(Buffer.from(String(token), "base64url").toString())?.[1];
  return position === undefined ? refuse("NextToken is not valid.") : Number(position);
}

/** Answers the calls about findings. `administrator` sees all accounts, any other account its own. */
export function securityHubHandler(hub: SecurityHub, administrator: string): ServiceHandler {
  const answer = (call: ServiceCall): Record<string, unknown> | undefined => {
    const own = (finding: Asff) => call.account === administrator || finding.AwsAccountId === call.account;
    switch (call.operation) {
      case "BatchImportFindings": {
        const findings = Array.isArray(call.input.Findings) ? (call.input.Findings as Asff[]) : [];
        if (findings.length < 1 || findings.length > MOST_A_BATCH) refuse(`Findings must have 1 to ${MOST_A_BATCH} items.`);
        const failures = hub.import(findings, true);
        return { FailedCount: failures.length, SuccessCount: findings.length - failures.length, FailedFindings: failures };
      }
      case "BatchUpdateFindings":
        return hub.update(call.input, own);
      case "GetFindings":
        return hub.get(call.input, own);
      default:
        return undefined;
    }
  };
  return async (call) => {
    const body = answer(call);
    return body && { body };
  };
}
