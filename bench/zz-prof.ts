import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { openMultiStore } from "@tacit/store";
const dir = "/tmp/prof-store"+process.pid;
const N = Number(process.argv[2]); const fsync = process.argv[3] !== "nosync"; const keep=process.argv[4];
const stores = openMultiStore({directory:dir, storeNames:["bank"], fsync, ...(process.env.NC?{nodeCacheBytes:Number(process.env.NC)}:{}), ...(keep?{keepVersions:Number(keep)}:{})});
const keyOf=(i:number)=>new Uint8Array(createHash("sha256").update(String(i)).digest().subarray(0,28));
const cpu=()=>{const u=process.cpuUsage(); return (u.user+u.system)/1000;};
let t=cpu();
for(let f=0;f<N;f+=50000){ const b=stores.branch(); const s=b.kvStore("bank"); for(let i=f;i<Math.min(N,f+50000);i++) s.set(keyOf(i), new Uint8Array(24).fill(i)); b.write(); stores.commit(); }
console.log('filled cpu',(cpu()-t)|0);
const sum=[0,0,0,0]; const R=20;
for(let c=0;c<R;c++){
 const keys=[]; for(let i=0;i<6000;i++) keys.push(keyOf((Math.random()*N)|0));
 const t0=cpu(); const b=stores.branch(); const s=b.kvStore("bank"); for(let i=0;i<6000;i++){ const br=b.branch(); const k=br.kvStore("bank"); const v=k.get(keys[i]!); k.set(keys[i]!, new Uint8Array(24).fill(v![0]!+i)); br.write(); } const t1=cpu(); b.write(); const t2=cpu(); stores.workingHash(); const t3=cpu(); stores.commit(); const t4=cpu(); [t1-t0,t2-t1,t3-t2,t4-t3].forEach((x,i)=>{sum[i]!+=x/R});
}
console.log('cpu ms: exec apply hash commit',sum.map(x=>x.toFixed(1)).join(' '),'total',sum.reduce((a,b)=>a+b).toFixed(1));
await stores.close(); rmSync(dir,{recursive:true});
