import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { allAccounts } from "./accounts/organization";
import { AccountTable } from "./accounts/table";
import { required } from "./environment";
import { scheduled } from "./timed/run";

/** The scheduled sweep: writes the names and organizational units of all accounts into the table. */
export function createHandler() {
  // AWS Organizations throttles early; a sweep has time.
  const organizations = new OrganizationsClient({ retryMode: "adaptive", maxAttempts: 10 });
  const table = new AccountTable(new DynamoDBClient({}), required("TABLE_NAME"));
  return scheduled("accounts", async () => {
    let accounts = 0;
    for await (const page of allAccounts(organizations)) {
      await table.writeAll(page);
      accounts += page.length;
    }
    return { accounts };
  });
}
