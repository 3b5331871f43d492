import { bundleModule } from "../components/handler-bundle";
(async () => { for (const f of ["sweep","sweep-place"]) console.log(f, Buffer.byteLength(await bundleModule(`export { createHandler } from "./functions/${f}";`, "/work/main"))); })();
