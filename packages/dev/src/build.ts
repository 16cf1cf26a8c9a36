import { writeValidator } from './build/validator.ts';
/**
 * What `tsc -b` does not build: a validator beside the schema of every plugin, and YAML as one file.
 * Both are there for the time that the command takes to start.
 */
import { vendorYaml } from './build/vendor-yaml.ts';
import { packagesIn } from './workspace.ts';

for (const { folder } of packagesIn().filter(({ folder }) => folder.startsWith('plugins/'))) {
  await writeValidator(folder);
}
await vendorYaml();
