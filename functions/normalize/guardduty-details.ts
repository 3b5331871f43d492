import type { FactList } from "./fact-list";
import { at, list, number, textAt, texts } from "./read";

const MOST = 5;
const words = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined).join(" ");
const commas = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined && part !== "").join(", ");
const prefixed = (prefix: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : `${prefix} ${value}`;

/** `worker (555555555555.dkr.ecr.us-east-1.amazonaws.com/ingest:2.4.1, privileged)` */
function container(one: unknown): string | undefined {
  const name = textAt(one, "name") ?? textAt(one, "id");
  const details = commas(textAt(one, "image"), at(one, "securityContext", "privileged") === true ? "privileged" : undefined);
  return name === undefined ? details || undefined : details === "" ? name : `${name} (${details})`;
}

const containers = (all: unknown): (string | undefined)[] => list(all).slice(0, MOST).map(container);

/** What is known of the resource beyond its name (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Resource.html). */
export function addResourceFacts(facts: FactList, resource: unknown): void {
  const network = at(resource, "instanceDetails", "networkInterfaces", 0);
  facts.addAll("Addresses", [textAt(network, "publicIp"), textAt(network, "privateIpAddress")]);
  const buckets = list(at(resource, "s3BucketDetails")).slice(0, MOST);
  facts.addAll(
    "Access to the bucket",
    buckets.map((bucket) => textAt(bucket, "publicAccess", "effectivePermission")?.toLowerCase().replaceAll("_", " ")),
  );
  const user = at(resource, "kubernetesDetails", "kubernetesUserDetails");
  const groups = texts(at(user, "groups"), MOST);
  facts.add("Kubernetes user", words(textAt(user, "username"), groups.length === 0 ? undefined : `(${groups.join(", ")})`));
  const workload = at(resource, "kubernetesDetails", "kubernetesWorkloadDetails");
  facts.add(
    "Workload",
    commas(words(textAt(workload, "type"), textAt(workload, "name")), prefixed("namespace", textAt(workload, "namespace"))),
  );
  const task = at(resource, "ecsClusterDetails", "taskDetails");
  const definition = textAt(task, "definitionArn")?.split("/").pop();
  facts.add("Task", commas(textAt(task, "arn")?.split("/").pop(), prefixed("of", definition), textAt(task, "launchType")));
  facts.addAll("Containers", [
    ...containers(at(workload, "containers")),
    ...containers(at(task, "containers")),
    container(at(resource, "containerDetails")),
  ]);
  const database = at(resource, "rdsDbInstanceDetails");
  facts.add(
    "Database engine",
    commas(
      words(textAt(database, "engine"), textAt(database, "engineVersion")),
      prefixed("cluster", textAt(database, "dbClusterIdentifier")),
    ),
  );
  const login = at(resource, "rdsDbUserDetails");
  facts.add(
    "Database user",
    commas(
      textAt(login, "user"),
      prefixed("database", textAt(login, "database")),
      prefixed("by", textAt(login, "application")),
      textAt(login, "authMethod"),
      textAt(login, "ssl"),
    ),
  );
  const code = at(resource, "lambdaDetails");
  facts.add("Function version", textAt(code, "functionVersion"));
  facts.add("Execution role", textAt(code, "role"));
}

/** What Runtime Monitoring saw (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_RuntimeDetails.html). */
export function addRuntimeFacts(facts: FactList, runtime: unknown): void {
  const process = at(runtime, "process");
  const pid = number(at(process, "pid"));
  const path = textAt(process, "executablePath") ?? textAt(process, "name");
  const details = commas(pid === undefined ? undefined : `pid ${pid}`, prefixed("user", textAt(process, "user")));
  facts.add("Process", path === undefined ? undefined : words(path, details === "" ? undefined : `(${details})`));
  // From the one that it came from back to the first.
  facts.addAll(
    "Started by",
    list(at(process, "lineage"))
      .slice(0, MOST)
      .map((parent) => textAt(parent, "executablePath") ?? textAt(parent, "name")),
    " ← ",
  );
  facts.add("SHA-256 of the executable", textAt(process, "executableSha256"));
  const context = at(runtime, "context");
  facts.add("Command", textAt(context, "commandLineExample"));
  facts.add("File", textAt(context, "threatFilePath") ?? textAt(context, "filePath") ?? textAt(context, "scriptPath"));
}
