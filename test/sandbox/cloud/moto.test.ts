import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startMoto } from "../../../sandbox/cloud/moto";
import { interpretersOnPath } from "../../../sandbox/cloud/moto-interpreter";

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function ends(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && runs(pid); tries++) await wait(20);
  return !runs(pid);
}

describe("starting moto", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "tocsin-moto-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const script = async (text: string) => {
    await writeFile(join(directory, "moto_server"), text);
    await chmod(join(directory, "moto_server"), 0o755);
    return interpretersOnPath({ PATH: directory });
  };

  it("finds the interpreter that moto_server runs on, in each form of the script", async () => {
    assert.deepEqual(await script("#!/opt/python/bin/python3.12\nimport moto"), ["/opt/python/bin/python3.12"]);
    assert.deepEqual(await script("#!/bin/sh\n'''exec' /a/long/path/bin/python \"$0\" \"$@\"\n' '''"), ["/a/long/path/bin/python"]);
    assert.deepEqual(await script("#!/usr/bin/env bash\nexec pyenv"), [join(directory, "python3"), "python3"]);
    assert.deepEqual(await interpretersOnPath({ PATH: join(directory, "nowhere") }), []);
  });

  it("leaves nothing behind when it is closed", async () => {
    const moto = await startMoto(() => {});
    assert.equal((await fetch(`${moto.endpoint}/moto-api/data.json`)).status, 200);
    await moto.close();
    assert.ok(await ends(moto.pid ?? 0));
  });

  it("leaves nothing behind when its parent is killed", async () => {
    const program = `require(${JSON.stringify(resolve(__dirname, "../../../sandbox/cloud/moto"))}).startMoto(() => {}).then((moto) => { console.log(moto.pid); setInterval(() => {}, 1000); });`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(text.toString());
    assert.ok(runs(pid));
    parent.kill("SIGKILL");
    assert.ok(await ends(pid));
  });

  it("takes the endpoint that the user names, starts it anew, and leaves it running", async () => {
    const own = await startMoto(() => {});
    try {
      const moto = await startMoto(() => {}, { TOCSIN_AWS_ENDPOINT: `${own.endpoint}/` });
      assert.equal(moto.endpoint, own.endpoint);
      await moto.close();
      assert.ok(runs(own.pid ?? 0));
    } finally {
      await own.close();
    }
  });

  it("says in one sentence what is wrong with a named endpoint", async () => {
    await assert.rejects(
      startMoto(() => {}, { TOCSIN_AWS_ENDPOINT: "here" }),
      { name: "UsageError", message: /"here", which is no http or https URL/ },
    );
    await assert.rejects(
      startMoto(() => {}, { TOCSIN_AWS_ENDPOINT: "http://127.0.0.1:1" }),
      { name: "UsageError", message: /nothing answers there/ },
    );
  });

  it("without Python and without an endpoint, says what to do", async () => {
    const environment = { PATH: join(directory, "empty"), HOME: directory };
    await assert.rejects(
      startMoto(() => {}, environment),
      (error: Error) => {
        assert.equal(error.name, "UsageError");
        for (const way of ["pip or uv", "pip install", "TOCSIN_AWS_ENDPOINT"]) assert.ok(error.message.includes(way), way);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
});
