/**
 * What `tsc -b` does not build, for the time that the command takes to start: few modules instead of
 * many, and a validator beside the schema of every plugin. What each package is built from stands in
 * `build.json` of the command line.
 */
import { bundlePackage } from './build/bundle-package.ts';
import { stampOf } from './build/stamp.ts';
import { writeValidator } from './build/validator.ts';
import { packagesIn, put, root } from './workspace.ts';

for (const one of packagesIn().filter(({ manifest }) => manifest.private !== true)) {
  await bundlePackage(one);
  if (one.folder.startsWith('plugins/')) await writeValidator(one.folder);
}
put(`${root}/packages/cli/dist/build.json`, `${JSON.stringify(stampOf(new Date()))}\n`);
