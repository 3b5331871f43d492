import * as pulumi from "@pulumi/pulumi";
import { bundleHandler } from "../components/handler-bundle";
import { handlers, HANDLERS_FOLDER } from "../components/handlers";
async function main(){
for (const [n,h] of Object.entries(handlers)) { try {
const t=Date.now();
const c = await pulumi.runtime.serializeFunction(h as never, {exportName:"handler", isFactoryFunction:true} as never);
const b = await bundleHandler(c.text, HANDLERS_FOLDER);
console.log(n, b.length, require("zlib").gzipSync(b).length, Date.now()-t);
if (n==="redeliver") { require("fs").writeFileSync("/tmp/h/redeliver.js", b); console.log(c.text); }
} catch(e) {console.log(n, String((e as Error).message).slice(0,300))} }
}
main();
