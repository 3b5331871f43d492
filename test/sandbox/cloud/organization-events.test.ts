import assert from "node:assert/strict";
import { Organization, organizationsHandler } from "../../../sandbox/cloud/organizations";

describe("what the emulated Organization publishes", () => {
  const organization = new Organization(() => Date.parse("2026-03-01T09:00:00Z"));
  const answer = organizationsHandler(organization, "222222222222");
  let heard: Readonly<Record<string, unknown>>[] = [];
  organization.onChange((events) => void heard.push(...events));
  const change = async (operation: string, input: Record<string, unknown>) => {
    heard = [];
    await answer({
      account: "111111111111",
      region: "us-east-1",
      service: "organizations",
      operation,
      principal: "arn:aws:iam::111111111111:root",
      input,
      headers: {},
    });
    return heard;
  };

  it("of a new account is the call and its result, with name and id", async () => {
    const [called, result, ...rest] = await change("CreateAccount", { AccountName: "new", Email: "new@example.com" });
    assert.deepEqual(rest, []);
    assert.partialDeepStrictEqual(called, {
      source: "aws.organizations",
      "detail-type": "AWS API Call via CloudTrail",
      detail: { eventName: "CreateAccount", requestParameters: { accountName: "new" } },
    });
    assert.partialDeepStrictEqual(result, {
      source: "aws.organizations",
      "detail-type": "AWS Service Event via CloudTrail",
      detail: {
        eventSource: "organizations.amazonaws.com",
        eventName: "CreateAccountResult",
        awsRegion: "us-east-1",
        serviceEventDetails: {
          createAccountStatus: {
            state: "SUCCEEDED",
            accountName: "new",
            accountId: "777777777777",
            completedTimestamp: "2026-03-01T09:00:00Z",
          },
        },
      },
    });
  });

  it("of a moved account is the call", async () => {
    const events = await change("MoveAccount", {
      AccountId: "666666666666",
      SourceParentId: "ou-root-sandboxes",
      DestinationParentId: "r-root",
    });
    assert.deepEqual(
      events.map(({ detail }) => (detail as { eventName: string }).eventName),
      ["MoveAccount"],
    );
    assert.ok(organization.accountsBelow("r-root").some(({ id }) => id === "666666666666"));
    assert.deepEqual(organization.accountsBelow("ou-root-sandboxes"), []);
  });

  it("of a look around is nothing", async () => {
    assert.deepEqual(await change("ListAccounts", {}), []);
  });
});
