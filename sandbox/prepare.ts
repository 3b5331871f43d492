import { startMoto } from "./cloud/moto";
import { Lifetime } from "./lifetime";
import { screenOn } from "./terminal/screen";
import { Steps } from "./terminal/steps";

/** Makes sure that the emulated AWS API can start, fetching it on first use, so that nobody who needs it soon has to wait in the middle of something else. */
void new Lifetime(process).run(async () => {
  const steps = new Steps(screenOn(process.stdout, process.env));
  steps.begin("finding the emulated AWS API");
  const moto = await startMoto(steps.begin);
  await moto.close();
  steps.end();
  return 0;
});
