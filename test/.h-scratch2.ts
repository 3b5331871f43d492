import { build } from "esbuild";
async function main(){
const r=await build({stdin:{contents:`export { createHandler } from "./functions/${process.argv[2]}"`,resolveDir:"/work/main"},bundle:true,minify:true,platform:"node",target:"node24",format:"cjs",write:false,mainFields:["module","main"],metafile:true,legalComments:"none"});
const o=Object.values(r.metafile.outputs)[0]!.inputs;const g:Record<string,number>={};
for(const [k,v] of Object.entries(o)){const p=k.replace(/^node_modules\//,"").replace(/dist-es\/(submodules\/[^/]+\/[^/]*|models|schemas|endpoint|[^/]*).*/,"$1"); g[p]=(g[p]??0)+v.bytesInOutput;}
console.log(r.outputFiles[0]!.contents.length); console.log(Object.entries(g).sort((a,b)=>b[1]-a[1]).slice(0,50).map(x=>x.join(" ")).join("\n"));
}
main();
